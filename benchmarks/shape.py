"""Checks for JSON that a person wrote: each returns the value in its type or raises BadInput with the place.

Owns nothing but these checks; what a file must hold is its reader's business.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from data.errors import BadInput

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


def fields(raw: Any, where: str, required: str, optional: str = "") -> dict[str, Any]:
    """The object itself, once it holds every required key and no unknown one."""
    if not isinstance(raw, dict):
        raise BadInput(f"{where} must be an object")
    missing = set(required.split()) - raw.keys()
    unknown = raw.keys() - set(required.split()) - set(optional.split())
    if missing or unknown:
        raise BadInput(f"{where}: missing keys {sorted(missing)}, unknown keys {sorted(unknown)}")
    return raw


def items(raw: Any, where: str, least: int = 0) -> list[Any]:
    """A list of at least `least` items."""
    if not isinstance(raw, list) or len(raw) < least:
        raise BadInput(f"{where} must be a list of at least {least} items")
    return raw


def text(raw: Any, where: str, empty: bool = False) -> str:
    """A text, not empty unless `empty` allows it."""
    if not isinstance(raw, str) or not (raw or empty):
        raise BadInput(f"{where} must be a text{'' if empty else ' that is not empty'}")
    return raw


def identifier(raw: Any, where: str) -> str:
    """A lower-case id."""
    given = text(raw, where)
    if not _ID.fullmatch(given):
        raise BadInput(f"{where}: {given!r} is not an id; use lower-case letters, digits, - and _")
    return given


def choice(raw: Any, where: str, allowed: Iterable[str]) -> str:
    """One of the allowed words."""
    if raw not in (choices := sorted(allowed)):
        raise BadInput(f"{where} is {raw!r}; choose one of {', '.join(choices)}")
    return str(raw)


def day(raw: Any, where: str) -> date:
    """A calendar date."""
    given = text(raw, where)
    try:
        if _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise BadInput(f"{where}: {given!r} is not a date like 2026-01-31")


def instant(raw: Any, where: str) -> datetime:
    """A point in time, in UTC."""
    given = text(raw, where)
    try:
        if _INSTANT.fullmatch(given):
            return datetime.fromisoformat(given).astimezone(UTC)
    except ValueError:
        pass
    raise BadInput(f"{where}: {given!r} is not a UTC time like 2026-01-31T18:05:00Z")
