"""Runs whose process is gone: an automation that crashes them, and a sweep at the start of the system.

A killed worker leaves its run in Running for ever, and with it the pool's only slot, so every later
night would be cancelled. Heartbeats that stop are the sign.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psutil

from data.errors import StoreBusy
from data.settings import Settings
from tasks.common import exclusive

AUTOMATION = "nocturne-crash-zombies"
SILENCE = timedelta(seconds=300)
YOUNG = timedelta(seconds=60)
HOLDING = ("nightly", "backfill")
STUCK = ("RUNNING", "CANCELLING")


def api_of(settings: Settings) -> str:
    """URL of this installation's Prefect server."""
    return f"http://127.0.0.1:{settings.serve.prefect_port}/api"


def sweep(settings: Settings, api: str | None = None) -> list[str]:
    """Mark runs whose process is gone as crashed and return their names; none when no server answers.

    A run of a worker is dead when its process is; a night started by hand when nobody holds the lock
    that every night holds. Runs that have just begun are left alone.
    """
    url = api or api_of(settings)
    with httpx.Client(base_url=url.rstrip("/") + "/", timeout=10.0, trust_env=False) as client:
        try:
            return [str(run["name"]) for run in _dead(client, settings) if _crash(client, run)]
        except (httpx.HTTPError, ValueError, KeyError):
            return []


def _dead(client: httpx.Client, settings: Settings) -> Iterator[dict[str, Any]]:
    flows = {flow["id"]: flow["name"] for flow in _rows(client, "flows/filter", {})}
    runs = _rows(client, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": list(STUCK)}}}})
    night_held = _held(settings)
    for run in runs:
        began = datetime.fromisoformat(run["start_time"] or run["created"])
        if datetime.now(UTC) - began < YOUNG:
            continue
        host, _, pid = str(run.get("infrastructure_pid") or "").rpartition(":")
        if host == socket.gethostname() and pid.isdigit():
            dead = not psutil.pid_exists(int(pid))
        else:
            dead = not host and flows.get(run["flow_id"]) in HOLDING and not night_held
        if dead:
            yield run


def _held(settings: Settings) -> bool:
    """Whether a night is running, by the lock the kernel frees when its process ends."""
    try:
        with exclusive(settings, "night"):
            return False
    except StoreBusy:
        return True


def _rows(client: httpx.Client, path: str, body: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.post(path, json=body).raise_for_status().json()
    return found


def _crash(client: httpx.Client, run: dict[str, Any]) -> bool:
    state = {"type": "CRASHED", "name": "Crashed", "message": "Its process is gone."}
    reply = client.post(f"flow_runs/{run['id']}/set_state", json={"state": state, "force": True})
    return bool(reply.raise_for_status().json()["status"] == "ACCEPT")


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
