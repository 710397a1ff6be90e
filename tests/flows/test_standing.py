"""The standing system: its note, its ports, and runs whose process is gone."""

import json
import os
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from data.errors import BackendError, BadInput
from data.settings import Settings
from tasks import own_server, standing, zombies
from tasks.common import exclusive
from tests.flows.tiny_night import tiny_recipe, tiny_settings


@pytest.fixture
def home(tmp_path: Path, tiny: Path) -> Settings:
    return tiny_settings(tmp_path / "home", tiny_recipe(tiny))


@pytest.fixture
def api(prefect_server: None, monkeypatch: pytest.MonkeyPatch) -> str:
    from prefect.settings import PREFECT_API_URL

    monkeypatch.setattr(zombies, "YOUNG", timedelta(0))
    return str(PREFECT_API_URL.value())


def a_run(api: str, flow: str, pid: str | None = None) -> str:
    """A run that Prefect believes to be running; returns its id."""
    with httpx.Client(base_url=f"{api}/", timeout=30) as client:
        flow_id = client.post("flows/", json={"name": flow}).json()["id"]
        body = {"flow_id": flow_id, "state": {"type": "RUNNING", "name": "Running"}}
        run = client.post("flow_runs/", json=body).json()["id"]
        if pid:
            client.patch(f"flow_runs/{run}", json={"infrastructure_pid": pid}).raise_for_status()
    return str(run)


def state(api: str, run: str) -> str:
    return str(httpx.get(f"{api}/flow_runs/{run}").json()["state"]["type"])


def test_runs_whose_process_is_gone_are_crashed(home: Settings, api: str) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    host = socket.gethostname()
    dead = [a_run(api, "audit", f"{host}:{gone.pid}"), a_run(api, "nightly")]
    alive = [
        a_run(api, "audit", f"{host}:{os.getpid()}"),
        a_run(api, "audit", "elsewhere:1"),
        a_run(api, "other"),
    ]
    zombies.sweep(home, api)
    assert [state(api, run) for run in dead] == ["CRASHED", "CRASHED"]
    assert [state(api, run) for run in alive] == ["RUNNING"] * 3


def test_a_night_that_really_runs_is_left_alone(home: Settings, api: str) -> None:
    run = a_run(api, "nightly")
    with exclusive(home, "night"):
        zombies.sweep(home, api)
    assert state(api, run) == "RUNNING"
    zombies.sweep(home, api)
    assert state(api, run) == "CRASHED"


def test_a_run_that_has_just_begun_is_left_alone(
    home: Settings, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zombies, "YOUNG", timedelta(seconds=60))
    run = a_run(api, "nightly")
    assert zombies.sweep(home, api) == []
    assert state(api, run) == "RUNNING"


def test_no_server_is_no_error(home: Settings) -> None:
    assert zombies.sweep(home, "http://127.0.0.1:9/api") == []


def test_a_note_of_a_dead_system_means_nothing_runs(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    for note in ({"pid": os.getpid()}, {"pid": 2**22 + 1}, {"pid": "one"}, {}, []):
        (home.home / "standing.json").write_text(json.dumps(note))
        assert standing.running(home) is None
    assert standing.down(home) == 0
    assert "Nothing runs" in capsys.readouterr().out


@pytest.mark.parametrize(("words", "ours"), [(("flows", "up"), True), (("compose", "up"), False)])
def test_only_our_own_up_is_taken_for_the_standing_system(
    home: Settings, words: tuple[str, ...], ours: bool
) -> None:
    waiting = [sys.executable, "-c", "input(1)", *words]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.read(1)  # the words of a process can be read a moment after it was started
        (home.home / "standing.json").write_text(json.dumps({"pid": process.pid}))
        assert (standing.running(home) is not None) == ours
        process.kill()


def test_a_taken_port_is_named_before_anything_starts(home: Settings) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        serve = home.serve.model_copy(update={"prefect_port": port})
        with pytest.raises(BadInput, match="NOCTURNE_SERVE__PREFECT_PORT"):
            standing.up(home.model_copy(update={"serve": serve}))
    assert list(home.logs.iterdir()) == []


def test_a_part_that_ends_at_once_is_not_waited_for() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone, pytest.raises(BackendError, match="ended at"):
        standing._wait_for("http://127.0.0.1:9/health", gone)


def test_a_part_that_never_answers_is_waited_for_no_longer_than_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_server, "START_SECONDS", 0.2)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as silent:
        with pytest.raises(BackendError, match="http://127.0.0.1:9/health did not answer within"):
            standing._wait_for("http://127.0.0.1:9/health", silent)
        silent.kill()
