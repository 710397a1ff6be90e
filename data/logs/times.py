"""Time stamps of chat logs: any unit, any common spelling, as microseconds since 1970 UTC."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

UNREADABLE = -1
EARLIEST = int(datetime(2015, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
DAY = 86_400_000_000
_SECONDS_FROM = EARLIEST // 1_000_000

_NUMBER = re.compile(r"\d+(\.\d+)?")
_SPELLINGS = ("%Y-%m-%d@%Hh%Mm%Ss", "%Y-%m-%d@%Hh%Mm%Ss%fms", "%B %d, %Y %I:%M%p", "%Y-%m-%d %H:%M:%S")


def micros(value: Any, zone: str = "UTC") -> int | None:
    """Microseconds of a number (s, ms, us or ns by size), an ISO or a SillyTavern text.

    None if there is no value, UNREADABLE if it cannot be understood, lies before 2015 or more than a
    day in the future. A text without zone is read in `zone`.
    """
    if (type(value) is int or type(value) is float) and _SECONDS_FROM < value < time.time() + 86_400:
        return round(value * 1_000_000)
    if value is None or value == "":
        return None
    if isinstance(value, str):
        found = _number(float(value)) if _NUMBER.fullmatch(value) else _text(value, zone)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = _number(value)
    else:
        return UNREADABLE
    return found if EARLIEST <= found <= time.time() * 1_000_000 + DAY else UNREADABLE


def micros_of_all(values: Sequence[Any]) -> list[int] | None:
    """Microseconds of many plain numbers of seconds; None if one is anything else, for `micros` to judge."""
    kinds = set(map(type, values))
    if not kinds or not kinds <= {int, float}:
        return None
    if not (min(values) > _SECONDS_FROM and max(values) < time.time() + 86_400):
        return None
    if kinds == {int}:
        return [value * 1_000_000 for value in values]
    try:
        return [round(value * 1_000_000) for value in values]
    except ValueError:  # NaN, which no comparison finds
        return None


def _number(value: float) -> int:
    if not abs(value) < 1e21:
        return UNREADABLE
    if value > 1e17:
        return int(value // 1_000)
    if value > 1e14:
        return int(value)
    if value > 1e11:
        return int(value * 1_000)
    return round(value * 1_000_000)


def _text(value: str, zone: str) -> int:
    value = value.strip()
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        spelled = _spelled(value)
        if spelled is None:
            return UNREADABLE
        moment = spelled
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC if zone == "UTC" else ZoneInfo(zone))
    try:
        return round(moment.timestamp() * 1_000_000)
    except (OverflowError, ValueError):
        return UNREADABLE


def _spelled(value: str) -> datetime | None:
    compact = re.sub(r"(?<=\d)\s*([ap])\.?m\.?$", r"\1m", value.replace("\u202f", " "), flags=re.IGNORECASE)
    for spelling in _SPELLINGS:
        try:
            return datetime.strptime(compact, spelling)
        except ValueError:
            continue
    return None
