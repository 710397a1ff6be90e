"""What reading a log came to, as a person and a program may read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from data.logs.rows import EPOCH
from data.logs.tally import Tally


@dataclass(frozen=True, slots=True)
class FileReport:
    """Counts of one file on its active branches; times are UTC in ISO form, None where there are none.

    `state` is read, unchanged, busy (it changed while it was read, or could not be read to its end and
    comes again in the next run), or refused with `reason`.
    """

    file: str
    format: str
    conversations: int = 0
    user: int = 0
    assistant: int = 0
    notes: int = 0
    rejected: int = 0
    skipped: int = 0
    skipped_why: Mapping[str, int] = field(default_factory=dict)
    redacted: Mapping[str, int] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    added: int = 0
    known: int = 0
    state: str = "read"
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The report as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class IngestReport:
    """One run over all files; `days` counts the rows it added (or would add) per local day."""

    files: tuple[FileReport, ...] = ()
    added: int = 0
    known: int = 0
    days: Mapping[date, int] = field(default_factory=dict)
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, dates in ISO form."""
        return {
            "files": [file.as_json() for file in self.files],
            "added": self.added,
            "known": self.known,
            "days": {day.isoformat(): count for day, count in sorted(self.days.items())},
            "dry_run": self.dry_run,
        }


def iso(at: int | None) -> str | None:
    """Microseconds since 1970 as UTC in ISO form with milliseconds."""
    if at is None:
        return None
    moment = EPOCH + timedelta(microseconds=at)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def report_of(
    file: str,
    format: str,
    tally: Tally,
    *,
    rejected: int = 0,
    added: int = 0,
    known: int = 0,
    state: str = "read",
    reason: str = "",
) -> FileReport:
    """The report of one file from its tally."""
    return FileReport(
        file,
        format,
        tally.chats,
        tally.user,
        tally.assistant,
        tally.notes,
        rejected,
        sum(tally.skipped.values()),
        dict(tally.skipped),
        dict(tally.redacted),
        iso(tally.first),
        iso(tally.last),
        added,
        known,
        state,
        reason,
    )
