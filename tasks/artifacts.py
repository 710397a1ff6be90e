"""Prefect artifacts: what a person reads in the UI; counts and reasons, and short excerpts when allowed.

Prefect's database is not the person's store, so no statement, question or answer goes there; rows are
named by their id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from prefect.artifacts import (
    create_markdown_artifact,
    create_progress_artifact,
    create_table_artifact,
    update_progress_artifact,
)
from prefect.context import FlowRunContext, TaskRunContext

from data.records import GateResult
from quality.expectations import Check
from tasks.common import Plan, throttled


def _inside_a_run() -> bool:
    return TaskRunContext.get() is not None or FlowRunContext.get() is not None


def table(plan: Plan, key: str, rows: Sequence[Mapping[str, Any]], description: str) -> None:
    """A table artifact; the same key gives the history over nights."""
    if _inside_a_run():
        create_table_artifact(
            key=key, table=[dict(row) for row in rows], description=f"{description} ({plan.night})"
        )


def markdown(plan: Plan, key: str, text: str, description: str) -> None:
    """A markdown artifact."""
    if _inside_a_run():
        create_markdown_artifact(key=key, markdown=text, description=f"{description} ({plan.night})")


def check_table(plan: Plan, check: Check) -> None:
    """The result of a data check, an expectation a line."""
    rows = [
        {
            "expectation": one.name.removeprefix("expect_"),
            "column": one.column,
            "severity": one.severity,
            "passed": one.passed,
            "rows": one.unexpected,
            "meaning": one.reason,
        }
        for one in check.expectations
    ]
    table(plan, f"check-{check.suite}", rows, f"Data check of {check.rows} {check.suite}")


def gate_table(plan: Plan, results: Sequence[GateResult]) -> None:
    """The examination's verdicts."""
    rows = [
        {
            "gate": g.name,
            "passed": g.passed,
            "figure": round(g.figure, 4),
            "threshold": round(g.threshold, 4),
            "n": g.n,
            "95 %": "" if g.low is None or g.high is None else f"{g.low:.2f} to {g.high:.2f}",
            "base": "" if g.base is None else round(g.base, 4),
            "live": "" if g.live is None else round(g.live, 4),
            "detail": g.detail,
        }
        for g in results
    ]
    table(plan, "gates", rows, "Examination of the file that would be served")


class Progress:
    """A progress artifact in the UI and a bar on a terminal, fed with shares from 0 to 1."""

    def __init__(self, plan: Plan, key: str, description: str) -> None:
        self._id: UUID | None = None
        self._say = throttled(self._show)
        self._description = description
        if _inside_a_run():
            self._id = create_progress_artifact(
                progress=0.0, key=f"progress-{key}", description=f"{description} ({plan.night})"
            )

    def __call__(self, share: float, text: str = "") -> None:
        """Report the finished share."""
        self._say(share, text)

    def _show(self, share: float, text: str) -> None:
        if self._id is not None:
            update_progress_artifact(artifact_id=self._id, progress=round(100 * share, 1))
        _bar(self._description, share, text)


def _bar(description: str, share: float, text: str) -> None:
    """One line on a terminal that is rewritten until it is full; silent elsewhere."""
    import sys

    if not sys.stderr.isatty():
        return
    filled = int(28 * share)
    line = f"\r{description:<22} [{'#' * filled}{'.' * (28 - filled)}] {100 * share:5.1f} % {text[:40]:<40}"
    sys.stderr.write(line + ("\n" if share >= 1.0 else ""))
    sys.stderr.flush()
