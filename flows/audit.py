"""Audit: the live model examined again, on the larger panel."""

from __future__ import annotations

from prefect import flow
from prefect.states import Completed, State

from tasks.generations import examine_live


@flow(name="audit", persist_result=False)
def audit() -> State:
    """Verify the live file's digest and ask it the second-stage panel; failing gates are named."""
    failed = examine_live()
    if failed:
        return Completed(
            name="Rejected", message=f"The live model fails: {', '.join(failed)}. Consider a rollback."
        )
    return Completed(name="Passed", message="The live model passes every gate.")
