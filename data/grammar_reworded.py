"""Other wordings of a question that mean the same: "What have I got?" beside "What do I have?".

Pure functions of a question and of the statement that answers it. What nobody told is reworded by the same
function without a statement, so that no wording comes to mean that there is an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

from data.grammar import is_person, is_pet, possessive, somebody
from data.grammar_questions import Ask
from data.grammar_reworded_times import DAYS, MONTHS, led, repeated, to_come, when, worded
from data.grammar_types import names_a_town
from data.lexicon_verbs import kinds, past
from data.phrases import odd, plural
from data.synonyms import COUNTRIES, SAME_THING

# A memory gets only so many views: what is asked in many ways already needs few more, and each way views.
_FEWEST, _WAYS = 3, 12


def reworded(asks: Sequence[Ask], statement: str = "") -> list[Ask]:
    """Further questions of the same meaning, the plainest first; `statement` is empty where nothing was told.

    A statement that tells no day is not asked for one; whoever calls checks what else it must fit.
    """
    usual = [ask for ask in asks if not odd(ask.question)]
    by_rule = [_in_turn([rule(ask, statement) for ask in usual]) for rule in _RULES]
    known = {ask.question for ask in asks}
    others = {one.question: one for one in _in_turn(by_rule) if one.question not in known}
    return list(others.values())[: max(_FEWEST, _WAYS - len(asks))]


def _in_turn(groups: Sequence[Sequence[Ask]]) -> list[Ask]:
    """The first of each group, then the second of each."""
    return [ask for row in zip_longest(*groups) for ask in row if ask is not None]


def _swapped(ask: Ask, old: str, new: str) -> list[Ask]:
    """The question with one word for another wherever it stands; none where it stands nowhere."""
    pattern = rf"(?<![\w-]){old}(?![\w-])"
    question, count = re.subn(pattern, new, ask.question)
    return [worded(ask, question, re.sub(pattern, new, ask.indirect))] if count else []


_KIND = re.compile(
    r"(?P<in>In )?(?P<which>[Ww]hich|[Ww]hat) (?P<noun>(?:[a-z'-]+ ){1,3}?)"
    r"(?:do|does|did|am|is|are|was|were|have|has|had|can|can't|don't|doesn't|would|will) "
)
# Of these people have one among several they know of; "which music" would ask them to choose.
_CHOSEN = frozenset(
    "instrument car vehicle language subject team dance game sport craft position phone laptop camera bike "
    "motorbike console tablet watch breed condition illness allergy medicine medication country nationality "
    "city town school university college book colour month year week train ferry bus licence gym club choir "
    "band bank street road island church company pet hobby programme make brand field part".split()
)
# Said with "which" or with "what", yet not with both.
_ONE_WORD = frozenset("one of person people kind sort type time date day days employer place".split())


def _twin(ask: Ask, statement: str) -> list[Ask]:
    """ "What instrument do I play?" for "Which instrument do I play?", and the other way round."""
    found = _KIND.match(ask.question)
    # "Which knee is torn?" asks for its own subject, of which there are known to be two.
    if not found or ask.indirect == ask.question[:1].lower() + ask.question[1:].rstrip("?"):
        return []
    words, which = found["noun"].split(), found["which"].lower()
    if words[0] in _ONE_WORD:
        return []
    mine = f"my {words[-1]}"
    if which == "what" and not _one_of_several(words[-1]) or words[-1] in _ONE_WORD or is_person(mine):
        return []
    front = "in " if found["in"] else ""
    return [led(ask, f"{front}{which}", f"{front}{'what' if which == 'which' else 'which'}")]


def _one_of_several(noun: str) -> bool:
    return noun in _CHOSEN or noun.removesuffix("s") in _CHOSEN


def _where(ask: Ask, statement: str) -> list[Ask]:
    """The town or the country for "where" one comes from, a town for a city, "based" for "live"."""
    place = re.search(r"\bfrom (?P<place>(?:the )?[A-ZÀ-Þ][\w'-]*(?: [A-ZÀ-Þ][\w'-]*)*)(?=$|[.,])", statement)
    found = []
    if place and re.match(r"Where (?:am|is|are|do|does) .* from\?$", ask.question):
        land = place["place"].lower().split()[-1] in COUNTRIES
        nouns = ("country",) if land else ("town", "city") if names_a_town(place["place"]) else ()
        found += [led(ask, "where", f"which {noun}") for noun in nouns]
    for old, new in (("town", "city"), ("city", "town")):
        if re.match(rf"(?:In )?(?:which|what) {old} ", ask.question, re.IGNORECASE):
            found += _swapped(ask, old, new)
    home = re.fullmatch(r"Where (?P<do>do|does) (?P<who>.+) live\?", ask.question)
    if home and (not statement or re.search(r"\b(?:in|at) (?:the )?[A-ZÀ-Þ]", statement)):
        be = "am" if home["who"] == "I" else "is" if home["do"] == "does" else "are"
        found.append(worded(ask, f"where {be} {home['who']} based?", f"where {home['who']} {be} based"))
    return found


_HAVING = re.compile(
    r"(?P<what>(?:What|Which|How many) (?!name |time |day |date |colour )(?:[a-z'-]+ ){0,3}?"
    r"(?P<noun>[a-z'-]+ ))(?P<do>do|does) (?P<who>.+) (?:have|own)\?"
)


def _owned(noun: str) -> bool:
    return (
        _one_of_several(noun) or is_pet(f"my {noun}") or noun in {"hair", "eyes", "degree", "account", "job"}
    )


def _got(ask: Ask, statement: str) -> list[Ask]:
    """ "What car have I got?" for "What car do I have?"."""
    found = _HAVING.fullmatch(ask.question)
    if not found or not found["what"].startswith("How many ") and not _owned(found["noun"].strip()):
        return []
    what, who = found["what"], found["who"]
    have = "has" if found["do"] == "does" else "have"
    return [worded(ask, f"{what}{have} {who} got?", f"{what[0].lower()}{what[1:]}{who} {have} got")]


_YEARS = re.compile(r"\bfor (?:about |over |almost |nearly )?[\w-]+(?: [\w-]+)? years\b")


def _measure(ask: Ask, statement: str) -> list[Ask]:
    """Other words for how long, how much, how big and how old something is."""
    question = ask.question
    found = []
    if re.match(r"How long (?:have|has|had|did) ", question):
        found.append(led(ask, "how long", "for how long"))
        found += [led(ask, "how long", "how many years")] if _YEARS.search(statement) else []
    if re.match(r"How much (?:do|does|did) .*\b(?:cost|earn|weigh|(?:pay|spend|owe) .+)\?", question):
        found.append(led(ask, "how much", "what"))
    sized = re.fullmatch(r"How big (?:is|are) (?P<what>.+)\?", question)
    if sized and not somebody(sized["what"]):
        found += [led(ask, "how big", words) for words in ("how large", "what size")]
    if question.startswith("What kind of "):
        found.append(led(ask, "what kind", "what sort"))
    aged = re.fullmatch(r"How (?P<long>old|tall) (?P<be>am|is|are) (?P<who>.+)\?", question)
    if aged:
        noun = {"old": "age", "tall": "height"}[aged["long"]]
        be = "are" if aged["be"] == "are" else "is"
        whose = (
            f"{'my' if aged['who'] == 'I' else possessive(aged['who'])} {noun}{'s' if be == 'are' else ''}"
        )
        found.append(worded(ask, f"what {be} {whose}?", f"what {whose} {be}"))
    of = re.fullmatch(r"What is (?P<who>my [\w' -]+?)'s (?P<noun>weight|height|age)\?", question)
    if of and not plural(of["who"]):
        asked, be = {"weight": ("how much", ""), "height": ("how tall", "is"), "age": ("how old", "is")}[
            of["noun"]
        ]
        who = of["who"]
        whole = f"{asked} {be} {who}?" if be else f"{asked} does {who} weigh?"
        found.append(worded(ask, whole, f"{asked} {who} {be or 'weighs'}"))
    return found


_BEST = re.compile(r"(?:What|Who) (?P<be>is|are) my favourite (?P<kind>(?:[a-z-]+ ){0,2}[a-z-]+)\?")


def _best(ask: Ask, statement: str) -> list[Ask]:
    """ "Which tea is my favourite?" for "What is my favourite tea?"."""
    found = _BEST.fullmatch(ask.question)
    if not found or re.search(r"\b(?:things?|parts?|to|about|that|for|in|on|of)\b", found["kind"]):
        return []
    asked = f"which {found['kind']} {found['be']} my favourite"
    return [worded(ask, f"{asked}?", asked)]


def _how_come(ask: Ask, statement: str) -> list[Ask]:
    """ "How come I sold my car?" for "Why did I sell my car?"."""
    if not ask.question.startswith("Why ") or not ask.indirect.startswith("why "):
        return []
    asked = f"how come {ask.indirect.removeprefix('why ')}"
    return [worded(ask, f"{asked}?", asked)]


_EVENT = re.compile(
    r"\bmy (?=(?:[a-z-]+ ){0,2}(?:appointment|exam|test|interview|conference|course|class|wedding|concert|"
    r"party|match|race|marathon|meeting|workshop|gala|festival|operation|surgery|flight|ceremony|tournament|"
    r"recital|audition|viewing|inspection|deadline|check-up|scan)s?\b(?! (?:of|partner)\b))"
)


def _the_event(ask: Ask, statement: str) -> list[Ask]:
    """ "When is the conference?" for "When is my conference?": what is due soon needs no owner."""
    if not re.match(r"(?:When|Where|What time) (?!do I have)", ask.question) or "'s " in ask.question:
        return []
    question, count = _EVENT.subn("the ", ask.question)
    return [worded(ask, question, _EVENT.sub("the ", ask.indirect))] if count == 1 else []


_ADJUNCT = re.compile(
    r"(?P<before>[\w'-]+) (?P<prep>at|in|with|for|on|to|from) (?:the )?"
    rf"(?!(?:{MONTHS}|{DAYS})\b)[A-ZÀ-Þ][\w'-]*(?: (?:of |the )?[A-ZÀ-Þ][\w'-]*)*"
)
_FROM = re.compile(r" from [A-ZÀ-Þ][\w'-]*(?: [A-ZÀ-Þ][\w'-]*)*(?= to [A-ZÀ-Þ])")
# Without where to or where, these still say all that is asked.
_WHOLE = frozenset(
    "emigrate emigrated immigrate immigrated relocate relocated retire graduate marry married".split()
)
_OF_THEMSELVES = frozenset("trip flight journey train ferry bus tour".split())


def _without_place(ask: Ask, statement: str) -> list[Ask]:
    """ "When did my cousin emigrate?" for "When did my cousin emigrate to Nelson?"."""
    if not re.match(r"(?:When|How long|How much) ", ask.question):
        return []
    if _FROM.search(ask.question):
        return [worded(ask, _FROM.sub("", ask.question), _FROM.sub("", ask.indirect))]
    found = list(_ADJUNCT.finditer(ask.question))
    if len(found) != 1 or not re.search(r"\bmy |\bI\b", ask.question[: found[0].start()]):
        return []
    before, prep = found[0]["before"], found[0]["prep"]
    owned = re.search(
        rf"\b(?:my|our) (?:[a-z-]+ )?{re.escape(before)}$", ask.question[: found[0].end("before")]
    )
    noun = (
        owned and not is_person(f"my {before}") and (prep not in {"to", "from"} or before in _OF_THEMSELVES)
    )
    if before not in _WHOLE and not noun:
        return []
    gone = found[0][0][len(before) :]
    return [worded(ask, ask.question.replace(gone, ""), ask.indirect.replace(gone, ""))]


_OF = re.compile(
    r"What is (?P<who>my [a-z -]+)'s (?P<what>(?:first |middle |last |maiden )?name|surname|nickname)\?"
)
_KEPT = re.compile(r"Where (?:do|did) I (?:keep|store|park|hide|put|leave) (?P<thing>(?:my|the) [\w' -]+)\?")
# Whom one has not always known.
_MET = re.compile(
    r"(?P<asked>When|Where|How) did (?P<who>my (?:best )?(?:wife|husband|partner|spouse|girlfriend|boyfriend|"
    r"fiancée?|friend|flatmate)(?: [A-Z][\w'-]+)?) and I meet(?P<rest>(?: .*)?)\?"
)


def _turned(ask: Ask, statement: str) -> list[Ask]:
    """The same turned round: the name of somebody, where a thing is that is kept, whom one met."""
    named, kept, met = (pattern.fullmatch(ask.question) for pattern in (_OF, _KEPT, _MET))
    if named:
        whole = f"the {named['what']} of {named['who']}"
        return [worded(ask, f"what is {whole}?", whole)]
    if kept and not re.search(r" (?:in|on|at|under|for|with|to|when)\b", kept["thing"]):
        be = "are" if plural(kept["thing"]) else "is"
        return [worded(ask, f"where {be} {kept['thing']}?", f"where {kept['thing']} {be}")]
    if met:
        asked, rest = met["asked"].lower(), met["rest"]
        return [worded(ask, f"{asked} did I meet {met['who']}{rest}?", f"{asked} I met {met['who']}{rest}")]
    return []


_DONE = re.compile(
    r"(?P<asked>(?:What|Which|Where|Who|Why|In which|In what)\b[\w' -]*?) (?:has|have) "
    r"(?P<who>I|we|my [\w' -]+?) (?P<verb>[a-z]+)(?P<rest>(?: .*)?)\?"
)
_LASTING = re.compile(r"\b(?:for|since|always|ever|never|already|yet|still|been|life|years)\b")
# What has been so still is.
_STATES = frozenset("have be get love like hate know want own live work wear need prefer believe".split())
_WANTED = re.compile(r"(?P<asked>.+?) (?P<do>do|does) (?P<who>I|we|my [\w' -]+?) want (?P<rest>to .+)\?")


def _in_another_tense(ask: Ask, statement: str) -> list[Ask]:
    """ "What did I start?" for "What have I started?", "would like to" for "want to"; "used to" as told."""
    found, wanted = _DONE.fullmatch(ask.question), _WANTED.fullmatch(ask.question)
    if wanted:
        asked, who, rest = wanted["asked"], wanted["who"], wanted["rest"]
        low = asked[:1].lower() + asked[1:]
        return [worded(ask, f"{asked} would {who} like {rest}?", f"{low} {who} would like {rest}")]
    if found and not _LASTING.search(statement):
        base = kinds(found["verb"]).get("participle", "")
        asked, who, rest = found["asked"], found["who"], found["rest"]
        if base and base not in _STATES:
            low = asked[:1].lower() + asked[1:]
            return [worded(ask, f"{asked} did {who} {base}{rest}?", f"{low} {who} {past(base)}{rest}")]
    used = re.search(r"\bused to (?P<verb>[a-z]+)\b", statement)
    if used and re.search(rf" did (?:I|we|my [\w' -]+) {used['verb']}\b", ask.question):
        verb = used["verb"]
        question = re.sub(rf"\b{verb}\b", f"use to {verb}", ask.question, count=1)
        return [worded(ask, question, re.sub(rf"\b{past(verb)}\b", f"used to {verb}", ask.indirect, count=1))]
    return []


def _same_thing(ask: Ask, statement: str) -> list[Ask]:
    """The question with the other common word for a thing ("flat" for "apartment")."""
    return [one for old, new in SAME_THING for one in _swapped(ask, rf"(?<=my ){old}", new)]


_RULES: tuple[Callable[[Ask, str], list[Ask]], ...] = (
    *(when, _where, _measure, _twin, _got, _without_place, _best, _the_event, to_come, repeated, _turned),
    *(_in_another_tense, _how_come, _same_thing),
)
