"""A night as a value: one local day, its UTC window, its seed and its name.

The day of a night runs from 04:00 local time to the next 04:00, so talk after midnight belongs to
the evening before. Windows are computed by wall clock and may last 23 or 25 hours.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.errors import BadInput

BOUNDARY_HOUR = 4


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
        raise BadInput(
            f"Unknown time zone {name!r}. Use an IANA name such as Europe/Berlin (setting NOCTURNE_ZONE)."
        ) from error


@dataclass(frozen=True, slots=True, order=True)
class Night:
    """The night that follows the local day `date` in the IANA zone `zone`."""

    date: date
    zone: str

    def __post_init__(self) -> None:
        _zone(self.zone)

    @classmethod
    def parse(cls, text: str, zone: str) -> Night:
        """The night written as YYYY-MM-DD."""
        try:
            return cls(date.fromisoformat(text), zone)
        except ValueError as error:
            raise BadInput(
                f"{text!r} is not a date. Write it as YYYY-MM-DD, for example 2026-10-05."
            ) from error

    @classmethod
    def containing(cls, instant: datetime, zone: str) -> Night:
        """The night whose day window holds the aware `instant`."""
        local = instant.astimezone(_zone(zone))
        day = local.date() if local.hour >= BOUNDARY_HOUR else local.date() - timedelta(days=1)
        return cls(day, zone)

    @classmethod
    def last_complete(cls, instant: datetime, zone: str) -> Night:
        """The newest night whose day is over at `instant`; what a scheduled run dreams about."""
        return cls.containing(instant, zone).previous

    @property
    def id(self) -> str:
        """The day in ISO form; the name of the night in every row and path."""
        return self.date.isoformat()

    @property
    def start(self) -> datetime:
        """First instant of the day, in UTC, inclusive."""
        return datetime.combine(self.date, time(BOUNDARY_HOUR), _zone(self.zone)).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """End of the day, in UTC, exclusive."""
        return datetime.combine(self.next.date, time(BOUNDARY_HOUR), _zone(self.zone)).astimezone(UTC)

    @property
    def previous(self) -> Night:
        """The night before."""
        return Night(self.date - timedelta(days=1), self.zone)

    @property
    def next(self) -> Night:
        """The night after."""
        return Night(self.date + timedelta(days=1), self.zone)

    @property
    def seed(self) -> int:
        """A 31-bit seed that depends on the night alone, so a rerun draws the same numbers."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:4], "big") >> 1

    def __str__(self) -> str:
        return self.id
