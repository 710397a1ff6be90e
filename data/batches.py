"""Rows of one file on their way into the store: batch by batch, one written while the next is read.

Knows neither formats nor which files there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date

from data.logs.columns import Rows
from data.logs.tally import Tally
from data.records import Reject
from data.store.files import KEPT_REJECTS
from data.store.writing import Writer, Written

# As many rows as DuckDB keeps in one row group: those go to their place at once, fewer go through its log.
BATCH_ROWS = 122_880
BATCH_CHARACTERS = 48_000_000


@dataclass(slots=True)
class Outcome:
    """What became of one file so far."""

    tally: Tally = field(default_factory=Tally)
    rejects: list[Reject] = field(default_factory=list)
    rejected: int = 0
    added: int = 0
    known: int = 0
    days: Counter[date] = field(default_factory=Counter)


def write_batches(
    found: Generator[Rows | Reject],
    writer: Writer,
    file: int,
    outcome: Outcome,
    *,
    unchanged: Callable[[], bool],
    progress: Callable[[int], None],
) -> bool:
    """Write all that is found batch by batch; False if the file is not `unchanged` at the end.

    The last batch, for most files the only one, is then left out. `progress` is told the messages so far.
    """
    batch: list[Rows] = []
    rows = size = total = 0
    with closing(found), _Background(writer, file, outcome) as background:
        for one in found:
            if isinstance(one, Reject):
                _refuse(outcome, one)
                continue
            batch.append(one)
            rows += one.count
            size += one.size
            if rows >= BATCH_ROWS or size >= BATCH_CHARACTERS:
                total += rows
                background.add(batch)
                batch, rows, size = [], 0, 0
                progress(total)
        if not unchanged():
            return False
        background.add(batch)
    progress(total + rows)
    return True


class _Background:
    """Writes one batch while the next is read; at most one is on its way, and none is left behind."""

    def __init__(self, writer: Writer, file: int, outcome: Outcome) -> None:
        self._writer, self._file, self._outcome = writer, file, outcome
        self._pool = ThreadPoolExecutor(1, "nocturne-ingest")
        self._pending: Future[Written] | None = None

    def __enter__(self) -> _Background:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._settle()
        finally:
            self._pool.shutdown()

    def add(self, batch: Sequence[Rows]) -> None:
        """Hand over a batch, after the one before is stored."""
        self._settle()
        if batch:
            self._pending = self._pool.submit(self._writer.add, batch, self._file)

    def _settle(self) -> None:
        pending, self._pending = self._pending, None
        if pending is not None:
            written = pending.result()
            self._outcome.added += written.added
            self._outcome.known += written.known
            self._outcome.tally.skipped.update(written.skipped)
            self._outcome.tally.redacted.update(written.redacted)
            self._outcome.days.update(written.days)


def _refuse(outcome: Outcome, reject: Reject) -> None:
    outcome.rejected += 1
    if len(outcome.rejects) < KEPT_REJECTS:
        outcome.rejects.append(reject)
