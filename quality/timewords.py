"""Relative and partial dates in chat text, resolved by calendar arithmetic from the local day.

"last Friday" means nothing a month later, so every memory is written with absolute dates. Knows
dates only; whether a sentence tells anything is decided elsewhere.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from data.lexicon import MONTH_NAMES, MONTHS, NUMBERS, WEEKDAY_NAMES, WEEKDAYS

_N = r"(\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a couple of|couple of)"
_LONG = f"({'|'.join(WEEKDAY_NAMES)})"
_MONTH = f"({'|'.join(MONTHS)})"
_SEASON = r"(spring|summer|autumn|fall|winter)"

# "My last year" is somebody's, and no date.
_NOBODYS = r"(?<!\bmy )(?<!\bour )(?<!\bhis )(?<!\bher )(?<!\btheir )(?<!\byour )"
_RELATIVE = re.compile(
    r"\b(?:(the day after tomorrow)|(the day before yesterday)|(tomorrow(?: (?:morning|afternoon|"
    r"evening|night))?)"
    r"|(yesterday(?: (?:morning|afternoon|evening|night))?)|(last night)|(tonight|this (?:morning|"
    r"afternoon|evening)|today))\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    rf"\b(?:(over|more than|about|around|almost|nearly|roughly) )?{_N} (day|week|month|year)s? ago\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(rf"\b(?:in|within) {_N} (day|week|month|year)s?(?:'? time)?\b(?! of)", re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?<!\ba )(?<!\bmy )(?<!\bour )"
    r"(?<!every )(?<!each )(?<!first )(?<!second )(?<!third )(?<!whit )(?<!easter )(?<!good )"
    r"\b(?:(on|this|next|last|(?<!is )(?<!are )(?<!'s )coming|since|until|by|from) )?"
    rf"(?:this |next |last |(?<!is )(?<!are )(?<!'s )coming )?{_LONG}"
    r"\b(?!s| schools?\b)",
    re.IGNORECASE,
)
_SPAN = re.compile(
    rf"\b(?<!the ){_NOBODYS}(next|last|this|past) (week|weekend|month|year)\b"
    r"(?! (?:was|is|will|were|has|of (?!January|February|March|April|May|June|July|August|September|October|"
    r"November|December)))(?!'s)",
    re.IGNORECASE,
)
_SEASONAL = re.compile(rf"\b(?:in )?{_NOBODYS}(next|last|this) {_SEASON}\b", re.IGNORECASE)
_MONTHLY = re.compile(rf"\b(next|last|this|in|since|until|by) {_MONTH}\b(?! \d| the)", re.IGNORECASE)
_DAY_MONTH = re.compile(
    rf"\b(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b\.?(?:,? (\d{{4}}))?", re.IGNORECASE
)
_MONTH_DAY = re.compile(
    rf"\b{_MONTH}\.? (?:the )?(\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (\d{{4}}))?", re.IGNORECASE
)
_DAY_ONLY = re.compile(
    r"\b(on|by|until|since) the (\d{1,2})(?:st|nd|rd|th)\b(?! of| \w*(?:floor|street))", re.IGNORECASE
)
_FUTURE = re.compile(
    r"\b(will|'ll|going to|next|start|starts|starting|coming|plan|planning|have to|has to|flying|"
    r"moving|leaving|due|"
    r"appointment|exam|interview|turns?|getting|meeting|visiting|running|playing)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(was|were|had|did|went|got|came|left|saw|bought|met|broke|lost|won|made|took|moved|started|"
    r"finished|ate|ran|"
    r"found|gave|told|fell|passed|visited|\w{3,}ed|since|ago|last)\b",
    re.IGNORECASE,
)
# What was passed, failed or held is over, though an exam alone is one to come.
_OVER = re.compile(
    r"\b(?:I|we|he|she|they) (?:\w+ly |just |already )?(?:passed|failed|sat|held|missed|finished|flunked|"
    r"aced|flew|swam|sold|caught|taught|fought)\b(?!.*\b(?:will|next|going to)\b)",
    re.IGNORECASE,
)
_ON_ON = re.compile(r"\b(on|by|until|since|from) (?:the )?(?:on) ")
_IN_IN = re.compile(r"\b(in) (in)\b")
# Every pattern of `resolve` needs one of these; most clauses hold none.
_DATED = re.compile(
    rf"\d|to(?:day|night|morrow)|yesterday|night|morning|afternoon|evening|ago\b|day|week|month|year|{_SEASON}|"
    rf"{_MONTH}",
    re.IGNORECASE,
)


def say(day: date, *, year: bool = True) -> str:
    """A date as a memory writes it ("14 September 2026")."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]}" + (f" {day.year}" if year else "")


def resolve(text: str, today: date) -> str:
    """The text with relative dates made absolute, seen from the local day it was written on."""
    absolute = _ANY_WEEKDAY.sub(lambda m: m[0].capitalize(), _absolute(text, today))
    return _DUE.sub("due on", absolute)


# "due 31 August", as people write and nobody asks.
_DUE = re.compile(rf"\bdue(?= \d{{1,2}} (?:{'|'.join(MONTH_NAMES)})\b)")
_ANY_WEEKDAY = re.compile(rf"\b{_LONG}s?\b", re.IGNORECASE)


def _absolute(text: str, today: date) -> str:
    if not _DATED.search(text):
        return _IN_IN.sub(r"\1", _ON_ON.sub(r"\1 ", text))
    future = (bool(_FUTURE.search(text)) or not _PAST.search(text)) and not _OVER.search(text)
    birthday = bool(
        re.search(r"birthday|born|anniversary|name day|every year|each year", text, re.IGNORECASE)
    )
    text = _DAY_MONTH.sub(lambda m: _dated(m[0], m[1], m[2], m[3], today, future, birthday), text)
    text = _MONTH_DAY.sub(lambda m: _dated(m[0], m[2], m[1], m[3], today, future, birthday), text)
    text = _DAY_ONLY.sub(lambda m: _day_of_month(m, today, future), text)
    text = _RELATIVE.sub(lambda m: _relative(m, today), text)
    text = _AGO.sub(lambda m: _ago(m, today), text)
    text = _AHEAD.sub(lambda m: _shift(m[0], m[1], m[2], today, 1), text)
    text = _SEASONAL.sub(lambda m: _season(m, today), text)
    text = _SPAN.sub(lambda m: _span(m, today), text)
    text = _WEEKDAY.sub(lambda m: _weekday(m, today, future), text)
    if not birthday:
        text = _MONTHLY.sub(lambda m: _month(m, today, future), text)
    return _IN_IN.sub(r"\1", _ON_ON.sub(r"\1 ", text))


def _number(word: str) -> int:
    word = word.lower()
    if "couple" in word:
        return 2
    return int(word) if word.isdigit() else NUMBERS.get(word, 1)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _dated(
    whole: str, day: str, month: str, year: str | None, today: date, future: bool, birthday: bool
) -> str:
    number = MONTHS[month.lower()]
    if month.lower() in {"may", "mar", "jan"} and month.islower() and not (1 <= int(day) <= 31):
        return whole
    if year:
        found = _safe(int(year), number, int(day))
        return say(found) if found else whole
    found = _safe(today.year, number, int(day))
    if not found:
        return whole
    if birthday:
        return say(found, year=False)
    if future and found < today:
        found = _safe(today.year + 1, number, int(day)) or found
    elif not future and found > today:
        found = _safe(today.year - 1, number, int(day)) or found
    return say(found)


def _day_of_month(match: re.Match[str], today: date, future: bool) -> str:
    base = today if (int(match[2]) >= today.day) == future else _add_months(today, 1 if future else -1)
    found = _safe(base.year, base.month, int(match[2]))
    return f"{match[1]} {say(found)}" if found else match[0]


def _relative(match: re.Match[str], today: date) -> str:
    offsets = (2, -2, 1, -1, -1, 0)
    offset = next(o for o, group in zip(offsets, match.groups(), strict=True) if group)
    return "on " + say(today + timedelta(days=offset))


def _ago(match: re.Match[str], today: date) -> str:
    said = _shift(match[0], match[2], match[3], today, -1)
    if not match[1] or said == match[0]:
        return said
    bare = re.sub(r"^(?:in|on) ", "", said)
    return ("before " if match[1].lower() in {"over", "more than"} else "around ") + bare


def _shift(whole: str, number: str, unit: str, today: date, sign: int) -> str:
    count, unit = _number(number) * sign, unit.lower()
    if abs(count) > 400 or (unit == "day" and number.lower() in {"a", "an"} and sign > 0):
        return whole
    if unit == "day":
        return "on " + say(today + timedelta(days=count))
    if unit == "week":
        return "on " + say(today + timedelta(weeks=count))
    if unit == "month":
        shifted = _add_months(today, count)
        return f"in {MONTH_NAMES[shifted.month - 1]} {shifted.year}"
    return f"in {today.year + count}" if today.year + count > 0 else whole


def _span(match: re.Match[str], today: date) -> str:
    step = {"next": 1, "last": -1, "past": -1, "this": 0}[match[1].lower()]
    unit = match[2].lower()
    monday = today - timedelta(days=today.weekday())
    if unit == "week":
        return f"in the week of {say(monday + timedelta(weeks=step))}"
    if unit == "weekend":
        return f"on the weekend of {say(monday + timedelta(days=5 + 7 * step))}"
    if unit == "month":
        shifted = _add_months(today, step)
        return f"in {MONTH_NAMES[shifted.month - 1]} {shifted.year}"
    return f"in {today.year + step}"


def _season(match: re.Match[str], today: date) -> str:
    months = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
    start = months[match[2].lower()]
    year = today.year
    if match[1].lower() == "last" and (today.month < start + 3):
        year -= 1
    if match[1].lower() == "next" and today.month >= start:
        year += 1
    return f"in {match[2].lower()} {year}"


def _month(match: re.Match[str], today: date, future: bool) -> str:
    word = match[1].lower()
    if match[2] in {"may", "mar", "jan", "dec"} and word not in {
        "in",
        "next",
        "last",
        "this",
        "since",
        "until",
        "by",
    }:
        return match[0]
    number = MONTHS[match[2].lower()]
    ahead = word in {"next", "until", "by"} or (word in {"in", "this"} and future)
    year = today.year
    if ahead and number < today.month:
        year += 1
    elif not ahead and number > today.month:
        year -= 1
    lead = "in" if word in {"next", "last", "this", "in"} else word
    return f"{lead} {MONTH_NAMES[number - 1]} {year}"


def _weekday(match: re.Match[str], today: date, future: bool) -> str:
    words = match[0].lower().split()
    target = WEEKDAYS[match[2].lower()]
    if len(words) == 1 and not match[1]:
        lead = "on"
    else:
        lead = words[0] if words[0] in {"since", "until", "by", "from"} else "on"
    ahead = (target - today.weekday()) % 7 or 7
    back = (today.weekday() - target) % 7 or 7
    if "last" in words or lead == "since" or (not future and not ({"next", "coming", "this"} & set(words))):
        return f"{lead} {say(today - timedelta(days=back))}"
    return f"{lead} {say(today + timedelta(days=ahead))}"
