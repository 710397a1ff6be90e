"""Rollback: an earlier generation back into service, its successors' days back to pending."""

from __future__ import annotations

from prefect import flow
from prefect.states import Completed, State

from tasks.generations import roll_back


@flow(name="rollback", persist_result=False)
def rollback(generation: str | None = None) -> State:
    """Serve `generation` (the previous one if unset) at once; the days it does not know return to pending."""
    return Completed(name="RolledBack", message=roll_back(generation))
