"""Questions about when: the day, the month, the hour or how often a statement says something happens."""

from __future__ import annotations

import re
from collections.abc import Callable

from data.grammar import is_person
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object
from data.lexicon import PREPOSITIONS
from data.lexicon_verbs import kinds

_MONTH = (
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul "
    "aug sep sept oct nov dec"
).replace(" ", "|")
_HOURS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_WEEKDAY = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAY = f"{_WEEKDAY}s?"
_TAIL = re.compile(
    rf"^(?P<rest>.*?)\s?\b(?P<when>(?:on|every|each|in|at|by|until|since|from|next|this|during) (?:the )?"
    rf"(?:(?:{_MONTH})\b.*|\d{{1,2}}(?:st|nd|rd|th)?(?:-\d{{1,2}})? (?:{_MONTH})\b.*|{_DAY}\b.*|\d{{4}}|"
    rf"\d{{1,2}}(?:[:.]\d\d)? ?(?:am|pm|o'clock)?|(?:early |late )?(?:spring|summer|autumn|winter)|"
    rf"(?:other |single )?(?:morning|evening|night|afternoon|week|month|year|weekend|day)s?\b"
    rf"(?! \d+$).*|end of .*)"
    rf"|at (?:half past |quarter (?:to|past) )?(?:{_HOURS}|noon|midnight|lunchtime|dawn)"
    r"|(?:before|after) (?:work|school|lunch|dinner|breakfast|bed|class|church|supper|tea)"
    rf"|(?:once|twice|(?:two|three|four|five|\d+) times) (?:a|an|every) \w+)$",
    re.IGNORECASE,
)

_ON_A_DAY = re.compile(rf"(?:every|on|each) (?P<day>{_WEEKDAY})s?", re.IGNORECASE)
_AT_A_PLACE = re.compile(r"^(?:in|at) (?:the |my )?[A-Z][\w' -]*$")

# Without "am" a number may as well be an age ("had a bypass at 49").
_CLOCKED = frozenset("start begin finish end open close leave arrive".split())


def split_time(rest: str) -> tuple[str, str]:
    """The rest of a clause without the time at its end, and that time, empty when there is none."""
    match = _TAIL.match(rest)
    return (match["rest"].strip(" ,"), match["when"]) if match else (rest, "")


def hours(rest: str) -> bool:
    """Whether working "from 10pm til 6" is told."""
    return bool(re.match(r"from \d{1,2}(?:[:.]\d\d)? ?(?:am|pm)? ?(?:til|till|to|until|-)", rest))


def where_weekly(clause: Clause, rest: str, when: str, own: Callable[[str, str], None]) -> None:
    """Where something is done on a day of the week ("I swim in the Derwent every Sunday")."""
    day = _ON_A_DAY.fullmatch(when)
    if day and clause.base and not clause.copula and _AT_A_PLACE.match(rest):
        own("where", f"on {day['day'].capitalize()}s")


def time_asks(
    clause: Clause,
    rest: str,
    when: str,
    own: Callable[[str, str], None],
    verb: Callable[[str, str, str], None],
) -> None:
    """Questions about the time of a clause, and what happens at that time."""
    low = when.lower()
    if low.startswith("since ") and (clause.aux in {"have", "has"} or clause.copula):
        own("since when", rest)
        if not clause.copula:
            own("how long", rest)
        return
    if low.startswith("from "):
        own("from when", rest)
        return
    own("when", rest)
    if re.search(rf"\b{_DAY}\b", low):
        own("which day", rest)
    elif "week of" in low:
        own("in which week", rest)
    elif re.search(rf"\b(?:{_MONTH})\b", low):
        dated = re.search(r"\d{1,2}\b(?!\d)|\d(?:st|nd|rd|th)\b", re.sub(r"\d{4}", "", low))
        own("what date" if dated else "in which month", rest)
    elif re.search(r"\b\d{4}\b", low):
        own("in which year", rest)
    elif _clocked(clause, low):
        own("what time", rest)
    if low.startswith(("every ", "each ", "once ", "twice ")) or "times" in low:
        own("how often", rest)
    repeated = low.startswith(("every ", "each ", "on ")) and re.search(rf"\b{_DAY}\b|every|each", low)
    doing = (
        clause.base and not clause.copula and clause.base not in {"be", "have"} and not clause.aux and rest
    )
    habit = re.match(r"(?:before|after|at) [a-z]", low) and clause.tense in {"base", "third"}
    if doing and (repeated or habit):
        verb("what", "do", when)
    _what_then(clause, rest, when, own)


def _clocked(clause: Clause, low: str) -> bool:
    """Whether a time is one of the clock and no age."""
    if re.match(r"at \d", low):
        return bool(re.search(r"[ap]m|[:.]|o'clock", low)) or clause.base in _CLOCKED
    spoken = re.match(rf"at (?:half|quarter|noon|midnight|(?:{_HOURS})$)", low)
    return bool(spoken) and clause.tense in {"base", "third"}


def _what_then(clause: Clause, rest: str, when: str, own: Callable[[str, str], None]) -> None:
    """ "What do I play on Thursdays?" of a thing and the time it is done at."""
    words = rest.split()
    doing = clause.copula and words and kinds(words[0]).get("gerund", "")
    thing = " ".join(words[1:]) if doing else rest
    base = doing or clause.base
    if not thing or not base or base in _OF_NO_THING or not names_an_object(thing):
        return
    if thing.split()[0].lower() in PREPOSITIONS | {"to", "up", "off", "out", "home"} or is_person(thing):
        return
    if clause.aux and not clause.copula or len(thing.split()) > 4 or thing.split()[-1] in PREPOSITIONS:
        return
    at = _yearless(when) if not when.startswith(("every", "each")) else when
    own("what", f"{words[0]} {at}" if doing else at)


def _yearless(when: str) -> str:
    """A day without its year, as one asks for what is to come ("on 19 June")."""
    return re.sub(r"(?<=\d [A-Z])([a-z]+) (?:19|20)\d\d$", r"\1", when)


_OF_NO_THING = frozenset(
    "be turn go come live move get stay work fly travel become see visit meet marry pick give start begin "
    "walk".split()
)
