"""Files already read: how far, with what settings and result, and what in them could not be used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from data.records import Reject
from data.store.writing import now, registered

if TYPE_CHECKING:
    from data.store.core import Store

KEPT_REJECTS = 1_000


@dataclass(frozen=True, slots=True)
class Watermark:
    """What is known of a file since it was last read to its end.

    `digest` covers the first `consumed` bytes; `stamp` names the settings the reading depended on.
    """

    id: int
    size: int
    modified: int
    digest: str
    consumed: int
    lines: int
    stamp: str
    report: Mapping[str, Any]


class Files:
    """The files of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ask = store.connection.execute

    def known(self, path: Path) -> Watermark | None:
        """The watermark of a file that was read before."""
        rows = self._ask(
            "SELECT id, size, modified, digest, consumed, lines, stamp, report FROM files WHERE path = ? "
            "AND size >= 0",
            [str(path)],
        ).fetchall()
        if not rows:
            return None
        (*figures, report) = rows[0]
        return Watermark(*(*figures, json.loads(report)))

    def id(self, path: Path, format: str) -> int:
        """Number of the file, given on first sight."""
        rows = self._ask("SELECT id FROM files WHERE path = ?", [str(path)]).fetchall()
        if rows:
            return int(rows[0][0])
        number = int(self._ask("SELECT coalesce(max(id), 0) + 1 FROM files").fetchall()[0][0])
        self._ask(
            "INSERT INTO files VALUES (?, ?, ?, -1, 0, '', 0, 0, '', '{}', ?)",
            [number, str(path), format, now()],
        )
        return number

    def save(self, mark: Watermark) -> None:
        """Remember that the file was read to its end."""
        self._ask(
            "UPDATE files SET size = ?, modified = ?, digest = ?, consumed = ?, lines = ?, stamp = ?, "
            "report = ?, read_at = ? WHERE id = ?",
            [
                mark.size,
                mark.modified,
                mark.digest,
                mark.consumed,
                mark.lines,
                mark.stamp,
                json.dumps(mark.report),
                now(),
                mark.id,
            ],
        )

    def save_rejects(self, file: int, rejects: Sequence[Reject], run: int, *, keep: bool = False) -> None:
        """Replace the file's rejects, or add to them when only its new end was read; the first thousand."""
        if not keep:
            self._ask("DELETE FROM ingest_rejects WHERE file = ?", [file])
        if rejects:
            kept = rejects[:KEPT_REJECTS]
            frame = pl.DataFrame(
                {"locator": [one.locator for one in kept], "reason": [one.reason for one in kept]}
            )
            with registered(self._store, "refused", frame):
                self._ask("INSERT INTO ingest_rejects SELECT ?, locator, reason, ? FROM refused", [file, run])

    def rejects(self) -> list[Reject]:
        """What the readers could not use, of the latest reading of each file."""
        return [
            Reject(*row)
            for row in self._ask(
                "SELECT f.path, r.locator, r.reason FROM ingest_rejects r JOIN files f ON f.id = r.file "
                "ORDER BY f.path, r.rowid"
            ).fetchall()
        ]

    def deactivate_gone(self, file: int, run: int, present: set[bytes], *, same_size: bool) -> int:
        """Make rows inactive that an edited file, whose chats have no identity, no longer holds.

        `present` are the first 8 bytes of the chain hashes it holds now, read in `run`. A file that
        shares nothing with what it held before is a new file under an old name (a rotated log): nothing is
        gone then, unless it has as many messages as before (`same_size`), which is an edit of all of them.
        """
        held = self._ask(
            "SELECT t.seq, t.chain_high, t.chat FROM turns t JOIN chats c ON c.id = t.chat WHERE t.file = ? "
            "AND t.active AND c.merged AND t.run < ?",
            [file, run],
        ).fetchall()
        gone = [(seq, chat) for seq, high, chat in held if high.to_bytes(8, "big") not in present]
        if not gone or (len(gone) == len(held) and not same_size):
            return 0
        frame = pl.DataFrame(gone, schema={"seq": pl.Int64, "chat": pl.Int32}, orient="row")
        with self._store.transaction(), registered(self._store, "gone", frame):
            self._ask("UPDATE turns SET active = false FROM gone WHERE turns.seq = gone.seq")
            self._ask("UPDATE chats SET digest = -1 WHERE id IN (SELECT chat FROM gone)")
        return len(gone)
