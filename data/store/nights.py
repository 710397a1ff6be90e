"""What happened in each night: its status, its stages, its gates and the answers it was judged by."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

from data.night import Night
from data.records import Answer, GateResult, Probe

if TYPE_CHECKING:
    from data.store.core import Store

Status = Literal["pending", "waiting", "published", "candidate", "rejected", "skipped", "failed"]
_SELECT = "SELECT night, status, recipe, inputs, generation, reason, started, finished FROM nights"
DONE: tuple[Status, ...] = ("published", "skipped")


@dataclass(frozen=True, slots=True)
class NightRow:
    """The state of one night as stored."""

    night: date
    status: Status
    recipe: str | None
    inputs: str | None
    generation: str | None
    reason: str | None
    started: datetime | None
    finished: datetime | None

    @property
    def done(self) -> bool:
        """Whether the day has been consumed."""
        return self.status in DONE


class Nights:
    """Rows of the tables nights, stages, gates, answers and quarantine."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def get(self, night: Night) -> NightRow | None:
        """The stored state of `night`, or None before its first run."""
        row = self.store.connection.execute(f"{_SELECT} WHERE night = ?", [night.date]).fetchone()
        return NightRow(*row) if row else None

    def all(self) -> list[NightRow]:
        """Every night that was ever started, oldest first."""
        rows = self.store.connection.execute(f"{_SELECT} ORDER BY night").fetchall()
        return [NightRow(*row) for row in rows]

    def begin(self, night: Night, recipe: str, inputs: str) -> None:
        """Mark the night as pending with what it is made from."""
        with self.store.transaction() as con:
            con.execute("DELETE FROM nights WHERE night = ?", [night.date])
            con.execute(
                "INSERT INTO nights (night, status, recipe, inputs, started) "
                "VALUES (?, 'pending', ?, ?, now())",
                [night.date, recipe, inputs],
            )

    def started(self, night: Night) -> str:
        """When the night's present run was begun, in ISO form; a rerun after a crash keeps it."""
        row = self.get(night)
        return row.started.isoformat() if row and row.started else ""

    def finish(
        self, night: Night, status: Status, *, generation: str | None = None, reason: str = ""
    ) -> None:
        """Record how the night ended; only `published` and `skipped` consume the day."""
        self.store.connection.execute(
            "UPDATE nights SET status = ?, generation = coalesce(?, generation), reason = ?, "
            "finished = now() WHERE night = ?",
            [status, generation, reason, night.date],
        )

    def consume_before(self, night: Night, generation: str) -> int:
        """Mark earlier days as published whose memories the generation of `night` holds; returns how many."""
        done = self.store.connection.execute(
            "UPDATE nights SET status = 'published', generation = ?, reason = ?, finished = now() "
            "WHERE night < ? AND status IN ('pending', 'waiting', 'rejected', 'candidate', 'failed') "
            "RETURNING night",
            [generation, f"Taken in by the night of {night}.", night.date],
        ).fetchall()
        return len(done)

    def reopen(self, nights: Sequence[date], reason: str) -> None:
        """Return days to pending, after a rollback or when late messages arrive."""
        if nights:
            self.store.connection.execute(
                "UPDATE nights SET status = 'pending', reason = ? WHERE list_contains(?, night)",
                [reason, list(nights)],
            )

    def record_stage(
        self, night: Night, stage: str, seconds: float, model_seconds: float, figures: Mapping[str, Any]
    ) -> None:
        """Store how long a stage took, how much of that was model compute, and its counts."""
        with self.store.transaction() as con:
            con.execute("DELETE FROM stages WHERE night = ? AND stage = ?", [night.date, stage])
            con.execute(
                "INSERT INTO stages VALUES (?, ?, ?, ?, ?)",
                [night.date, stage, seconds, model_seconds, json.dumps(figures)],
            )

    def stages(self, night: Night) -> dict[str, dict[str, Any]]:
        """Stage name to seconds, model seconds and figures."""
        rows = self.store.connection.execute(
            "SELECT stage, seconds, model_seconds, figures FROM stages WHERE night = ?", [night.date]
        ).fetchall()
        return {
            stage: {"seconds": seconds, "model_seconds": model, "figures": json.loads(figures)}
            for stage, seconds, model, figures in rows
        }

    def replace_gates(self, night: Night, generation: str, results: Sequence[GateResult]) -> None:
        """Store the gates' verdicts on a generation."""
        with self.store.transaction() as con:
            con.execute("DELETE FROM gates WHERE night = ? AND generation = ?", [night.date, generation])
            rows = [
                [
                    night.date,
                    generation,
                    g.name,
                    g.passed,
                    g.figure,
                    g.threshold,
                    g.n,
                    g.low,
                    g.high,
                    g.base,
                    g.live,
                ]
                + [g.detail]
                for g in results
            ]
            if rows:
                con.executemany("INSERT INTO gates VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def gates(self, night: Night, generation: str | None = None) -> list[GateResult]:
        """The gates' verdicts of a night, of one generation when named."""
        rows = self.store.connection.execute(
            "SELECT name, passed, figure, threshold, n, low, high, base, live, detail FROM gates "
            "WHERE night = ? AND (? IS NULL OR generation = ?) ORDER BY rowid",
            [night.date, generation, generation],
        ).fetchall()
        return [GateResult(*row) for row in rows]

    def published_gates(self, before: Night) -> list[dict[str, GateResult]]:
        """The gates of what each earlier night published, by name, oldest night first.

        A generation is named after its night and the digest its gates are stored under.
        """
        rows = self.store.connection.execute(
            "SELECT g.night, name, passed, figure, threshold, n, low, high, base, live, detail FROM gates g "
            "JOIN nights s ON s.night = g.night AND s.status = 'published' "
            "AND starts_with(g.generation, right(s.generation, 8)) "
            "AND starts_with(s.generation, s.night::VARCHAR) WHERE g.night < ? ORDER BY g.night, g.rowid",
            [before.date],
        ).fetchall()
        found: dict[date, dict[str, GateResult]] = {}
        for night, *gate in rows:
            result = GateResult(*gate)
            found.setdefault(night, {})[result.name] = result
        return list(found.values())

    def replace_answers(self, night: Night, generation: str, answers: Sequence[Answer]) -> None:
        """Store what a model answered in the examination."""
        with self.store.transaction() as con:
            con.execute("DELETE FROM answers WHERE night = ? AND generation = ?", [night.date, generation])
            rows = [
                [
                    night.date,
                    generation,
                    a.probe.id,
                    a.probe.kind,
                    a.probe.memory_id,
                    a.probe.question,
                    a.text,
                ]
                + [a.outcome]
                for a in answers
            ]
            if rows:
                con.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def answers(self, night: Night, generation: str) -> list[Answer]:
        """What a model answered in the examination of a night."""
        rows = self.store.connection.execute(
            "SELECT probe, kind, question, memory, answer, outcome FROM answers "
            "WHERE night = ? AND generation = ? ORDER BY rowid",
            [night.date, generation],
        ).fetchall()
        return [
            Answer(Probe(probe, kind, question, memory_id=memory), text, outcome)
            for probe, kind, question, memory, text, outcome in rows
        ]

    def forget_answers(self, memory_ids: Sequence[str]) -> None:
        """Erase examination answers about these memories."""
        self.store.connection.execute(
            "DELETE FROM answers WHERE list_contains(?, memory)", [list(memory_ids)]
        )

    def replace_quarantine(self, night: Night, suite: str, rows: Mapping[str, str]) -> None:
        """Store which rows failed a data check and why."""
        with self.store.transaction() as con:
            con.execute("DELETE FROM quarantine WHERE night = ? AND suite = ?", [night.date, suite])
            if rows:
                con.executemany(
                    "INSERT INTO quarantine VALUES (?, ?, ?, ?)",
                    [[night.date, suite, row_id, reason] for row_id, reason in rows.items()],
                )

    def quarantine(self, night: Night) -> list[tuple[str, str, str]]:
        """(suite, row id, reason) of every row that failed a check."""
        rows = self.store.connection.execute(
            "SELECT suite, row_id, reason FROM quarantine WHERE night = ? ORDER BY suite, row_id",
            [night.date],
        ).fetchall()
        return [(suite, row_id, reason) for suite, row_id, reason in rows]
