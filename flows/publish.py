"""Publish: a person's approval of a candidate that passed its gates."""

from __future__ import annotations

from prefect import flow
from prefect.states import Completed, State

from tasks.generations import approve


@flow(name="publish", persist_result=False)
def publish_candidate(generation: str | None = None, reason: str = "") -> State:
    """Put `generation` (the newest candidate if unset) into service; `reason` is kept with it."""
    return Completed(name="Published", message=approve(generation, reason))
