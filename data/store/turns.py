"""The raw log: chats and their turns, read back as turns and exchanges.

How rows get in is `data.store.writing`, how they leave for good `data.store.forgetting`, which files they
came from `data.store.files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from data.logs.columns import Rows
from data.logs.report import FileReport, report_of
from data.logs.tally import Tally
from data.logs.turns import rows_of_turns
from data.night import Night
from data.records import Exchange, Reject, Turn
from data.settings import Ingest
from data.store.files import Files
from data.store.forgetting import bury_chat, bury_turns, tag_pipeline
from data.store.writing import Writer, registered
from data.text import content_hash

if TYPE_CHECKING:
    from data.store.core import Store

SAME_CHAT_HOURS = 18

_TURN = """
    SELECT c.source, c.conversation, t.message, t.role, t.text, t.instant, t.time_quality, t.parent,
        t.speaker, t.model, t.reasoning, t.attachment_text, t.active, t.origin, t.chain_high, t.chain_low,
        coalesce(f.path || ': ', '') || c.locator, t.seq
    FROM turns t JOIN chats c ON c.id = t.chat LEFT JOIN files f ON f.id = t.file"""
_TOLD = """
    CREATE OR REPLACE TEMP TABLE told AS
    SELECT seq, chat, message, parent, position, instant, chain_high, chain_low, time_quality FROM turns
    WHERE instant >= ? AND instant < ? AND role = 'user' AND active AND origin = 'chat'"""
_COPIES = f"""
    DELETE FROM told WHERE seq IN (
        SELECT u.seq FROM turns e
        JOIN told u ON e.chain_high = u.chain_high AND e.chain_low = u.chain_low
        JOIN chats ec ON ec.id = e.chat JOIN chats uc ON uc.id = u.chat
        WHERE e.seq < u.seq AND e.chat <> u.chat AND e.active AND e.origin = 'chat'
        AND (ec.source <> uc.source OR e.time_quality <> 'exact' OR u.time_quality <> 'exact'
            OR abs(epoch(e.instant) - epoch(u.instant)) < {SAME_CHAT_HOURS * 3600}))"""
_AROUND = """
    CREATE OR REPLACE TEMP TABLE around AS
    SELECT t.seq, t.chat, t.message, t.parent, t.role, t.instant FROM turns t
    WHERE t.active AND t.chat IN (SELECT chat FROM told)"""
_TRIPLES = """
    SELECT u.seq,
        (SELECT arg_min(a.seq, coalesce(a.instant, TIMESTAMP '9999-01-01')) FROM around a
            WHERE a.chat = u.chat AND a.parent = u.message AND a.role = 'assistant'),
        (SELECT min(b.seq) FROM around b WHERE b.chat = u.chat AND b.message = u.parent)
    FROM told u JOIN chats c ON c.id = u.chat
    ORDER BY u.instant, c.source, c.conversation, u.position, u.seq"""
_NIGHTS = """
    SELECT day, count(*) FROM turns
    WHERE active AND origin = 'chat' AND role = 'user' AND day IS NOT NULL GROUP BY day ORDER BY day"""
_DAYS = """
    SELECT source, conversation, day, count(*) FROM turns t JOIN chats c ON c.id = t.chat
    WHERE active AND day IS NOT NULL GROUP BY ALL ORDER BY ALL"""


class Turns:
    """The turns of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.files = Files(store)

    def _rows(self, statement: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        found: list[tuple[Any, ...]] = self._store.connection.execute(statement, list(values)).fetchall()
        return found

    def ingest(
        self, path: Path, turns: Iterable[Turn | Reject], settings: Ingest | None = None, zone: str = "UTC"
    ) -> FileReport:
        """Store turns that some converter made from `path`; ingesting them again adds nothing.

        The turns of one conversation must follow one another, in order, and be all there are of it.
        Returns the counts of the active branches.
        """
        writer = Writer(self._store, settings or Ingest(), zone)
        tally = Tally()
        rejects: list[Reject] = []
        batch: list[Rows] = []
        for found in rows_of_turns(turns, tally):
            if isinstance(found, Reject):
                rejects.append(found)
            else:
                batch.append(found)
        with self._store.transaction():
            file = self.files.id(path, "turns")
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
        out: the same words from the first message on, and within one source not at clearly other times.
        """
        self._rows(_TOLD, [night.start.replace(tzinfo=None), night.end.replace(tzinfo=None)])
        self._rows(_COPIES)
        self._rows(_AROUND)
        triples = self._rows(_TRIPLES)
        self._rows("DROP TABLE told")
        self._rows("DROP TABLE around")
        turns = self._by_seq({seq for triple in triples for seq in triple if seq is not None})
        return [
            Exchange(turns[user], turns.get(answer), turns.get(before)) for user, answer, before in triples
        ]

    def get(self, ids: Iterable[str]) -> list[Turn]:
        """Turns by id, in the given order; unknown ids are left out. The newest version of each."""
        wanted = list(dict.fromkeys(ids))
        schema = dict.fromkeys(("source", "conversation", "message"), pl.String)
        frame = pl.DataFrame(list(_splits(wanted)), schema=schema, orient="row")
        with registered(self._store, "wanted", frame):
            found = self._rows(
                f"{_TURN} JOIN wanted w ON w.source = c.source AND w.conversation = c.conversation "
                "AND w.message = t.message ORDER BY t.active, t.seq"
            )
        turns = {turn.id: turn for turn in map(_turn, found)}
        return [turns[one] for one in wanted if one in turns]

    def all(self, *, active_only: bool = True) -> Iterator[Turn]:
        """Every turn in order of conversation and position, a few thousand in memory at a time."""
        found = self._store.connection.cursor().execute(
            f"{_TURN} WHERE t.active OR NOT ? ORDER BY c.source, c.conversation, t.position, t.seq",
            [active_only],
        )
        while rows := found.fetchmany(5_000):
            yield from map(_turn, rows)

    def nights_with_turns(self) -> dict[date, int]:
        """Local days on which the person said something, and how many active user turns each has."""
        return dict(self._rows(_NIGHTS))

    def days(self) -> list[tuple[Any, ...]]:
        """(source, conversation, local day, active turns) of all that is stored, ordered."""
        return self._rows(_DAYS)

    def count(self) -> int:
        """Rows of the raw log, older versions included."""
        return int(self._rows("SELECT count(*) FROM turns")[0][0])

    def rejects(self) -> list[Reject]:
        """What the readers could not use, of the latest reading of each file."""
        return self.files.rejects()

    def expire(self, before: date) -> int:
        """Delete raw turns of local days before `before`; returns how many."""
        return int(self._rows("DELETE FROM turns WHERE day < ?", [before])[0][0])

    def tombstone(
        self, source: str, conversation: str, reason: str, chains: Sequence[bytes] = ()
    ) -> list[str]:
        """Delete a conversation and keep it and its copies in other sources out for good.

        Returns the ids of the deleted turns, so that what was made from them can follow.
        """
        return bury_chat(self._store, source, conversation, reason, chains)

    def forget_turns(self, ids: Iterable[str], reason: str = "forgotten on request") -> list[str]:
        """Delete turns with all their versions and copies and keep them out for good; returns their ids."""
        return bury_turns(self._store, self.get(ids), reason)

    def tag_pipeline(self, chain_hashes: Iterable[str]) -> int:
        """Remember hashes of the pipeline's own calls, so that their traffic is never learnt from."""
        return tag_pipeline(self._store, chain_hashes)

    def _by_seq(self, numbers: set[int]) -> dict[int | None, Turn]:
        if not numbers:
            return {}
        with registered(self._store, "wanted", pl.DataFrame({"seq": sorted(numbers)})):
            found = self._rows(
                f"{_TURN} WHERE t.seq IN (SELECT seq FROM wanted) AND t.seq BETWEEN ? AND ?",
                [min(numbers), max(numbers)],
            )
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


def _splits(ids: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Every way to read an id; conversations and messages may hold colons themselves."""
    for one in ids:
        source, _, rest = one.partition(":")
        for place, letter in enumerate(rest):
            if letter == ":":
                yield source, rest[:place], rest[place + 1 :]
