"""A Prefect server for one command, started before the imports, because its start takes longer than they do.

Without it Prefect starts one itself once a flow is called, and everything waits. A new home gets a copy of an
empty database that set-up has brought up to date; making it from nothing takes six seconds.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from data.errors import BackendError
from data.settings import Settings, child_environment, name_prefect
from models.server import free_port
from models.server_child import die_with_parent
from tasks.standing_note import prefect_api

EMPTY = Path(sys.prefix) / "share" / "nocturne" / "prefect.db"
START_SECONDS = 120.0
STOP_SECONDS = 5.0
_PAUSE = 0.05
_ANSWER_SECONDS = 2.0
_AS_PREFECT_DOES = {"PREFECT_UI_ENABLED": "0", "PREFECT__SERVER_EPHEMERAL": "1", "PREFECT__SERVER_FINAL": "1"}


@dataclass(frozen=True, slots=True)
class OwnServer:
    """A server on its way up, or one that runs already (`process` is None) and needs no waiting for."""

    api: str
    process: subprocess.Popen[bytes] | None

    @contextmanager
    def used(self) -> Iterator[None]:
        """Wait until it answers, and at the end for Prefect's log; BackendError when it does not start."""
        if self.process is not None and not answers(f"{self.api}/health", self.process):
            raise BackendError("Prefect's server did not start. Run `python -m flows doctor` and try again.")
        try:
            yield
        finally:
            from prefect.logging.handlers import APILogHandler

            APILogHandler().flush()


def answers(url: str, child: subprocess.Popen[bytes]) -> bool:
    """Whether `url` answers with 200 within START_SECONDS; False as soon as `child` ends."""
    end = time.monotonic() + START_SECONDS
    with httpx.Client(trust_env=False, timeout=_ANSWER_SECONDS) as client:
        while time.monotonic() < end and child.poll() is None:
            try:
                if client.get(url).status_code == httpx.codes.OK:
                    return True
            except httpx.HTTPError:
                pass
            time.sleep(_PAUSE)
    return False


@contextmanager
def own_server(settings: Settings) -> Iterator[OwnServer]:
    """A server of this command's own, gone with it, unless `up` runs or the person told Prefect of another.

    Enter it before anything imports Prefect, whose other threads would each start a server otherwise.
    """
    standing = prefect_api(settings)
    port = free_port()
    api = standing or f"http://127.0.0.1:{port}/api"
    if not name_prefect(settings, api) or standing:
        yield OwnServer(standing, None)
        return
    _place_empty(settings.home / "prefect")
    order = [sys.executable, "-m", "uvicorn", "--factory", "prefect.server.api.server:create_app"]
    order += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error", "--lifespan", "on"]
    process = subprocess.Popen(
        order,
        env=child_environment(**_AS_PREFECT_DOES),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
        start_new_session=True,  # a Ctrl-C is for the command, which still has its end to report here
    )
    try:
        yield OwnServer(api, process)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _place_empty(home: Path) -> None:
    database = home / "prefect.db"
    if EMPTY.is_file() and not database.exists():
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = database.with_suffix(".part")
        shutil.copyfile(EMPTY, part)
        part.chmod(0o600)
        part.replace(database)


def make_empty() -> None:
    """Write the empty database that new homes begin with; set-up calls this once."""
    with TemporaryDirectory() as folder:
        order = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "--yes"]
        subprocess.run(order, env=child_environment(PREFECT_HOME=folder), check=True, capture_output=True)
        EMPTY.parent.mkdir(parents=True, exist_ok=True)
        part = EMPTY.with_suffix(".part")
        shutil.copyfile(Path(folder) / "prefect.db", part)
        part.replace(EMPTY)
