"""One llama.cpp server per generation, as a child process or as somebody else's URL.

A child listens on a loopback port of its own, asks for a random key, and dies with its parent. Which
server is used (`xllamacpp` in the child, a `llama-server` binary, an external URL) is a setting; the
rest of the program sees a URL and a key.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import select
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from data.errors import BackendError, BadInput, ModelFileError
from data.settings import CHECKOUT, Serve

START_SECONDS = 120.0
STOP_SECONDS = 5.0


@dataclass
class ModelServer:
    """A running server of one model file."""

    url: str
    key: str
    alias: str
    process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the child; None for an external server."""
        return self.process.pid if self.process else None

    @property
    def alive(self) -> bool:
        """Whether the child process still runs."""
        return self.process is None or self.process.poll() is None

    def healthy(self, timeout: float = 2.0) -> bool:
        """Whether the server answers and lists exactly this model; a similar name does not count."""
        try:
            reply = httpx.get(
                f"{self.url}/v1/models",
                headers=self.headers,
                timeout=timeout,
                trust_env=False,
                verify=self.url.startswith("https:"),  # reading certificates takes longer than the answer
            )
            names = {model["id"] for model in reply.json()["data"]}
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            return False
        return reply.status_code == 200 and self.alias in names

    @property
    def headers(self) -> dict[str, str]:
        """Authorisation for a request to this server."""
        return {"Authorization": f"Bearer {self.key}"} if self.key else {}

    def stop(self) -> None:
        """End the child: close its input, then terminate, then kill."""
        if self.process is None:
            return
        if self.process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it died before it read its order
                self.process.stdin.close()
        for end in (self.process.terminate, self.process.kill):
            try:
                self.process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                end()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def serve_model(
    gguf: Path,
    *,
    alias: str,
    context: int = 2048,
    parallel: int = 4,
    threads: int | None = None,
    gpu_layers: int = -1,
    binary: str | None = None,
    http_threads: int = 16,
) -> ModelServer:
    """Start a server for `gguf` and return once it answers under `alias`.

    `context` is per request. `binary` names a `llama-server` executable to use instead of the built-in
    one. Raises ModelFileError for a missing file and BackendError when the server does not come up.
    """
    if not gguf.is_file():
        raise ModelFileError(
            f"There is no model file {gguf}. Run `python -m flows doctor` to check the models."
        )
    server = _start(
        {
            "gguf": str(gguf.absolute()),
            "alias": alias,
            "key": secrets.token_urlsafe(24),
            "context": context,
            "parallel": parallel,
            "threads": threads or max(1, os.cpu_count() or 1),
            "gpu_layers": gpu_layers,
            "http_threads": max(http_threads, parallel + 4),
            "port": free_port(),
            "binary": _executable(binary) if binary else None,
        }
    )
    _wait(server, gguf)
    return server


def server_for(gguf: Path, alias: str, settings: Serve) -> ModelServer:
    """The server that the settings ask for, answering under `alias`."""
    if settings.backend == "url":
        key = settings.llama_server_key.get_secret_value() if settings.llama_server_key else ""
        server = external_server(settings.llama_server or "", alias, key)
        _wait(server, gguf)
        return server
    if settings.backend == "llama-server" and not settings.llama_server:
        raise BadInput("Set serve.llama_server to the path of a llama-server, or serve.backend to xllamacpp.")
    return serve_model(
        gguf,
        alias=alias,
        context=settings.context,
        parallel=settings.parallel,
        threads=settings.threads,
        gpu_layers=settings.gpu_layers,
        binary=settings.llama_server if settings.backend == "llama-server" else None,
        http_threads=settings.max_in_flight + 4,
    )


def external_server(url: str, alias: str, key: str = "") -> ModelServer:
    """A server somebody else runs, by URL."""
    if not url.startswith(("http://", "https://")):
        raise BadInput(f"{url!r} is not the URL of a server. Correct the setting serve.llama_server.")
    return ModelServer(url.rstrip("/"), key, alias)


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _executable(binary: str) -> str:
    path = shutil.which(binary)
    if path is None:
        raise BadInput(f"{binary} is not an executable llama-server. Correct the setting serve.llama_server.")
    return os.path.abspath(path)


def _child_environment() -> dict[str, str]:
    """The environment without our own settings, which may hold keys."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NOCTURNE_")}
    return {**kept, "OMP_WAIT_POLICY": "PASSIVE", "PYTHONPATH": str(CHECKOUT)}


def _start(order: dict[str, Any]) -> ModelServer:
    process = subprocess.Popen(
        [sys.executable, "-m", "models.server_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=_child_environment(),
        cwd=CHECKOUT,
    )
    assert process.stdin and process.stdout
    server = ModelServer("", str(order["key"]), str(order["alias"]), process)
    try:
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], START_SECONDS)
        line = process.stdout.readline() if ready else ""
        server.url = json.loads(line)["url"]
    except (OSError, json.JSONDecodeError) as error:
        server.stop()
        raise BackendError(
            f"The model server could not load {order['gguf']}: the file may be damaged or memory short. "
            "Run `python -m flows doctor`."
        ) from error
    return server


def _wait(server: ModelServer, gguf: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.alive:
        if server.healthy():
            return
        time.sleep(0.02)
    died = not server.alive
    server.stop()
    what = "ended while it loaded" if died else f"did not answer as {server.alias} for {START_SECONDS:.0f} s"
    raise BackendError(f"The model server for {gguf} {what}. Run `python -m flows doctor`.")
