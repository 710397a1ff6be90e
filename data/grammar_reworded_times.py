"""Other wordings of "when": the date, the day of the week, the month, the year or the hour that was told."""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar_clauses import capitalise
from data.grammar_questions import Ask
from data.lexicon import MONTH_NAMES, WEEKDAY_NAMES
from data.lexicon_verbs import gerund, kinds
from data.phrases import plural


def led(ask: Ask, old: str, new: str) -> Ask:
    """The question with other words in front ("When did I marry?" -> "In which year did I marry?")."""
    return worded(ask, f"{new}{ask.question[len(old) :]}", f"{new}{ask.indirect[len(old) :]}")


def worded(ask: Ask, question: str, indirect: str) -> Ask:
    """The question in other words, as sure of its answer as it was."""
    return replace(ask, question=capitalise(question), indirect=indirect)


MONTHS = "|".join(MONTH_NAMES)
DAYS = "|".join(WEEKDAY_NAMES)
_SPAN = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)? ?(?:-|–|to|and) ?\d{{1,2}}(?:st|nd|rd|th)? (?:{MONTHS})\b", re.IGNORECASE
)
_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?:{MONTHS})\b|\b(?:{MONTHS}) \d{{1,2}}(?:st|nd|rd|th)?\b"
    rf"(?! ?[ap]m)|\bthe \d{{1,2}}(?:st|nd|rd|th)\b",
    re.IGNORECASE,
)
_DAY = re.compile(rf"\b(?:{DAYS})s?\b", re.IGNORECASE)
_MONTH = re.compile(
    rf"\b(?:in|every|next|last|this)(?: early| late| mid)? (?:{MONTHS})\b(?! \d\d?\b)", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:in|of) (?:19|20)\d\d\b")
_CLOCK = re.compile(
    r"\bat (?:half past |quarter (?:to|past) )?(?:\d{1,2}[:.]\d\d|(?:\d{1,2}|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|noon|midnight)(?: o'clock)?(?=$|[.,]| on\b| in the\b| every\b))"
    r"|\b\d{1,2}(?:[:.]\d\d)? ?[ap]m\b"
)
# What lasts until a time, or is done by one, is not asked for with a bare "what day".
_BOUND = re.compile(r"\b(?:by|until|till|before|after|since|from|between|than)(?: the| about| next)? $")
_TIMES = {
    "dates": ("what dates", "on which dates"),
    "date": ("what date", "on which date", "what day", "on what date"),
    "weekdays": ("what days", "on which days", "which days of the week"),
    "weekday": ("what day", "on which day", "which day of the week"),
    "week": ("what week", "in what week"),
    "month": ("what month", "in which month"),
    "year": ("what year", "in which year"),
    "clock": ("what time", "at what time"),
}


def _times(statement: str) -> list[str]:
    """What sorts of time the statement tells, in the order people ask for them; none where one is unsure."""
    if re.search(r"\bweek(?:end)? of\b", statement):
        return ["week"] if " week of " in statement else []
    spans = list(_SPAN.finditer(statement))
    text = _SPAN.sub("", statement)
    dates, days, clocks = (list(p.finditer(text)) for p in (_DATE, _DAY, _CLOCK))
    months, years = list(_MONTH.finditer(text)), list(_YEAR.finditer(text))
    found = [*spans, *dates, *days, *months, *years, *clocks]
    unsure = any(_BOUND.search(text[: m.start()]) for m in [*dates, *days, *months, *years, *clocks])
    if unsure or any(len(group) > 1 for group in (spans, dates, months, years, clocks)) or not found:
        return []
    kinds_told = (
        [("dates", spans), ("date", dates)] if spans or dates else [("month", months), ("year", years)]
    )
    several = len(days) > 1 or bool(days) and " and " in text[days[0].end() - 1 : days[0].end() + 5]
    return [
        *(kind for kind, told in kinds_told if told),
        *(["weekdays" if several else "weekday"] if days and not dates and not spans else []),
        *(["clock"] if clocks else []),
    ]


def _unknown_time(question: str) -> list[str]:
    """The sort of time that fits a question nobody answered."""
    if re.search(r"\b(?:start|end|open|close|begin|finish)\?$", question) and " did " not in question:
        return ["clock"]
    return ["year"] if question.startswith(("When did ", "When was ")) else ["date"]


def when(ask: Ask, statement: str) -> list[Ask]:
    """ "On which date", "what day" or "what time" for "when", as the time that was told allows."""
    if not re.match(r"When (?:is|are|am|was|were|do|does|did|have|has|will)\b", ask.question):
        return []
    if _times(f"{ask.question[:-1]}."):
        return []
    sorts = _times(statement) if statement else _unknown_time(ask.question)
    found = [led(ask, "when", words) for sort in sorts for words in _TIMES[sort]]
    due = re.fullmatch(r"When is (?P<what>my [\w' -]+)\?", ask.question)
    if due and "date" in sorts and not re.search(r" (?:due|coming|\w+ing)$", due["what"]):
        found.insert(2, worded(ask, f"what is the date of {due['what']}?", f"the date of {due['what']}"))
    return found


# What is fixed in a calendar is said in the simple present as well as in the progressive.
_SCHEDULED = frozenset(
    "fly leave travel go start move arrive retire return finish graduate marry close open end begin play "
    "perform depart sail".split()
)
_TO_COME = re.compile(
    r"When (?P<do>do|does|am|is|are) (?P<who>I|we|my [\w' -]+?) (?P<verb>[a-z]+)(?P<rest>\b.*)\?$"
)


def to_come(ask: Ask, statement: str) -> list[Ask]:
    """ "When will I retire?" for "When do I retire?", where a day to come was told."""
    found = _TO_COME.match(ask.question)
    if not found or not {"date", "dates"} & set(_times(statement)) or re.search(r"\bevery\b", statement):
        return []
    who, verb, rest = found["who"], found["verb"], found["rest"]
    base = verb if found["do"] in {"do", "does"} else kinds(verb).get("gerund", "")
    if base not in _SCHEDULED or not re.search(rf"\b{verb}\b|\b{base}e?s\b", statement):
        return []
    be = "am" if who == "I" else "are" if who == "we" or plural(who) else "is"
    going = gerund(base)
    return [
        one
        for one in (
            worded(ask, f"when will {who} {base}{rest}?", f"when {who} will {base}{rest}"),
            worded(ask, f"when {be} {who} {going}{rest}?", f"when {who} {be} {going}{rest}"),
        )
        if one.question != ask.question
    ]


_EVERY = re.compile(rf"\b(?:every|on) (?P<day>{DAYS})(?P<s>s?)(?=\?$)", re.IGNORECASE)
_TIMES_A = re.compile(r"\b(?:once|twice|[\w-]+ times) (?:a|an|every|per) (?P<unit>day|week|month|year)\b")


def repeated(ask: Ask, statement: str) -> list[Ask]:
    """ "On Fridays" for "every Friday", and "how many times a week" for "how often"."""
    day, often = _EVERY.search(ask.question), _TIMES_A.search(statement)
    if day and (day[0].startswith("every") or day["s"]):
        other = f"on {day['day']}s" if day[0].startswith("every") else f"every {day['day']}"
        return [worded(ask, ask.question.replace(day[0], other), ask.indirect.replace(day[0], other))]
    if often and ask.question.startswith("How often "):
        return [led(ask, "how often", f"how many times a {often['unit']}")]
    return []
