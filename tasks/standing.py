"""The standing system: Prefect server, a process worker and the gateway, started and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from data.errors import BackendError, BadInput
from data.settings import CHECKOUT, Settings, child_environment
from models.base import prepare_base
from models.gateway import run_gateway
from tasks import standing_note
from tasks.console import out
from tasks.own_server import START_SECONDS, answers
from tasks.retrieval import retriever
from tasks.standing_note import running
from tasks.zombies import sweep

POOL = "nocturne"
STOP_SECONDS = 20.0


def serve(settings: Settings) -> int:
    """Run the gateway in the foreground until interrupted."""
    _need_port(settings.serve.host, settings.serve.port, "NOCTURNE_SERVE__PORT")
    base = prepare_base(settings.recipe.preset, settings.models)
    out.print(
        f"Chat     http://{settings.serve.host}:{settings.serve.port}/v1  (OpenAI-compatible; Ctrl-C stops)"
    )
    run_gateway(settings, fallback=base.gguf, context_for=retriever(settings))
    return 0


def up(settings: Settings) -> int:
    """Start everything, print the URLs, and stop everything on Ctrl-C or SIGTERM."""
    if running(settings):
        raise BadInput("The standing system already runs. Stop it with `make down` first.")
    _need_port("127.0.0.1", settings.serve.prefect_port, "NOCTURNE_SERVE__PREFECT_PORT")
    _need_port(settings.serve.host, settings.serve.port, "NOCTURNE_SERVE__PORT")
    prepare_base(settings.recipe.preset, settings.models)
    environment = _environment(settings)
    children: list[subprocess.Popen[bytes]] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        children.append(_start(settings, "prefect-server", ["prefect", "server", "start"], environment))
        _wait_for(f"{environment['PREFECT_API_URL']}/health", children[0])
        if dead := sweep(settings):
            out.print(f"Marked {len(dead)} runs as crashed, whose process is gone.")
        _prefect(["work-pool", "create", POOL, "--type", "process", "--overwrite"], environment)
        _prefect(["work-pool", "set-concurrency-limit", POOL, "1"], environment)
        _prefect(["deploy", "--all"], environment)
        _module(["-c", "from tasks.zombies import watch; watch()"], environment)
        worker = ["prefect", "worker", "start", "--pool", POOL, "--name", "nocturne", "--type", "process"]
        children.append(_start(settings, "worker", worker, environment))
        children.append(_start(settings, "gateway", [sys.executable, "-m", "flows", "serve"], environment))
        _wait_for(f"http://{settings.serve.host}:{settings.serve.port}/health", children[-1])
        standing_note.write(settings, environment["PREFECT_API_URL"], [c.pid for c in children])
        out.print(f"Prefect  http://127.0.0.1:{settings.serve.prefect_port}")
        out.print(f"Chat     http://{settings.serve.host}:{settings.serve.port}/v1  (OpenAI-compatible)")
        out.print(f"Logs     {settings.logs}")
        out.print("Ctrl-C stops everything.")
        _watch(children)
    except KeyboardInterrupt:
        out.print("Stopping ...")
    finally:
        _stop(children)
        standing_note.path(settings).unlink(missing_ok=True)
    return 0


def down(settings: Settings) -> int:
    """Stop what `up` started."""
    process = running(settings)
    if process is None:
        out.print("Nothing runs.")
        return 0
    process.terminate()
    try:
        process.wait(4 * STOP_SECONDS)
    except psutil.TimeoutExpired as error:
        raise BackendError(f"Process {process.pid} does not stop. End it by hand.") from error
    out.print("Stopped.")
    return 0


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _environment(settings: Settings) -> dict[str, str]:
    port = settings.serve.prefect_port
    here = child_environment()
    return child_environment(
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{here.get('PATH', '')}",
        PREFECT_API_URL=f"http://127.0.0.1:{port}/api",
        PREFECT_SERVER_API_PORT=str(port),
        PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="false",
        NOCTURNE_HOME=str(settings.home),
        NOCTURNE_ZONE=settings.zone,
    )


def port_free(host: str, port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _need_port(host: str, port: int, variable: str) -> None:
    if not port_free(host, port):
        raise BadInput(f"Port {port} on {host} is taken. Stop what holds it, or set {variable}.")


def _start(
    settings: Settings, name: str, command: Sequence[str], environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    with (settings.logs / f"{name}.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _prefect(arguments: Sequence[str], environment: dict[str, str]) -> None:
    _run(["prefect", "--no-prompt", *arguments], environment)


def _module(arguments: Sequence[str], environment: dict[str, str]) -> None:
    _run([sys.executable, *arguments], environment)


def _run(command: Sequence[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackendError(
            f"`{' '.join(command[:4])} ...` failed: {(done.stderr or done.stdout).strip()[-400:]}"
        )


def _wait_for(url: str, child: subprocess.Popen[bytes]) -> None:
    if answers(url, child):
        return
    if child.poll() is not None:
        raise BackendError(f"A part of the system ended at once ({child.args!s:.60}). Read the logs.")
    raise BackendError(f"{url} did not answer within {START_SECONDS:.0f} s. Read the logs.")


def _watch(children: Sequence[subprocess.Popen[bytes]]) -> None:
    while True:
        for child in children:
            if child.poll() is not None:
                raise BackendError(
                    f"Process {child.pid} ended with {child.returncode}. Read the logs; all is stopped."
                )
        time.sleep(1.0)


def _stop(children: Sequence[subprocess.Popen[bytes]]) -> None:
    """End the newest first: the gateway and the worker before the server they report to."""
    for child in reversed(children):
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGTERM)
            try:
                child.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
