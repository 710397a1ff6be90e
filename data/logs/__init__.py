"""Readers of chat logs: one module per format, recognised by content, never by file name alone.

A reader yields chats (`data.logs.chat`); `rows` turns them into rows with hashes and counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from data.logs.chat import Reading
from data.logs.formats import FORMATS, chats, detect
from data.logs.private import redact_turn
from data.logs.rows import rows_in
from data.logs.tally import Tally
from data.logs.turns import turns_of
from data.records import Reject, Turn
from data.settings import Ingest

__all__ = ["FORMATS", "detect", "read"]


def read(
    path: Path,
    format: str = "auto",
    *,
    zone: str = "UTC",
    me: str | None = None,
    settings: Ingest | None = None,
) -> Iterator[Turn | Reject]:
    """Stream the turns of a log, redacted, active branch first, and what could not be used and why.

    BadInput if the file cannot be read at all or its format is not recognised.
    """
    reading = Reading(zone, me, settings or Ingest())
    name = detect(path) if format == "auto" else format
    modified = path.stat().st_mtime_ns // 1_000
    tally = Tally()
    for found in rows_in(chats(path, name, reading), reading, modified, path.name, tally):
        if isinstance(found, Reject):
            yield found
        elif not found.private:
            yield from (redact_turn(turn, reading.settings) for turn in turns_of(found, path.name))
