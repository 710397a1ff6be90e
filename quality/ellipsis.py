"""What an answer leaves out and the question holds: its subject, its verb, the thing "it" stands for.

"Where do you "
"train?" - "run by the canal" says "I run by the canal". Only the frame comes from the assistant's
question; every word that tells something is the person's own.
"""

from __future__ import annotations

import re

from data.grammar_clauses import capitalise, parse
from data.lexicon import ADVERBS, DETERMINERS, KIN, PETS, PREPOSITIONS, STOPWORDS, THINGS
from data.lexicon_verbs import FORMS, kinds, past, third
from quality.discourse import Discourse
from quality.found import Found, Kind

_MY = re.compile(
    r"\b(?:my|our) (?P<noun>(?:[a-z-]+ ){0,2}?[a-z-]+)(?=[,.;!?]|$|'s\b| (?!and )[a-z]+)", re.IGNORECASE
)
_TASKS = frozenset(
    "story poem essay code cv resume letter email text script novel character project list speech app "
    "website question "
    "message draft bio song book game post homework report answer reply note caption paper presentation "
    "toast hero plot "
    "question idea function program file article screenplay sentence paragraph head mind".split()
)
_EVENTS = frozenset("race marathon exam test flight show match trip cruise wedding party interview".split())
_CLAUSAL = frozenset("i i'm we he she it they you is are was my how what can do does will".split())
_YES = re.compile(
    r"^(?:yes|yep|yup|yeah|ya|yah|aye|sure|indeed|correct|right|unfortunately yes|sadly yes)\b", re.I
)
_NO = re.compile(r"^(?:no|nope|nah|not|never|neither|none)\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:yes|yep|yup|yeah|ya|aye|no|nope|nah|well|oh|um|uh|er|hm+|sure|ok|okay|so|just|mostly|usually|"
    r"unfortunately|sadly|actually|lol|haha|right|mainly)\b[\s,.!:-]*)+",
    re.IGNORECASE,
)
_HABITS = frozenset(
    "work live cycle run swim train teach study walk commute bake cook sew knit volunteer rent share ride "
    "paint "
    "climb row freelance babysit care clean weld farm garden sing dance play drive speak own drink eat smoke "
    "collect hike sail ski fish coach nurse lodge board translate".split()
)
_THROUGH = (
    PREPOSITIONS
    | ADVERBS
    | DETERMINERS
    | frozenset("everywhere twice every mostly daily part full my our".split())
)
_ASKED_YOU = re.compile(
    r"\b(?:do|did|are|were|have|will|can|would|could) you\b|\byou(?:'re|'ve)? \w+|\byours?\b|^(?:why|since "
    r"when|how long|"
    r"and you|what about you)\b",
    re.IGNORECASE,
)
_SOMEONE = re.compile(
    r"\b(?:does|did|is|has|was|will|can)(?:n't)? (?P<who>he|she|it|they)\b|\b(?P<s>he|she|it)'s\b", re.I
)
_DOING = re.compile(
    r"\bwhat(?:'s| is| are) \S+(?: \S+)? doing\b|\bhow can i\b|\bwhat should\b|\bshall i\b|\bwould you "
    r"like\b",
    re.I,
)


def topic(discourse: Discourse) -> str:
    """The thing of the person's that was spoken of last, as they would call it; empty when there is none."""
    for said in reversed(discourse.said[-3:]):
        for match in reversed(list(_MY.finditer(said))):
            if re.match(r"'s |'s$| in[ -]law|s' ", said[match.end() :]):
                continue
            words = match["noun"].lower().split()
            while words and (words[-1] in FORMS and words[-1] not in THINGS | PETS and len(words) > 1):
                words.pop()
            if words and words[-1] not in STOPWORDS | _TASKS:
                return "my " + " ".join(words)
    return ""


_THEME = re.compile(
    r"\b(?:an?|the|any|my|our|which|best|good|new|first) (?P<noun>(?:[a-z-]+ )?[a-z-]{4,}?)(?= (?:in|on|for|"
    r"with|at|to|is|are|and|if|when|without|under|that|should|do|does|can|near|of)\b|[?.!,]|$)",
    re.IGNORECASE,
)


def theme(discourse: Discourse) -> str:
    """What the person's last message is about, as a thing of theirs, for "when's yours?"."""
    for said in reversed(discourse.said[-2:]):
        for match in reversed(list(_THEME.finditer(said))):
            words = match["noun"].lower().split()
            if not set(words) & (STOPWORDS | ADVERBS | _TASKS) and words[-1] not in FORMS.keys() - _EVENTS:
                return "my " + " ".join(words)
    return ""


def seen(rest: str, discourse: Discourse) -> str:
    """The rest of a question with the thing that its "it" stands for, where the person named one."""
    thing = topic(discourse)
    return re.sub(r"\b(?:it|that|this|them)\b", thing, rest, count=1) if thing else rest


def asked_of_me(question: str) -> bool:
    """Whether a question is about the person and not about what is to be done for them."""
    low = question.lower().strip(" ?")
    return not _DOING.search(low) and not _SOMEONE.search(low) and bool(_ASKED_YOU.search(low))


_AND_ALSO = re.compile(
    r"^(?:oh |ok |yes |yeah )*(?:and |plus )?(?:(?:also|plus) (?P<what>[\w' -]{3,30}?)|"
    r"and (?P<too>[\w' -]{3,30}?),? (?:too|as well))(?=[,.!]|$)",
    re.IGNORECASE,
)
_LISTABLE = re.compile(
    r"^(?P<lead>(?:.{0,40}\b)?(?:allergic to|intolerant to|like|love|hate|adore|enjoy|"
    r"can'?t (?:stand|eat|have)|don'?t (?:eat|like)|play|speak|collect|grow)s?) [^,.;!?]{2,30}$",
    re.IGNORECASE,
)


def continued(text: str, discourse: Discourse) -> str:
    """The person's last statement said of one more thing ("also mango"); empty when nothing is added."""
    match = _AND_ALSO.match(text.strip())
    said = _LISTABLE.match(discourse.said[-1].strip(" .!")) if match and discourse.said else None
    if not match or not said:
        return ""
    what = match["what"] or match["too"]
    words = what.lower().split()
    if len(words) > 4 or set(words) & _CLAUSAL or kinds(words[0]).keys() & {"base", "past"}:
        return ""
    return f"{said['lead']} {what}"


def restored(text: str, before: str, discourse: Discourse) -> str:
    """The first sentence of an answer with the subject its verb lacks; empty when it lacks none."""
    questions = re.findall(r"[^.!?\n]*\?", before[-400:])
    if not questions:
        return ""
    first = re.split(r"(?<=[.!?…])\s|\n", text.strip())[0]
    attached = _attached(questions[-1], first, discourse)
    if attached:
        return attached
    bare = _LEAD.sub("", first).strip(" .!")
    words = bare.split()
    if first.rstrip().endswith("?") or len(words) < 2 or "\x00" in first:
        return ""
    low, following = words[0].lower().strip(",'"), words[1].lower().strip(",")
    habit = low in _HABITS and following in _THROUGH
    return f"I {bare}" if habit and asked_of_me(questions[-1]) else ""


def _attached(question: str, answer: str, discourse: Discourse) -> str:
    """ "I start a new job" - "Where?" - "the harbour office": the person's statement with what was asked."""
    match = _ATTACHED.search(question.lower().replace("’", "'").strip(" ?"))
    if not match or not discourse.said or answer.endswith("?"):
        return ""
    said = _OPEN_STATEMENT.match(discourse.said[-1].rstrip(" .!,"))
    bare = _LEAD.sub("", answer).strip(" .!")
    words = bare.split()
    if not said or not words or len(words) > 12 or "?" in discourse.said[-1]:
        return ""
    clause = parse(capitalise(said["it"]))
    if clause is None or words[0].lower() in STOPWORDS - PREPOSITIONS - DETERMINERS - {"my"}:
        return ""
    head = words[0].lower().strip(",")
    if (
        head in KIN
        or kinds(head).keys() & {"base", "gerund"}
        and not words[0][:1].isupper()
        or bare.count(",") > 2
    ):
        return ""
    told = bool(re.search(r"\d", bare)) or words[0].lower() in PREPOSITIONS
    lead = "" if told and not match["wh"].endswith("long") else _LEADS.get(match["wh"], "")
    if words[0].lower() in PREPOSITIONS | {"every", "next", "last", "this", "tomorrow", "today", "all"}:
        lead = ""
    return f"{said['it']} {lead}{bare}"


_INVERTED = re.compile(
    r"(?:^|, |\b(?:and|so|but|or) )(?P<aux>do|does|did|are|is|were|was|have|has|can|will) "
    r"(?P<who>you|he|she|it|they|(?:your|the) (?:[a-z'-]+ )?[a-z'-]+|[a-z'-]+(?= [a-z]+ing\b)) "
    r"(?P<rest>(?:[a-z0-9'-]+ ?){1,7})$"
)
_POINTING = re.compile(r"\b(?:it|that|this|them|these|those|one|ones|there|here)\b")
_ANY = re.compile(r"^(?:one|any(?:thing|one|where)?|some(?:thing|one|where)?|any [a-z]+|some [a-z]+)$")
_WISHES = frozenset(
    "want need mean think prefer like know remember mind see say feel wish care agree looking thinking "
    "asking trying "
    "wondering enjoy".split()
)
_NOT_TOLD = re.compile(
    r"\b(?:for (?:you|someone|yourself|a (?:friend|story|character|gift))|yours?|yourself|in mind|sure|"
    r"ready|able to|ok|okay|fine|"
    r"serious|joking|kidding|curious|interested|comfortable|free|looking)\b"
)
_ALREADY = frozenset("already still ever also just usually often currently always really actually".split())
_ATTACHED = re.compile(
    r"(?:^|[,.!] |\b(?:and|but|so|oh|nice|great|lovely|cool|exciting|sorry)[,!.]? )(?P<wh>where(?: to| at| "
    r"exactly)?|whereabouts|"
    r"when(?: exactly)?|what (?:day|time|date)|(?:at|on) wh(?:at|ich) (?:day|time|date)|since when|"
    r"(?:for |since )?how long|how often|who with|with who|with whom|who (?:to|for)|to whom|for whom|as "
    r"what|in what|"
    r"where from|from where|what as)(?: (?:is|was|are|will) (?:it|that|this))?(?: (?:was|is) (?:it|that))?$"
)
_LEADS = {
    "where": "in ", "where to": "to ", "where at": "at ", "where exactly": "in ", "whereabouts": "in ",
    "who with": "with ",
    "with who": "with ", "with whom": "with ", "who to": "to ", "who for": "for ", "to whom": "to ",
    "for whom": "for ",
    "since when": "since ", "how long": "for ", "for how long": "for ", "as what": "as ", "what as": "as ",
    "where from": "from ", "from where": "from ",
}  # fmt: skip
_OPEN_STATEMENT = re.compile(
    r"^(?:so |ok |well |and |hey |hi |ugh |lol )*(?P<it>(?:i|i'm|im|i've|ive|we|we're|my|our)\b.+)$",
    re.IGNORECASE,
)
_WHEN_OR_WHERE = re.compile(
    r"^(?:\d|last|next|every|this|twice|once|since|most|all|daily|weekly|part|full|half)\b", re.IGNORECASE
)


def polar(question: str, text: str, value: str, discourse: Discourse) -> list[Found]:
    """What is told by "yes" and more to a question that needs no more than a yes."""
    low = question.lower().replace("’", "'").strip(" ?")
    if _NO.match(text.strip()) or not value:
        return []
    yes = bool(_YES.match(text.strip()))
    lead = value.split()[0].lower()
    placed = lead in PREPOSITIONS - {"as", "like", "about"} or bool(_WHEN_OR_WHERE.match(value))
    match = _INVERTED.search(low)
    if not match or _NOT_TOLD.search(match["rest"]) or not (yes or placed or value[:1].isupper()):
        return []
    who = _subject(match["who"], discourse)
    words = [w for w in match["rest"].split() if w not in _ALREADY] or [""]
    if not who or words[0] in _WISHES or match["who"] in {"it", "they"} and not yes:
        return []
    verb = _inflected(match["aux"], who, words)
    if not verb:
        return []
    rest = " ".join(words[1:])
    if _ANY.match(rest) or not rest and match["aux"] == "do":
        return _told(f"{who} {verb} {value}.")
    if not yes and not placed or words[:1] == ["a"] and not yes:
        return []
    thing = topic(discourse)
    if _POINTING.search(rest):
        if not thing:
            return []
        rest = _POINTING.sub(thing, rest)
    return _told(f"{who} {verb} {rest}".rstrip() + f"{' ' if placed else ', '}{value}.")


def _subject(who: str, discourse: Discourse) -> str:
    if who == "you":
        return "I"
    if who in {"he", "she", "it", "they"}:
        return discourse.meant(who) or topic(discourse)
    if who.startswith("your "):
        role = who.removeprefix("your ")
        return discourse.roles.get(role, f"my {role}")
    return discourse.named.get(who, "")


def _inflected(aux: str, who: str, words: list[str]) -> str:
    """The verb of a question as a statement about `who` has it; empty when there is none."""
    first = words[0]
    if aux in {"do", "does", "did"}:
        if "base" not in kinds(first) and first not in {"have", "do"}:
            return ""
        return past(first) if aux == "did" else first if who == "I" else third(first)
    own = (
        {"are": "am", "were": "was", "has": "have"}
        if who == "I"
        else {"have": "has", "are": "is", "were": "was"}
    )
    return f"{own.get(aux, aux)} {first}"


def _told(statement: str) -> list[Found]:
    clause = parse(statement)
    if clause is None or not clause.rest:
        return []
    statement = statement[:1].upper() + statement[1:]
    subject = "I" if clause.subject == "I" else clause.subject[:1].lower() + clause.subject[1:]
    kind: Kind = "fact"
    return [Found(subject, clause.relation, clause.rest, statement, kind, "", 0.7)]
