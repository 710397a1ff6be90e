"""Data checks between the steps: failing rows are quarantined, a critical failure stops the night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from prefect import task

from data.errors import BadInput
from data.night import Night
from data.records import Dream, Example, Exchange
from data.settings import Settings
from data.store import Store
from quality.expectations import Check, check, preload
from tasks import artifacts
from tasks.common import STAGE, Plan, stage

__all__ = ["preload", "run_check"]
Rows = list[dict[str, Any]]


@task(name="check", **STAGE)
def run_check(plan: Plan, suite: str, upstream: str) -> dict[str, Any]:
    """Check the rows of one suite (turns, dreams or mixture) and put failing ones aside."""
    with stage(plan, f"check-{suite}") as (settings, night, _, figures):
        rows = _rows(settings, night, suite)
        result = check(suite, rows, COLUMNS[suite])
        with Store(settings.database) as store:
            store.nights.replace_quarantine(night, suite, result.quarantine)
        artifacts.check_table(plan, result)
        figures |= {"rows": result.rows, "quarantined": len(result.quarantine)}
    _stop_if_blocked(result)
    return {**figures, "suite": suite, "digest": upstream}


COLUMNS: Mapping[str, Sequence[str]] = {
    "turns": ("id", "text", "role", "at", "inside"),
    "dreams": ("id", "question", "answer", "split", "cited"),
    "mixture": ("id", "answer", "loss", "weight", "held_out"),
}


def _rows(settings: Settings, night: Night, suite: str) -> Rows:
    with Store(settings.database) as store:
        if suite == "turns":
            return turn_rows(store.turns.exchanges(night), night)
        if suite == "dreams":
            return dream_rows(store.dreams.all(night))
        held_out = {dream.question.casefold() for dream in store.dreams.all(night) if dream.split == "test"}
        return mixture_rows(store.dreams.mixture(night), held_out)


def turn_rows(exchanges: Sequence[Exchange], night: Night) -> Rows:
    """The user turns of the day as plain columns."""
    return [
        {
            "id": e.user.id,
            "text": e.user.text,
            "role": e.user.role,
            "at": e.user.at.isoformat() if e.user.at else None,
            "inside": int(e.user.at is not None and night.start <= e.user.at < night.end),
        }
        for e in exchanges
    ]


def dream_rows(dreams: Sequence[Dream]) -> Rows:
    """The verified dreams as plain columns."""
    return [
        {"id": d.id, "question": d.question, "answer": d.answer, "split": d.split}
        | {"cited": int(bool(d.sources) or not d.memory_ids)}
        for d in dreams
        if d.verified
    ]


def mixture_rows(examples: Sequence[Example], held_out: set[str]) -> Rows:
    """The training rows as plain columns, those that equal a held-out question marked."""
    return [
        {"id": e.id, "answer": e.answer, "loss": e.loss, "weight": e.weight}
        | {"held_out": int(e.question.casefold() in held_out)}
        for e in examples
    ]


def _stop_if_blocked(result: Check) -> None:
    if result.blocked:
        reasons = [e.reason for e in result.expectations if not e.passed and e.severity == "critical"]
        raise BadInput(
            f"The data check of {result.suite} failed: {'; '.join(reasons)}. The night stops here; the live "
            "model and the day are untouched. The artifact of the check says more."
        )
