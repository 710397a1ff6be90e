"""Questions about when: the day, the month, the hour or how often a statement says something happens."""

from __future__ import annotations

import re
from collections.abc import Callable

from data.grammar_clauses import Clause

_MONTH = (
    "january february march april may june july august september october november december jan "
    "feb mar apr jun jul "
    "aug sep sept oct nov dec"
).replace(" ", "|")
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
_TAIL = re.compile(
    rf"^(?P<rest>.*?)\s?\b(?P<when>(?:on|every|each|in|at|by|until|since|from|next|this|during) (?:the )?"
    rf"(?:(?:{_MONTH})\b.*|\d{{1,2}}(?:st|nd|rd|th)?(?:-\d{{1,2}})? (?:{_MONTH})\b.*|{_DAY}\b.*|\d{{4}}|"
    rf"\d{{1,2}}(?:[:.]\d\d)? ?(?:am|pm|o'clock)?|(?:early |late )?(?:spring|summer|autumn|winter)|"
    rf"(?:other )?(?:morning|evening|night|afternoon|week|month|year|weekend|day)s?\b(?! \d+$).*|end of .*)"
    rf"|(?:once|twice|(?:two|three|four|five|\d+) times) (?:a|an|every) \w+)$",
    re.IGNORECASE,
)


# Without "am" a number may as well be an age ("had a bypass at 49").
_CLOCKED = frozenset("start begin finish end open close leave arrive".split())


def split_time(rest: str) -> tuple[str, str]:
    """The rest of a clause without the time at its end, and that time, empty when there is none."""
    match = _TAIL.match(rest)
    return (match["rest"].strip(" ,"), match["when"]) if match else (rest, "")


def hours(rest: str) -> bool:
    """Whether working "from 10pm til 6" is told."""
    return bool(re.match(r"from \d{1,2}(?:[:.]\d\d)? ?(?:am|pm)? ?(?:til|till|to|until|-)", rest))


def time_asks(
    clause: Clause,
    rest: str,
    when: str,
    own: Callable[[str, str], None],
    verb: Callable[[str, str, str], None],
) -> None:
    """Questions about the time of a clause, and what happens at that time."""
    low = when.lower()
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
    elif re.match(r"at \d", low) and (re.search(r"[ap]m|[:.]|o'clock", low) or clause.base in _CLOCKED):
        own("what time", rest)
    if low.startswith(("every ", "each ", "once ", "twice ")) or "times" in low:
        own("how often", rest)
    repeated = low.startswith(("every ", "each ", "on ")) and re.search(rf"\b{_DAY}\b|every|each", low)
    doing = clause.base and not clause.copula and clause.base != "be" and not clause.aux and rest
    if doing and repeated:
        verb("what", "do", when)
