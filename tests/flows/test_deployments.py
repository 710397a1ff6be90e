"""Against a real Prefect server: every deployment of prefect.yaml is created and its cron gets runs."""

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from data.settings import CHECKOUT, child_environment


@pytest.fixture
def server(tmp_path: Path):
    """A Prefect server on a free port with a database of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = child_environment(
        PREFECT_HOME=str(tmp_path),
        PREFECT_API_URL=f"http://127.0.0.1:{port}/api",
        PREFECT_SERVER_API_PORT=str(port),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        PREFECT_API_DATABASE_CONNECTION_URL=f"sqlite+aiosqlite:///{tmp_path}/prefect.db",
        NOCTURNE_HOME=str(tmp_path / "home"),
        NOCTURNE_ZONE="Europe/Berlin",
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(lambda: httpx.get(f"{environment['PREFECT_API_URL']}/health").status_code == 200, 120)
        yield environment
    finally:
        process.terminate()
        process.wait(30)


def _until(true, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if true():
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise AssertionError(f"not true within {seconds} s")


def test_deployments_are_created_and_the_cron_gets_scheduled_runs(server: dict[str, str]) -> None:
    def prefect(*arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "prefect", "--no-prompt", *arguments],
            env=server,
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    prefect("work-pool", "create", "nocturne", "--type", "process", "--overwrite")
    prefect("deploy", "--all")
    api = server["PREFECT_API_URL"]
    deployments = httpx.post(f"{api}/deployments/filter", json={}).json()
    assert {one["name"] for one in deployments} == {"nightly", "backfill", "audit", "rollback", "publish"}
    nightly = next(one for one in deployments if one["name"] == "nightly")
    schedule = nightly["schedules"][0]["schedule"]
    assert schedule["cron"] == "10 4 * * *" and schedule["timezone"] == "Europe/Berlin"
    assert nightly["global_concurrency_limit"]["limit"] == 1
    form = nightly["parameter_openapi_schema"]["properties"]
    assert {"night", "redo", "recipe", "review_dreams"} <= set(form)

    def scheduled() -> bool:
        body = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        return len(httpx.post(f"{api}/flow_runs/filter", json=body).json()) > 0

    _until(scheduled, 90)
