"""Writing batches of chats into the raw log: what is new, what changed, what must stay out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from data.logs.columns import Columns, Row, Rows, columns_of, joined
from data.logs.merge import Changes, Held, compare, merge
from data.logs.private import redact_columns, redact_rows
from data.settings import Ingest
from data.store.frames import chat_frame, day_of, halves, turn_frame, whole

if TYPE_CHECKING:
    from data.store.core import Store

_COLUMNS = (
    "seq, chat, message, parent, position, role, text, instant, day, time_quality, active, origin, "
    "chain_high, chain_low, speaker, model, reasoning, attachment_text"
)


@dataclass(slots=True)
class Written:
    """Rows added and rows found already there, in all and added per local day."""

    added: int = 0
    known: int = 0
    days: Counter[date] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    redacted: Counter[str] = field(default_factory=Counter)


@contextmanager
def registered(store: Store, name: str, frame: pl.DataFrame) -> Iterator[None]:
    """The frame as a table called `name` while the block runs; DuckDB reads polars' own strings uncopied."""
    store.connection.register(name, frame.to_arrow(compat_level=pl.CompatLevel.newest()))
    try:
        yield
    finally:
        store.connection.unregister(name)


class Writer:
    """One ingest run; numbers rows and chats, and remembers what was asked to be forgotten."""

    def __init__(self, store: Store, settings: Ingest, zone: str, *, oldest: int = 0) -> None:
        """`oldest` (microseconds since 1970) is the retention limit: older rows are left out."""
        self._store, self._settings, self._zone, self._oldest = store, settings, zone, oldest
        ask = store.connection.execute
        self.run = _one(ask("SELECT nextval('ingest_runs')"))
        self._seq = _one(ask("SELECT coalesce(max(seq), 0) + 1 FROM turns"))
        self._chat = _one(ask("SELECT coalesce(max(id), 0) + 1 FROM chats"))
        buried = ask("SELECT source, conversation, message FROM tombstones").fetchall()
        self._dead_chats = {
            (source, conversation) for source, conversation, message in buried if message is None
        }
        self._dead = {row for row in buried if row[2] is not None}
        self._dead_chains = {whole(*row) for row in ask("FROM forgotten_chains").fetchall()}
        self._ledger = _one(ask("SELECT count(*) FROM pipeline_chains")) > 0

    def add(self, batch: Sequence[Rows], file: int) -> Written:
        """Store one batch in one transaction; may run in a thread of its own, one batch at a time."""
        written = Written()
        total = sum(one.count for one in batch)
        alive = [one for one in (self._spared(one, written) for one in merge(batch)) if one.count]
        with self._store.transaction():
            chats = chat_frame(alive)
            known = self._lookup(chats)
            for one in alive:
                if one.private:
                    self._bury(one)
            kept = [n for n, one in enumerate(alive) if not one.private]
            changed = [n for n in kept if n in known and known[n][1] != alive[n].digest]
            fresh = [n for n in kept if n not in known]
            self._insert_new([alive[n] for n in fresh], chats[fresh], file, written)
            redacted = redact_rows([alive[n] for n in changed], self._settings, written.redacted)
            self._update([(one, known[n]) for one, n in zip(redacted, changed, strict=True)], file, written)
        dropped = sum(one.count for one in alive if one.private)
        written.known = max(0, total - written.added - dropped)
        return written

    def _spared(self, one: Rows, written: Written) -> Rows:
        """The chat without what was forgotten or is older than the log may hold."""
        if (one.source, one.conversation) in self._dead_chats:
            written.skipped["forgotten"] += one.count
            return replace(one, columns=columns_of([]))
        late = self._oldest and one.first is not None and one.first < self._oldest
        if not late and not self._dead_chains and not self._dead:
            return one
        rows = one.rows
        if late:
            rows = [row for row in rows if row.at is None or row.at >= self._oldest]
            written.skipped["older than the retention"] += one.count - len(rows)
        if self._dead_chains or self._dead:
            before = len(rows)
            rows = [
                row
                for row in rows
                if row.chain not in self._dead_chains
                and (one.source, one.conversation, row.message) not in self._dead
            ]
            if len(rows) < before:
                written.skipped["forgotten"] += before - len(rows)
        return one if len(rows) == one.count else replace(one, columns=columns_of(rows))

    def _lookup(self, chats: pl.DataFrame) -> dict[int, tuple[int, int, int]]:
        """For chats the store has: place in the batch -> (id, digest, updated)."""
        with registered(self._store, "batch_chats", chats):
            found = self._store.connection.execute(
                "SELECT b.n, c.id, c.digest, c.updated FROM chats c JOIN batch_chats b "
                "ON c.source = b.source AND c.conversation = b.conversation"
            ).fetchall()
        return {n: (chat, digest, updated) for n, chat, digest, updated in found}

    def _insert_new(self, batch: Sequence[Rows], frame: pl.DataFrame, file: int, written: Written) -> None:
        """Store chats that are new; `frame` is their `chat_frame`, however it numbers them."""
        if not batch:
            return
        first, self._chat = self._chat, self._chat + len(batch)
        numbered = frame.with_columns(pl.int_range(len(batch), dtype=pl.Int32).alias("n"))
        with registered(self._store, "batch_chats", numbered):
            self._store.connection.execute(
                "INSERT INTO chats SELECT n + ?, source, conversation, digest, merged, updated, ?, ?, "
                "locator FROM batch_chats ORDER BY n",
                [first, self.run, file],
            )
        counts = [one.count for one in batch]
        chats = pl.Series(np.repeat(np.arange(first, self._chat), counts))
        origins = [origin for one in batch for origin in (one.origin,) * one.count]
        rows = joined(one.columns for one in batch)
        texts = pl.Series(rows.text, dtype=pl.String)  # made once for the search and the frame
        rows = redact_columns(rows._replace(text=texts), self._settings, written.redacted)
        self._insert(rows, chats, origins, file, written)

    def _insert(
        self, rows: Columns, chats: Sequence[int], origins: Sequence[str], file: int, written: Written
    ) -> None:
        frame = turn_frame(rows, chats, origins, self._zone, self._seq)
        self._seq += len(chats)
        columns = _COLUMNS
        if self._ledger:
            columns = columns.replace(
                "origin",
                "CASE WHEN EXISTS (FROM pipeline_chains p WHERE p.chain_high = b.chain_high "
                "AND p.chain_low = b.chain_low) THEN 'pipeline' ELSE origin END",
            )
        with registered(self._store, "batch_turns", frame):
            self._store.connection.execute(
                f"INSERT INTO turns SELECT {columns}, ?, ? FROM batch_turns b", [file, self.run]
            )
        written.added += len(chats)
        for day, count in frame.group_by("day").len().iter_rows():
            if day is not None:
                written.days[day] += count

    def _update(
        self, changed: Sequence[tuple[Rows, tuple[int, int, int]]], file: int, written: Written
    ) -> None:
        """Bring chats the store already has up to date."""
        if not changed:
            return
        held = self._held([row[0] for _, row in changed])
        rows: list[Row] = []
        chats: list[int] = []
        origins: list[str] = []
        merged = Changes()
        stamps = []
        for one, (chat, _, updated) in changed:
            if one.complete and one.updated < updated:
                continue
            changes = compare(one, held[chat], updated=updated, file=file, run=self.run)
            rows += changes.insert
            chats += [chat] * len(changes.insert)
            origins += [one.origin] * len(changes.insert)
            merged.active |= changes.active
            merged.chain |= changes.chain
            merged.time |= changes.time
            stamps.append((chat, one.digest, max(one.updated, updated)))
        if rows:
            self._insert(columns_of(rows), chats, origins, file, written)
        self._apply(merged, stamps)

    def _held(self, chats: Sequence[int]) -> dict[int, list[Held]]:
        held: dict[int, list[Held]] = defaultdict(list)
        with registered(self._store, "wanted", pl.DataFrame({"chat": pl.Series(chats, dtype=pl.Int32)})):
            found = self._store.connection.execute(
                "SELECT chat, seq, message, role, text, active, chain_high, chain_low, epoch_us(instant), "
                "time_quality, file, run FROM turns WHERE chat IN (SELECT chat FROM wanted) "
                "AND chat BETWEEN ? AND ? ORDER BY seq",
                [min(chats), max(chats)],
            ).fetchall()
        for chat, seq, message, role, text, active, high, low, *rest in found:
            held[chat].append(Held(seq, message, role, text, active, whole(high, low), *rest))
        return held

    def _apply(self, changes: Changes, stamps: Sequence[tuple[int, int, int]]) -> None:
        execute = self._store.connection.execute
        if changes.active:
            frame = pl.DataFrame({"seq": list(changes.active), "active": list(changes.active.values())})
            with registered(self._store, "flags", frame):
                execute("UPDATE turns SET active = flags.active FROM flags WHERE turns.seq = flags.seq")
        if changes.chain:
            high, low = halves(list(changes.chain.values()))
            frame = pl.DataFrame({"seq": list(changes.chain), "high": high, "low": low})
            with registered(self._store, "chains", frame):
                execute(
                    "UPDATE turns SET chain_high = high, chain_low = low FROM chains "
                    "WHERE turns.seq = chains.seq"
                )
        if changes.time:
            frame = pl.DataFrame(
                [(seq, at, quality) for seq, (at, quality) in changes.time.items()],
                schema={"seq": pl.Int64, "instant": pl.Datetime("us"), "quality": pl.String},
                orient="row",
            ).with_columns(day_of(pl.col("instant"), self._zone).alias("day"))
            with registered(self._store, "times", frame):
                execute(
                    "UPDATE turns SET instant = times.instant, day = times.day, time_quality = quality "
                    "FROM times WHERE turns.seq = times.seq"
                )
        if stamps:
            frame = pl.DataFrame(stamps, schema=["id", "digest", "updated"], orient="row")
            with registered(self._store, "stamps", frame):
                execute(
                    "UPDATE chats SET digest = stamps.digest, updated = stamps.updated FROM stamps "
                    "WHERE chats.id = stamps.id"
                )

    def _bury(self, one: Rows) -> None:
        """A chat that was marked private: keep its hashes, not its words."""
        self._store.turns.tombstone(one.source, one.conversation, one.private, one.columns.chain)
        self._dead_chats.add((one.source, one.conversation))


def now() -> datetime:
    """The present instant in UTC without zone, as the tables hold it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _one(found: Any) -> int:
    return int(found.fetchall()[0][0])
