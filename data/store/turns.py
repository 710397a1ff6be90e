"""The raw log: chats and their turns, files already read, rejects and tombstones.

A chat is compared with the store as a whole before its rows are (see `data.store.writing`), so reading
a large export again is cheap and the cost does not grow with the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from data.logs.report import FileReport, report_of
from data.logs.rows import Tally, rows_of_turns
from data.night import Night
from data.records import Exchange, Reject, Turn
from data.settings import Ingest
from data.store.files import Files
from data.store.frames import halves
from data.store.writing import Writer, now, registered
from data.text import content_hash

if TYPE_CHECKING:
    from data.store.core import Store

_TURN = """c.source, c.conversation, t.message, t.role, t.text, t.instant, t.time_quality, t.parent, t.speaker,
    t.model, t.reasoning, t.attachment_text, t.active, t.origin, t.chain_high, t.chain_low,
    coalesce(f.path || ': ', '') || c.locator, t.seq"""
_JOINED = "turns t JOIN chats c ON c.id = t.chat LEFT JOIN files f ON f.id = t.file"
_SAME_CHAT_HOURS = 18


class Turns:
    """The turns of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ask = store.connection.execute
        self.files = Files(store)

    def ingest(
        self, path: Path, turns: Iterable[Turn | Reject], settings: Ingest | None = None, zone: str = "UTC"
    ) -> FileReport:
        """Store turns that some converter made from `path`; ingesting them again adds nothing.

        Turns of one conversation must follow one another, in order. Returns the counts of the active branches.
        """
        writer = Writer(self._store, settings or Ingest(), zone)
        tally = Tally()
        rejects = []
        batch = []
        with self._store.transaction():
            file = self.files.id(path, "turns")
            for found in rows_of_turns(turns, tally):
                if isinstance(found, Reject):
                    rejects.append(found)
                else:
                    batch.append(found)
            written = writer.add(batch, file)
            self.files.save_rejects(file, rejects, writer.run)
        tally.skipped.update(written.skipped)
        tally.redacted.update(written.redacted)
        return report_of(
            str(path), "turns", tally, rejected=len(rejects), added=written.added, known=written.known
        )

    def exchanges(self, night: Night) -> list[Exchange]:
        """What the person said on the day of `night`, in order of time, each with its surroundings.

        Only active turns of real chats. What the same chat said in another source or copy before is left
        out: same words from the first message on, and within one source not at clearly different times.
        """
        window = [night.start.replace(tzinfo=None), night.end.replace(tzinfo=None)]
        self._ask(
            "CREATE OR REPLACE TEMP TABLE told AS SELECT seq, chat, message, parent, position, instant, chain_high, "
            "chain_low, time_quality FROM turns WHERE instant >= ? AND instant < ? AND role = 'user' AND active "
            "AND origin = 'chat'",
            window,
        )
        self._ask(
            "DELETE FROM told WHERE seq IN (SELECT u.seq FROM turns e JOIN told u ON e.chain_high = u.chain_high "
            "AND e.chain_low = u.chain_low JOIN chats ec ON ec.id = e.chat JOIN chats uc ON uc.id = u.chat "
            "WHERE e.seq < u.seq AND e.chat <> u.chat AND e.active AND e.origin = 'chat' AND (ec.source <> uc.source "
            "OR e.time_quality <> 'exact' OR u.time_quality <> 'exact' "
            f"OR abs(epoch(e.instant) - epoch(u.instant)) < {_SAME_CHAT_HOURS * 3600}))"
        )
        self._ask(
            "CREATE OR REPLACE TEMP TABLE around AS SELECT t.seq, t.chat, t.message, t.parent, t.role, t.instant FROM "
            "turns t WHERE t.active AND t.chat IN (SELECT chat FROM told)"
        )
        triples = self._ask(
            "SELECT u.seq, (SELECT arg_min(a.seq, a.instant) FROM around a WHERE a.chat = u.chat AND a.parent = u.message "
            "AND a.role = 'assistant'), (SELECT min(b.seq) FROM around b WHERE b.chat = u.chat AND "
            "b.message = u.parent) FROM told u JOIN chats c ON c.id = u.chat "
            "ORDER BY u.instant, c.source, c.conversation, u.position, u.seq"
        ).fetchall()
        turns = self._by_seq({seq for triple in triples for seq in triple if seq is not None})
        self._ask("DROP TABLE told")
        self._ask("DROP TABLE around")
        return [
            Exchange(turns[user], turns.get(answer), turns.get(before)) for user, answer, before in triples
        ]

    def get(self, ids: Iterable[str]) -> list[Turn]:
        """Turns by id, in the given order; unknown ids are left out. The newest version of each."""
        wanted = list(dict.fromkeys(ids))
        parts = [(source, rest[:cut], rest[cut + 1 :]) for source, rest, cut in _splits(wanted)]
        frame = pl.DataFrame(
            parts, schema=dict.fromkeys(("source", "conversation", "message"), pl.String), orient="row"
        )
        with registered(self._store, "wanted", frame):
            found = self._ask(
                f"SELECT {_TURN} FROM {_JOINED} JOIN wanted w ON w.source = c.source AND "
                "w.conversation = c.conversation AND w.message = t.message ORDER BY t.active, t.seq"
            ).fetchall()
        turns = {turn.id: turn for turn in map(_turn, found)}
        return [turns[one] for one in wanted if one in turns]

    def nights_with_turns(self) -> dict[date, int]:
        """Local days with what the person said, and how many active user turns each has."""
        return dict(
            self._ask(
                "SELECT day, count(*) FROM turns WHERE active AND origin = 'chat' AND role = 'user' "
                "AND day IS NOT NULL GROUP BY day ORDER BY day"
            ).fetchall()
        )

    def days(self) -> list[tuple[str, str, date, int]]:
        """(source, conversation, local day, active turns), ordered."""
        return self._ask(
            "SELECT source, conversation, day, count(*) FROM turns t JOIN chats c ON c.id = t.chat WHERE active "
            "AND day IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()

    def all(self, *, active_only: bool = True) -> Iterator[Turn]:
        """Every turn in order of chat and position, a few thousand in memory at a time."""
        found = self._store.connection.cursor().execute(
            f"SELECT {_TURN} FROM {_JOINED} WHERE t.active OR NOT ? ORDER BY c.source, c.conversation, t.position, t.seq",
            [active_only],
        )
        while rows := found.fetchmany(5_000):
            yield from map(_turn, rows)

    def count(self) -> int:
        """Rows of the raw log, older versions included."""
        return int(self._ask("SELECT count(*) FROM turns").fetchone()[0])

    def rejects(self) -> list[Reject]:
        """What the readers could not use, of the latest reading of each file."""
        return self.files.rejects()

    def expire(self, before: date) -> int:
        """Delete raw turns of local days before `before`; returns how many."""
        return _changed(self._ask("DELETE FROM turns WHERE day < ?", [before]))

    def tombstone(
        self, source: str, conversation: str, reason: str, chains: Sequence[bytes] = ()
    ) -> list[str]:
        """Delete a conversation and keep it out for good, copies in other sources included.

        Returns the ids of the deleted turns, so that what was made from them can follow.
        """
        with self._store.transaction():
            rows = self._ask(
                "SELECT t.message, t.chain_high, t.chain_low FROM turns t JOIN chats c ON c.id = t.chat "
                "WHERE c.source = ? AND c.conversation = ?",
                [source, conversation],
            ).fetchall()
            known = self._ask(
                "SELECT 1 FROM tombstones WHERE source = ? AND conversation = ? AND message IS NULL",
                [source, conversation],
            ).fetchone()
            if known is None:
                self._ask(
                    "INSERT INTO tombstones VALUES (?, ?, NULL, ?, ?)", [source, conversation, reason, now()]
                )
            deleted = self._forget_chains(
                {(high, low) for _, high, low in rows} | {_pair(one) for one in chains}
            )
            mine = {f"{source}:{conversation}:{message}" for message, _, _ in rows}
            self._ask(
                "DELETE FROM turns WHERE chat IN (SELECT id FROM chats WHERE source = ? AND conversation = ?)",
                [source, conversation],
            )
            self._ask("DELETE FROM chats WHERE source = ? AND conversation = ?", [source, conversation])
        return sorted(mine | set(deleted))

    def forget_turns(self, ids: Iterable[str], reason: str = "forgotten on request") -> list[str]:
        """Delete turns with all their versions and copies and keep them out for good; returns the ids deleted."""
        wanted = set(ids)
        with self._store.transaction():
            chains = set()
            for turn in self.get(wanted):
                self._ask(
                    "INSERT INTO tombstones VALUES (?, ?, ?, ?, ?)",
                    [turn.source, turn.conversation, turn.message, reason, now()],
                )
                chains |= set(
                    self._ask(
                        "SELECT t.chain_high, t.chain_low FROM turns t JOIN chats c ON c.id = t.chat WHERE "
                        "c.source = ? AND c.conversation = ? AND t.message = ?",
                        [turn.source, turn.conversation, turn.message],
                    ).fetchall()
                )
            return self._forget_chains(chains)

    def _forget_chains(self, chains: set[tuple[int, int]]) -> list[str]:
        if not chains:
            return []
        frame = pl.DataFrame(sorted(chains), schema={"high": pl.UInt64, "low": pl.UInt64}, orient="row")
        with registered(self._store, "dead", frame):
            self._ask(
                "INSERT INTO forgotten_chains SELECT high, low FROM dead d WHERE NOT EXISTS "
                "(FROM forgotten_chains f WHERE f.chain_high = d.high AND f.chain_low = d.low)"
            )
            ids = self._ask(
                "SELECT c.source || ':' || c.conversation || ':' || t.message FROM turns t JOIN chats c ON c.id = "
                "t.chat JOIN dead d ON t.chain_high = d.high AND t.chain_low = d.low"
            ).fetchall()
            self._ask("DELETE FROM turns USING dead WHERE chain_high = dead.high AND chain_low = dead.low")
        return sorted({row[0] for row in ids})

    def tag_pipeline(self, chain_hashes: Iterable[str]) -> int:
        """Remember hashes of the pipeline's own calls, so that their traffic is never learnt from."""
        chains = sorted({bytes.fromhex(one) for one in chain_hashes})
        if not chains:
            return 0
        high, low = halves(chains)
        with (
            self._store.transaction(),
            registered(self._store, "own", pl.DataFrame({"high": high, "low": low})),
        ):
            added = self._ask(
                "INSERT INTO pipeline_chains SELECT high, low FROM own o WHERE NOT EXISTS "
                "(FROM pipeline_chains p WHERE p.chain_high = o.high AND p.chain_low = o.low)"
            )
            count = _changed(added)
            self._ask(
                "UPDATE turns SET origin = 'pipeline' FROM own WHERE chain_high = own.high AND chain_low = own.low"
            )
        return count

    def _by_seq(self, numbers: set[int]) -> dict[int | None, Turn]:
        if not numbers:
            return {}
        with registered(self._store, "wanted", pl.DataFrame({"seq": sorted(numbers)})):
            found = self._ask(
                f"SELECT {_TURN} FROM {_JOINED} WHERE t.seq IN (SELECT seq FROM wanted) AND t.seq BETWEEN ? AND ?",
                [min(numbers), max(numbers)],
            ).fetchall()
        return {row[-1]: _turn(row) for row in found}


def _turn(row: Sequence[Any]) -> Turn:
    (source, conversation, message, role, text, at, quality, parent, speaker, model, *rest) = row
    reasoning, attachment, active, origin, high, low, locator, _ = rest
    return Turn(
        source,
        conversation,
        message,
        role,
        text,
        at and at.replace(tzinfo=UTC),
        quality,
        parent,
        speaker,
        model,
        reasoning,
        attachment,
        active,
        "ok",
        origin,
        content_hash(role, text),
        f"{high:016x}{low:016x}",
        locator,
    )


def _splits(ids: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    """Every way to read an id; conversations and messages may hold colons themselves."""
    for one in ids:
        source, _, rest = one.partition(":")
        for place, letter in enumerate(rest):
            if letter == ":":
                yield source, rest, place


def _pair(chain: bytes) -> tuple[int, int]:
    return int.from_bytes(chain[:8], "big"), int.from_bytes(chain[8:], "big")


def _changed(found: Any) -> int:
    row = found.fetchone()
    return int(row[0]) if row else 0
