"""The server a command brings along answers, goes with it however it ends, and takes nobody's place."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import pytest

from data.errors import BackendError
from data.settings import Settings, child_environment, load_settings
from tasks import own_server, standing_note

WAITING = """
import time
from data.settings import load_settings, prepare_environment
from tasks.own_server import own_server
settings = load_settings()
settings.ensure_home()
prepare_environment(settings)
with own_server(settings) as server, server.used():
    print(server.process.pid, flush=True)
    time.sleep(600)
"""


THREADED = """
from threading import Thread
from data.settings import load_settings, prepare_environment
from tasks.own_server import own_server
settings = load_settings()
settings.ensure_home()
prepare_environment(settings)
with own_server(settings) as server, server.used():
    def tell():
        from prefect.client.orchestration import get_client
        print(server.api, str(get_client(sync_client=True).api_url).rstrip("/"))
    thread = Thread(target=tell)
    thread.start()
    thread.join()
"""

INTERRUPTED = """
import time
import httpx
from data.settings import load_settings, prepare_environment
from tasks.own_server import own_server
settings = load_settings()
settings.ensure_home()
prepare_environment(settings)
with own_server(settings) as server, server.used():
    try:
        print("up", flush=True)
        time.sleep(600)
    except KeyboardInterrupt:
        time.sleep(2)
        print(httpx.get(f"{server.api}/health", trust_env=False).status_code, flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = load_settings({}, home=tmp_path / "home", zone="UTC")
    settings.ensure_home()
    monkeypatch.setenv("PREFECT_HOME", str(settings.home / "prefect"))
    monkeypatch.setenv("PREFECT_API_URL", "")
    return settings


def test_it_answers_and_is_gone_afterwards(settings: Settings) -> None:
    with own_server.own_server(settings) as server, server.used():
        assert httpx.get(f"{server.api}/health", trust_env=False).status_code == httpx.codes.OK
        assert server.process and psutil.pid_exists(server.process.pid)
        assert (settings.home / "prefect" / "prefect.db").stat().st_mode & 0o077 == 0
    assert server.process.poll() is not None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.api}/health", trust_env=False)


def test_it_dies_with_a_command_that_is_killed(tmp_path: Path) -> None:
    kept = {name: value for name, value in child_environment().items() if not name.startswith("PREFECT_")}
    command = subprocess.Popen(
        [sys.executable, "-c", WAITING],
        env={**kept, "NOCTURNE_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert command.stdout
    pid = int(command.stdout.readline())
    os.kill(command.pid, signal.SIGKILL)
    command.wait()
    end = time.monotonic() + 10
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < end, "the server outlived its command"
        time.sleep(0.1)


def test_it_outlives_the_ctrl_c_that_the_command_still_reports_to_it(tmp_path: Path) -> None:
    kept = {name: value for name, value in child_environment().items() if not name.startswith("PREFECT_")}
    command = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED],
        env={**kept, "NOCTURNE_HOME": str(tmp_path / "home")},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert command.stdout and command.stdout.readline() == "up\n"
    os.killpg(command.pid, signal.SIGINT)
    assert command.communicate(timeout=60)[0] == "200\n"


def test_nothing_of_prefect_is_there_before_it() -> None:
    """Threads of a Prefect that was imported earlier do not know the server and would start their own."""
    asked = "import sys, flows.__main__, tasks.own_server; print('prefect' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_threads_of_the_command_know_it(tmp_path: Path) -> None:
    kept = {name: value for name, value in child_environment().items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        [sys.executable, "-c", THREADED],
        env={**kept, "NOCTURNE_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        check=True,
    )
    own, known = done.stdout.split()
    assert own == known


def test_a_server_the_person_named_is_left_to_prefect(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    with own_server.own_server(settings) as server, server.used():
        assert server.process is None


def test_the_standing_system_s_server_is_used_while_it_runs(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = "http://127.0.0.1:1/api"
    waiting = [sys.executable, "-c", "input(1)", "flows", "up"]
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as up:
        assert up.stdout is not None
        up.stdout.read(1)
        note = {"pid": up.pid, "prefect": api, "children": []}
        standing_note.path(settings).write_text(json.dumps(note))
        with own_server.own_server(settings) as server, server.used():
            assert (server.api, server.process) == (api, None)
            assert os.environ["PREFECT_API_URL"] == api
        up.kill()
    monkeypatch.setenv("PREFECT_API_URL", "")
    with own_server.own_server(settings) as server:
        assert server.process is not None and server.api != api


def test_a_server_that_cannot_start_is_said(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_DATABASE_CONNECTION_URL", "sqlite+aiosqlite:////nowhere/at/all.db")
    with (
        pytest.raises(BackendError, match="did not start"),
        own_server.own_server(settings) as server,
        server.used(),
    ):
        pass


def test_an_empty_database_never_replaces_one_in_use(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_server, "EMPTY", tmp_path / "empty.db")
    (tmp_path / "empty.db").write_bytes(b"empty")
    used = settings.home / "prefect" / "prefect.db"
    own_server._place_empty(used.parent)
    assert used.read_bytes() == b"empty"
    used.write_bytes(b"runs of many nights")
    own_server._place_empty(used.parent)
    assert used.read_bytes() == b"runs of many nights"
