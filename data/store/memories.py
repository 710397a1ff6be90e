"""The ledger in the store: versions of memories by night, verdicts, tombstones, and search over them.

A memory's rows are its versions; the newest (night, stage) not after the night asked for is the
memory. So the ledger before any night can be read again, and a rerun of that night starts from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import duckdb
import polars

from data.ledger import tombstone
from data.night import Night
from data.records import Memory, Verdict
from data.store.search import Document, Embed, Index

if TYPE_CHECKING:
    from data.store.core import Store

COLUMNS = tuple(field.name for field in fields(Memory))
EDITED, CURATED, EXAMINED = 0, 1, 2

_LATEST = """
SELECT {columns} FROM memory_versions
WHERE {which}
QUALIFY row_number() OVER (PARTITION BY id ORDER BY night DESC, stage DESC) = 1
"""
_UPTO = _LATEST.format(
    columns=", ".join(COLUMNS), which="night < $night OR (night = $night AND stage <= $stage)"
)
_END = date.max
_TYPES: dict[str, Any] = dict.fromkeys(COLUMNS, polars.String) | {
    "told": polars.Date,
    "last_recalled": polars.Date,
    "sources": polars.List(polars.String),
    "nights_recalled": polars.Int32,
    **dict.fromkeys(("confidence", "reward", "stress", "activation"), polars.Float64),
}


class Memories:
    """Memories, verdicts and tombstones of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._index = Index(store.connection, "memory")

    def all(self, upto: Night | None = None) -> list[Memory]:
        """Every memory as it stood at the end of the night `upto` (now if none), tombstones included."""
        return self._latest(_END if upto is None else upto.date, EXAMINED)

    def before(self, night: Night) -> list[Memory]:
        """The ledger a run of `night` starts from: earlier nights and the person's edits, not its work."""
        return self._latest(night.date, EDITED)

    def curated(self, night: Night) -> list[Memory]:
        """The ledger after `night` was curated and before it was examined."""
        return self._latest(night.date, CURATED)

    def active(self, upto: Night | None = None) -> list[Memory]:
        """The memories that belong into an adapter."""
        return [memory for memory in self.all(upto) if memory.active]

    def get(self, memory_id: str) -> Memory | None:
        """One memory as it is now, or its tombstone; None when the id was never told."""
        return self._by_id([memory_id]).get(memory_id)

    def replace_night(self, night: Night, memories: Iterable[Memory], verdicts: Iterable[Verdict]) -> int:
        """Store what `night` made of the ledger in place of what an earlier run of it made; returns changes.

        `memories` is the merged ledger (or its changed part); what equals the ledger before the night
        takes no row. Later nights that were built on an earlier run must be run again, in order.
        """
        with self._store.transaction() as connection:
            connection.execute("DELETE FROM memory_versions WHERE night = ? AND stage > 0", [night.date])
            connection.execute("DELETE FROM verdicts WHERE night = ?", [night.date])
            changed = self._write(night.date, CURATED, memories, self.before(night))
            self._write_verdicts(night.date, verdicts)
            self.reindex()
        return changed

    def save(self, memories: Iterable[Memory], night: Night | None = None) -> int:
        """Store changed memories, the examination's with a `night`, else the person's edit; returns changes.

        An edit counts for the day after the last night on record, and no rerun of a night removes it.
        """
        memories = list(memories)
        with self._store.transaction() as connection:
            if night is not None:
                connection.execute(
                    "DELETE FROM memory_versions WHERE night = ? AND stage = ?", [night.date, EXAMINED]
                )
                changed = self._write(night.date, EXAMINED, memories, self.curated(night))
            else:
                day = max([self._today(), *(m.told for m in memories if m.state != "forgotten")])
                changed = self._write(day, EDITED, memories, self.all())
            self.reindex()
        return changed

    def forget(
        self, ids: Iterable[str], day: date | None = None, *, with_history: bool = True
    ) -> list[Memory]:
        """Erase memories in every version, leaving id and day; returns what they were, for a last check.

        `with_history` also erases the earlier values of their slots. Without a `day` they count as
        forgotten today, and come back only when told on a later day.
        """
        with self._store.transaction():
            found = [memory for memory in self._by_id(ids).values() if memory.state != "forgotten"]
            gone = {memory.id: memory for memory in found}
            slots = {memory.slot for memory in found if memory.slot}
            if with_history and slots:
                gone |= {m.id: m for m in self.all() if m.slot in slots and m.state == "superseded"}
            self._erase({one.id: day or max(self._today(), one.told) for one in gone.values()})
            self.reindex()
        return list(gone.values())

    def verdicts(self, night: Night) -> list[Verdict]:
        """What curation decided that night, best first."""
        rows = self._store.connection.execute(
            "SELECT turn_id, score, kept, reason, signals FROM verdicts "
            "WHERE night = ? ORDER BY score DESC, turn_id",
            [night.date],
        ).fetchall()
        return [
            Verdict(turn, score, kept, reason, json.loads(signals))
            for turn, score, kept, reason, signals in rows
        ]

    def search(self, query: str, k: int = 10, *, embed: Embed | None = None) -> list[tuple[Memory, float]]:
        """The `k` active memories nearest to `query`, best first: by words, and by meaning with `embed`."""
        hits = self._index.search(query, k, embed=embed)
        found = self._versions([ref for ref, _ in hits])
        return [(found[ref], score) for ref, score in hits if ref in found]

    def embed(self, embed: Embed) -> int:
        """Give every indexed memory that lacks one its vector; returns how many were computed."""
        return self._index.embed(embed)

    def reindex(self) -> None:
        """Bring the search index in line with the memories that are active now."""
        self._index.sync(memory_document(memory) for memory in self.active())

    def _latest(self, night: date, stage: int) -> list[Memory]:
        connection = self._store.connection
        rows = connection.execute(_UPTO, {"night": night, "stage": stage}).fetchall()
        memories = {row[0]: _memory(row) for row in rows}
        for memory_id, day in connection.execute("SELECT id, day FROM forgotten").fetchall():
            memories.setdefault(memory_id, tombstone(memory_id, day))
        return sorted(memories.values(), key=lambda m: m.id)

    def _by_id(self, ids: Iterable[str]) -> dict[str, Memory]:
        wanted = list(dict.fromkeys(ids))
        found = self._versions(wanted)
        gone = self._store.connection.execute(
            "SELECT id, day FROM forgotten WHERE id IN (SELECT unnest(?))", [wanted]
        ).fetchall()
        for memory_id, day in gone:
            found.setdefault(memory_id, tombstone(memory_id, day))
        return found

    def _versions(self, ids: Sequence[str]) -> dict[str, Memory]:
        """The newest version of each memory that has one."""
        if not ids:
            return {}
        rows = self._store.connection.execute(
            f"SELECT {', '.join(COLUMNS)}, night, stage FROM memory_versions "
            f"WHERE id IN ({', '.join('?' * len(ids))})",
            list(ids),
        ).fetchall()
        return {row[0]: _memory(row[:-2]) for row in sorted(rows, key=lambda row: row[-2:])}

    def _write(self, night: date, stage: int, memories: Iterable[Memory], basis: Sequence[Memory]) -> int:
        """Store the versions that differ from `basis` and erase what is a tombstone now; returns changes."""
        before = {memory.id: memory for memory in basis}
        changed = sorted((m for m in memories if before.get(m.id) != m), key=lambda m: m.id)
        self._erase({m.id: m.told for m in changed if m.state == "forgotten"})
        frame = _memory_frame(night, stage, [m for m in changed if m.state != "forgotten"])
        with self._frame(frame) as connection:
            connection.execute(
                "DELETE FROM memory_versions WHERE night = ? AND stage = ? "
                "AND id IN (SELECT id FROM new_rows)",
                [night, stage],
            )
            connection.execute("INSERT INTO memory_versions SELECT * FROM new_rows")
        return len(changed)

    def _write_verdicts(self, night: date, verdicts: Iterable[Verdict]) -> None:
        rows = [(night, v.turn_id, v.score, v.kept, v.reason, json.dumps(dict(v.signals))) for v in verdicts]
        schema = ("night", "turn_id", "score", "kept", "reason", "signals")
        with self._frame(polars.DataFrame(rows, schema=schema, orient="row")) as connection:
            if rows:
                connection.execute("INSERT INTO verdicts SELECT * FROM new_rows")

    @contextmanager
    def _frame(self, frame: polars.DataFrame) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection, with `frame` readable as the table new_rows meanwhile."""
        connection = self._store.connection
        connection.register("new_rows", frame)
        try:
            yield connection
        finally:
            connection.unregister("new_rows")

    def _erase(self, days: dict[str, date]) -> None:
        connection = self._store.connection
        for memory_id, day in days.items():
            connection.execute("DELETE FROM memory_versions WHERE id = ?", [memory_id])
            connection.execute("INSERT OR REPLACE INTO forgotten VALUES (?, ?)", [memory_id, day])

    def _today(self) -> date:
        """The day an edit made now belongs to: the one after the last night on record."""
        ((last,),) = self._store.connection.execute(
            "SELECT max(night) FROM memory_versions WHERE stage > 0"
        ).fetchall()
        return last + timedelta(days=1) if last else date.min


def memory_document(memory: Memory) -> Document:
    """How a memory is indexed: by its sentence."""
    return Document(memory.id, ((memory.statement, 1.0),), memory.statement)


def _memory(row: Sequence[Any]) -> Memory:
    values = dict(zip(COLUMNS, row, strict=True))
    values["sources"] = tuple(values["sources"])
    return Memory(**values)


def _memory_frame(night: date, stage: int, memories: Sequence[Memory]) -> polars.DataFrame:
    columns: dict[str, list[Any]] = {name: [getattr(m, name) for m in memories] for name in COLUMNS}
    columns["sources"] = [list(sources) for sources in columns["sources"]]
    return polars.DataFrame(
        {"night": [night] * len(memories), "stage": [stage] * len(memories), **columns},
        schema={"night": polars.Date, "stage": polars.Int8, **_TYPES},
    )
