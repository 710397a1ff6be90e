"""Questions from what was told back to whom or what it belongs to: "Who is Imke?", "What is on 4 May?".

Pure functions of the parts of a statement; nothing here knows what a dream is.
"""

from __future__ import annotations

import re

from data.grammar import is_person, role_of, somebody
from data.grammar_asking import Asking
from data.grammar_clauses import Clause, parse
from data.grammar_gaps import complex_rest
from data.grammar_natural_names import bears_a_name, proper
from data.grammar_natural_times import split_time
from data.grammar_professions import profession
from data.grammar_questions import Ask, wh
from data.grammar_slots import of_clause
from data.grammar_ties import CHRISTENED, connections, firm, own_name, shorter, tied, worded
from data.grammar_variants import aimless, simpler
from data.grammar_who import circles, related
from data.lexicon import COLOURS, THINGS
from data.lexicon_verbs import kinds, third
from data.synonyms import PLANTS, kind_of

_NAMED = re.compile(r"(?:the )?[A-Z][\w'’&.-]*(?: (?:of|the|and|[A-Z][\w'’&.-]*))*")
_MINE = re.compile(r"\b(?:my|me|our|us|myself|I)\b")
_TIED = frozenset("employer town origin favourite".split())
_WORK = re.compile(rf"(?:re)?(?:reading|watching) (?P<name>{_NAMED.pattern})")
# Names that people go by themselves, so that they are asked for as people.
_ALIAS = re.compile(
    r"\b(?:nickname|username|alias|pseudonym|handle|(?:skate|stage|pen|pet|user|screen|trail|maiden|artist|code)"
    r"[ -]name)$"
)
_PLACED = frozenset("stand sit hang lie".split())
_BLAND = frozenset(
    "be have get do go make know think feel need want hope plan become seem use say let".split()
)


def backward(subject: str, relation: str, value: str, statement: str) -> list[Ask]:
    """The reversed questions of a memory; those a person would ask first are first."""
    if relation == "name":
        return _named(subject, value) if subject != "I" else own_name(value)
    if relation == "is" and value.startswith("called ") and subject != "I":
        return _named(subject, value.removeprefix("called "))
    if relation == "birthday" or relation == "is" and subject == "my birthday":
        day = f"on {value.removeprefix('on ')}"
        return [
            Ask(f"Whose birthday is {day}?", f"whose birthday is {day}"),
            Ask(f"What is {day}?", f"what is {day}"),
        ]
    clause = parse(statement)
    if clause is None or clause.lead:
        return []
    if clause.negative:
        return _unable(clause)
    happened = [ask for one in (clause, *aimless(clause)) for ask in _at_a_time(one)]
    # What goes on once is no habit: "I am running the marathon in April".
    plainer = [one for one in simpler(clause) if not (clause.copula and split_time(one.rest)[1])]
    forms = tuple(dict.fromkeys((clause, *aimless(clause), *plainer, *shorter(clause))))
    if subject == "I":
        mine = [ask for one in forms for ask in _mine(one)]
        return list(dict.fromkeys([*_ties(clause, relation, value), *tied(clause), *happened, *mine]))
    theirs = [ask for one in forms for ask in _theirs(one)]
    said = _said_to_be(clause, relation)
    return list(dict.fromkeys([*said, *_event(clause), *happened, *theirs, *tied(clause)]))


def _named(subject: str, value: str) -> list[Ask]:
    somebody = is_person(subject) or profession(f"a {subject.split()[-1]}") or bool(circles(subject))
    theirs = "'s " in subject and not bears_a_name(subject) and subject.split()[-1] not in THINGS
    word = "Who" if somebody or kind_of(subject) == "pet" or theirs else "What"
    low = word.lower()
    be = "are" if word == "What" and bears_a_name(subject) and re.match(r"[Tt]he .*s$", value) else "is"
    asks = [Ask(f"{word} {be} {value}?", f"{low} {value} {be}")]
    if somebody:
        asks += [
            Ask(f"Who is {value} to me?", f"who {value} is to me"),
            Ask(f"Who is called {value}?", f"who is called {value}"),
            Ask(f"Who do I mean by {value}?", f"who I mean by {value}"),
            Ask(f"What is my connection to {value}?", f"what my connection to {value} is"),
            Ask(f"How do I know {value}?", f"how I know {value}"),
            *related(value, subject),
        ]
    else:
        asks.append(Ask(f"What {be} {value} to me?", f"what {value} {be} to me"))
        asks.append(Ask(f"What did I say {value} {be}?", f"what I said {value} {be}"))
        asks.append(Ask(f"Who or what {be} {value}?", f"who or what {value} {be}"))
        if kind_of(subject) == "pet" or subject.split()[-1] in CHRISTENED:
            asks.append(Ask(f"What have I called {value}?", f"what I have called {value}"))
    if kind_of(subject) == "pet":
        asks.append(Ask(f"What kind of animal is {value}?", f"what kind of animal {value} is"))
        asks.append(Ask(f"Which of my pets is called {value}?", f"which of my pets is called {value}"))
    owned = re.match(r"(?:my|our) [\w\s-]+'s ([a-z -]+)$", subject)
    if owned:
        asks.append(Ask(f"Whose {owned[1]} is {value}?", f"whose {owned[1]} {value} is"))
    return asks


def _ties(clause: Clause, relation: str, value: str) -> list[Ask]:
    """What a place, a firm or a thing with a name has to do with the person."""
    names = [value] if relation in _TIED and _NAMED.fullmatch(value) else []
    if not names and ({"employer", "town"} & set(of_clause(clause))):
        found = re.search(rf"\b(?:at|for|in) ({_NAMED.pattern})", clause.rest)
        names = [found[1]] if found else []
    whole = _NAMED.fullmatch(split_time(clause.rest)[0]) if not clause.aux else None
    names = names or ([whole[0]] if whole and clause.base not in {"speak", "be", "have"} else [])
    work = _WORK.fullmatch(clause.rest) if clause.aux == "am" else None
    if work:
        names = [work["name"]]
    firms = firm(names[0]) if names and (relation == "employer" or "employer" in of_clause(clause)) else []
    return (
        [Ask(f"What is {name}?", f"what {name} is") for name in names if work]
        + [ask for name in names for ask in connections(name)]
        + firms
    )


def _mine(clause: Clause) -> list[Ask]:
    """ "Who plays the bagpipes?" of something the person does."""
    rest = clause.rest
    unfit = not rest and not clause.base or "," in rest or _MINE.search(rest) or complex_rest(clause)
    if clause.subject != "I" or unfit or len(rest.split()) > 7:
        return []
    also = clause.adverbs in {"also", "just", "even", "still", "only"}
    adverbs = f"{clause.adverbs} " if clause.adverbs and not also else ""
    if clause.copula:
        if clause.aux != "am" or not re.match(r"(?:an? |the |from |allergic |learning |into )", clause.rest):
            return []
        said = f"is {adverbs}{clause.rest}"
    elif clause.tense == "base" and clause.base not in _BLAND:
        said = f"{adverbs}{third(clause.base)} {clause.rest}".strip()
    elif clause.tense == "past" and clause.base not in _BLAND:
        said = f"{adverbs}{clause.verb} {clause.rest}".strip()
    else:
        return []
    return [Ask(f"Who {one}?", f"who {one}") for one in worded(clause, said)]


def _yearless(when: str) -> str:
    """A date without its year, as one asks for a day to come ("on 19 June")."""
    return re.sub(r"(?<=[a-z]) (?:19|20)\d\d$", "", when)


def _event(clause: Clause) -> list[Ask]:
    """What happens at a time ("What is on 4 May?", "What starts at 5am?")."""
    rest, when = split_time(clause.rest)
    if clause.copula and not when:
        rest, when = split_time(f"on {clause.rest}") if clause.rest[:1].isdigit() else (rest, when)
    if not when or is_person(clause.subject):
        return []
    full, when = when, _yearless(when)
    if clause.copula and not rest and when.startswith(("on ", "in ")):
        return [
            Ask(f"What {clause.aux} {when}?", f"what {clause.aux} {when}"),
            Ask(f"What do I have {when}?", f"what I have {when}"),
            Ask(f"What happens {when}?", f"what happens {when}"),
            Ask(f"What {clause.aux} {full}?", f"what {clause.aux} {full}"),
        ]
    if clause.tense == "third" and not rest and kind_of(clause.subject) != "pet":
        asks = [Ask(f"What {clause.verb} {when}?", f"what {clause.verb} {when}")]
        dated = when.startswith(("on ", "in ")) and "every" not in when
        return [*asks, Ask(f"What happens {when}?", f"what happens {when}")] if dated else asks
    return []


def _unable(clause: Clause) -> list[Ask]:
    """ "Who can't swim?" of what somebody cannot do."""
    somebody = clause.subject == "I" or is_person(clause.subject)
    if clause.aux != "can" or not somebody or _MINE.search(clause.rest) or complex_rest(clause):
        return []
    said = f"can't {clause.verb} {clause.rest}".strip()
    return [Ask(f"Who {said}?", f"who {said}")]


_SITE = re.compile(rf"(?:^|\s)(?P<site>(?:in|on|at) (?:(?:my|our|the) [a-z][a-z -]*|{_NAMED.pattern}))$")
_LASTING = re.compile(
    r"(?:^|\s)(?P<span>for (?:about |over |almost |nearly )?[\w-]+ (?:years|months|weeks|decades))$"
)
# What is done to a thing that is no longer as it was.
_ENDED = frozenset("sell lose break crash donate smash scrap trade damage".split())
_STILL = frozenset(
    "be have live own know want like love hate need seem feel belong come enjoy prefer miss dislike remember "
    "understand lack owe weigh see hear get find keep hope".split()
)


def _at_a_time(clause: Clause) -> list[Ask]:
    """What somebody did or does then, for so long or there: "What did I do for nine years?"."""
    to = Asking(clause)
    rest, when = split_time(clause.rest)
    when = _yearless(when) if not re.search(r" (?:from|with|to|at|for|because|and)\b", when) else ""
    base = clause.base
    if complex_rest(clause) or clause.subject not in {"I", "We"} and not is_person(clause.subject):
        return []
    lasting, site = _LASTING.search(clause.rest), _SITE.search(clause.rest)
    if clause.aux in {"have", "has"} and lasting and clause.verb == "been":
        doing = "gerund" in kinds(clause.rest.split()[0])
        to.own("what", f"doing {lasting['span']}" if doing else lasting["span"])
    if clause.aux or not base or base in _STILL:
        return to.asks
    if lasting and clause.tense == "past":
        to.verb("what", "do", lasting["span"])
    elif when and when.startswith(("on ", "in ", "at ", "last ")) and not clause.adverbs:
        to.verb("what", "do", when)
        if clause.tense == "past":
            to.said(f"What happened {when}?", f"what happened {when}")
        elif re.match(r"on \d", when):
            to.said(f"What happens {when}?", f"what happens {when}")
    elif site and not when and clause.tense == "base" and base not in {"work", "go", "stay"}:
        to.verb("what", "do", site["site"])
    if base in _ENDED and clause.tense == "past" and re.fullmatch(r"(?:the|my|our) [a-z -]+", rest):
        to.said(f"What happened to {rest}?", f"what happened to {rest}")
    return to.asks


def _said_to_be(clause: Clause, relation: str) -> list[Ask]:
    """What a value told of "my X" is: a number, a name, a make."""
    if not clause.copula or not clause.subject.lower().startswith(("my ", "our ")):
        return []
    rest, own = clause.rest, clause.subject
    be = clause.aux
    owner = re.fullmatch(r"(?:my|our|My|Our) (.+)'s name", own)
    if owner and proper(rest):
        past = Ask(f"Who {be} {rest}?", f"who {rest} {be}")
        return _named(f"my {owner[1]}", rest) if be == "is" else [past]
    role = role_of(own)
    if is_person(role) or kind_of(role) == "pet":
        several = be in {"are", "were"}
        one = "is" if several else be
        fit = len(rest.split()) <= 6 and "," not in rest and not _MINE.search(rest)
        return [Ask(f"Who {one} {rest}?", f"who {one} {rest}")] if fit else []
    if relation == "favourite" or own.endswith(" language"):
        fit = be == "is" and len(rest.split()) <= 3 and " and " not in rest and "," not in rest
        return [Ask(f"What is {rest} to me?", f"what {rest} is to me")] if fit else []
    if rest.isupper() and kinds(rest.lower()) or rest.lower() in COLOURS:
        return []
    if proper(rest) and not split_time(f"on {rest}")[1]:
        many = bears_a_name(own) and re.match(r"[Tt]he .*s$", rest)
        does = "are" if many and be == "is" else be
        asks = [Ask(f"What {does} {rest}?", f"what {rest} {does}")]
        if many or _ALIAS.search(own):
            asks.append(Ask(f"Who {does} {rest}?", f"who {rest} {does}"))
        return [Ask(f"What {does} {rest} to me?", f"what {rest} {does} to me"), *asks]
    if re.match(r"(?:about )?[£$€]?\d", rest) and not split_time(f"on {rest}")[1] and len(rest.split()) <= 4:
        return [Ask(f"What {be} {rest}?", f"what {be} {rest}")]
    return []


def _by_a_thing(clause: Clause) -> list[Ask]:
    """ "What faces the garden?" of what a thing or an animal does."""
    own = role_of(clause.subject)
    word = "Who" if kind_of(own) == "pet" else "What"
    several = clause.tense == "base" and not clause.aux
    does = (several or clause.tense in {"third", "past"}) and clause.base not in _BLAND and not clause.adverbs
    lone = 1 < len(clause.rest.split()) <= 6 and not _MINE.search(clause.rest) and not complex_rest(clause)
    if clause.copula or not does or not lone or split_time(clause.rest)[1]:
        return []
    said = f"{third(clause.base) if several else clause.verb} {clause.rest}"
    asks = [Ask(f"{word} {said}?", f"{word.lower()} {said}")]
    if clause.base in _PLACED and clause.tense != "past":
        asks.append(Ask(f"What do I have {clause.rest}?", f"what I have {clause.rest}"))
        asks.append(Ask(f"What do I keep {clause.rest}?", f"what I keep {clause.rest}"))
    return asks


def _theirs(clause: Clause) -> list[Ask]:
    if not somebody(clause.subject) and clause.subject.startswith("My "):
        return _by_a_thing(clause)
    found = [a for a in wh(clause) if a.question.startswith("Who ") and " I " not in a.question]
    bare = not clause.rest and (clause.tense != "third" or clause.base in _BLAND)
    unfit = clause.subject == "I" or not somebody(clause.subject) or bare or complex_rest(clause)
    if found or unfit or len(clause.rest.split()) > 8:
        return found
    if clause.aux in {"are", "were", "have", "do"} or clause.tense == "base":
        return []
    if clause.copula and (clause.rest.split()[-1] in PLANTS or split_time(clause.rest)[0] == ""):
        return []
    adverbs = "" if clause.adverbs in {"also", "just", "even", "still", "only"} else clause.adverbs
    said = " ".join(p for p in (adverbs, clause.aux, clause.verb, clause.rest) if p)
    return [Ask(f"Who {one}?", f"who {one}") for one in worded(clause, said)]
