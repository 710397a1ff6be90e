"""Runs whose process is gone: an automation that crashes them, and a sweep at the start of the system.

A killed worker leaves its run in Running for ever, and with it the pool's only slot, so every later
night would be cancelled. Heartbeats that stop are the sign.
"""

from __future__ import annotations

from datetime import timedelta

AUTOMATION = "nocturne-crash-zombies"
SILENCE = timedelta(seconds=300)


def watch() -> None:
    """Create the automation that marks silent runs as crashed, unless it exists."""
    from prefect.automations import Automation
    from prefect.client.schemas.objects import StateType
    from prefect.events.actions import ChangeFlowRunState
    from prefect.events.schemas.automations import EventTrigger, Posture

    try:
        Automation.read(name=AUTOMATION)
        return
    except ValueError:
        pass
    ends = ("heartbeat", "Completed", "Failed", "Cancelled", "Crashed", "Paused", "Suspended")
    Automation(
        name=AUTOMATION,
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={f"prefect.flow-run.{end}" for end in ends},
            match={"prefect.resource.id": ["prefect.flow-run.*"]},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=SILENCE,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED)],
    ).create()
