"""Reading every log there is into the store: inbox, sources, or the paths a person names.

A file is known by its size, time and digest; what did not change is not read again. Files are taken one
by one, so a bad one never costs the others.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from data.errors import BadInput
from data.logs import detect
from data.logs.chat import Found, Reading
from data.logs.formats import chats
from data.logs.report import FileReport, IngestReport, report_of
from data.logs.rows import Rows, Tally, rows_of
from data.records import Reject
from data.settings import Settings
from data.store import Store
from data.store.writing import Writer

BATCH_ROWS = 50_000

Progress = Callable[[str, int], None]


def ingest_paths(
    store: Store,
    settings: Settings,
    paths: Sequence[Path] | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> IngestReport:
    """Read all logs (`paths`, or the inbox and the configured sources) into the store."""
    reports = []
    days: Counter[date] = Counter()
    for path in paths or sorted(settings.inbox.iterdir()):
        name = detect(path)
        writer = Writer(store, settings.ingest, settings.zone)
        tally = Tally()
        file = store.turns.file_id(path, name)
        reading = Reading(settings.zone, None, settings.ingest)
        rejects: list[Reject] = []
        batch: list[Rows] = []
        added = known = size = 0
        for found in chats(path, name, reading):
            if isinstance(found, Reject):
                rejects.append(found)
                continue
            for rows in rows_of(found, reading, path.stat().st_mtime_ns // 1000, path.name, tally):
                if isinstance(rows, Reject):
                    rejects.append(rows)
                    continue
                batch.append(rows)
                size += len(rows.rows)
            if size >= BATCH_ROWS:
                written = writer.add(batch, file, tally)
                added, known, batch, size = added + written.added, known + written.known, [], 0
        written = writer.add(batch, file, tally)
        added, known = added + written.added, known + written.known
        store.turns.save_rejects(file, rejects, writer.run)
        reports.append(report_of(str(path), name, tally, rejected=len(rejects), added=added, known=known))
    return IngestReport(tuple(reports), sum(r.added for r in reports), sum(r.known for r in reports), days)
