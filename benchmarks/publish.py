"""Publishing under load: real model servers, eight clients, and not one failed request.

`python -m benchmarks.publish [--json]` measures 20 publishes and 20 rollbacks between two warm
generations, some more with every model loaded afresh, the takeover after `kill -9`, the latency that the
gateway adds to the same model server, and the memory of two warm generations. About five minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import psutil

from benchmarks.publish_memory import CHAT, pages, side_by_side, together
from data.records import MODEL
from data.settings import CHECKOUT, Settings, load_settings
from models.base import Base, prepare_base
from models.gateway_client import card_path, gateway_status
from models.gguf_parts import taken_apart
from models.registry import Record, Registry
from models.server import serve_model
from models.targets import TARGETS

CLIENTS = 8
FLIPS = 20
COLD_FLIPS = 3
PAIRS = 300
GENERATION = "x-nocturne-generation"
_LAYER = re.compile(r"\.layers\.(\d+)\..*?(\w+)\.weight$")


@dataclass
class Traffic:
    """What the clients saw; `cut` are streams without an end, `failed` everything else that went wrong."""

    answers: int = 0
    streams: int = 0
    failed: int = 0
    cut: int = 0
    reasons: list[str] = field(default_factory=list)
    finished: list[tuple[float, float]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, *, stream: bool, began: float, problem: str) -> None:
        """Count one request."""
        with self.lock:
            if problem:
                self.cut += problem == "cut"
                self.failed += problem != "cut"
                self.reasons.append(problem)
            else:
                self.streams += stream
                self.answers += not stream
                self.finished.append((began, time.monotonic()))

    def first_after(self, moment: float) -> float | None:
        """When the first request that began after `moment` was answered."""
        with self.lock:
            return min((end for began, end in self.finished if began >= moment), default=None)


def _generations(settings: Settings, base: Base) -> list[str]:
    """Two generations in two files each, as nights leave them; some bytes make the first files differ."""
    registry = Registry(settings.models)
    names = []
    for night in ("2026-01-01", "2026-01-02"):
        work = registry.create(night)
        first = taken_apart(Path(shutil.copy(base.gguf, work / MODEL)), _adapted(settings, base))
        with first.open("ab") as stream:
            stream.write(night.encode().ljust(32, b"\0"))
        record = Record(base.digest, "adapter", "recipe", "mixture", "memories", 1, base.quant, 1.0)
        names.append(registry.commit(work, night, record).id)
    return names


def _adapted(settings: Settings, base: Base) -> set[str]:
    """The GGUF tensors that a night with these settings changes."""
    train = settings.recipe.train
    found = {rule.target: _LAYER.search(rule.source) for rule in base.plan.rules}
    layers = 1 + max(int(place[1]) for place in found.values() if place)
    return {
        target
        for target, place in found.items()
        if place and int(place[1]) >= round(layers * train.first_layer) and place[2] in TARGETS[train.targets]
    }


@contextmanager
def _gateway(settings: Settings, **serve: Any) -> Iterator[str]:
    """A gateway process of its own with these settings, ended when its standard input closes."""
    lines = [f"{name} = {json.dumps(value)}" for name, value in serve.items()]
    (settings.home / "nocturne.toml").write_text("[serve]\nport = 0\n" + "\n".join(lines) + "\n")
    base = prepare_base(settings.recipe.preset, settings.models)
    words = ["--home", str(settings.home), "--fallback", str(base.gguf), "--attached"]
    process = subprocess.Popen(
        [sys.executable, "-m", "models.gateway", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    assert process.stdin and process.stdout
    try:
        url = process.stdout.readline().strip()
        if not url:
            raise RuntimeError("the gateway did not start")
        yield url
    finally:
        process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


@contextmanager
def _clients(url: str, known: Sequence[str], count: int = CLIENTS) -> Iterator[Traffic]:
    """Clients that ask without pause until the block ends, every other one with streams."""
    traffic, stop = Traffic(), threading.Event()

    def run(stream: bool) -> None:
        with httpx.Client(base_url=url, timeout=120, trust_env=False) as client:
            while not stop.is_set():
                began = time.monotonic()
                traffic.note(stream=stream, began=began, problem=_one(client, stream, known))

    threads = [threading.Thread(target=run, args=(number % 2 == 0,)) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield traffic
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _one(client: httpx.Client, stream: bool, known: Sequence[str]) -> str:
    """One request; what was wrong with it, or nothing."""
    body = {"messages": CHAT, "max_tokens": 12 if stream else 2, "stream": stream, "temperature": 0}
    try:
        if not stream:
            reply = client.post("/v1/chat/completions", json=body)
            if reply.status_code != 200 or reply.headers.get(GENERATION) not in known:
                return f"status {reply.status_code}"
            return "" if reply.json()["choices"][0]["message"]["content"] else "empty"
        with client.stream("POST", "/v1/chat/completions", json=body) as reply:
            if reply.status_code != 200 or reply.headers.get(GENERATION) not in known:
                return f"status {reply.status_code}"
            try:
                text = "".join(reply.iter_text())
            except httpx.HTTPError:
                return "cut"
        return "" if text.rstrip().endswith("data: [DONE]") else "cut"
    except httpx.HTTPError as error:
        return type(error).__name__


def _admin(settings: Settings, verb: str, **body: Any) -> dict[str, Any]:
    card = json.loads(card_path(settings).read_text())
    reply = httpx.post(
        f"{card['url']}/admin/{verb}",
        json=body,
        headers={"Authorization": f"Bearer {card['admin_key']}"},
        timeout=300,
        trust_env=False,
    )
    reply.raise_for_status()
    return reply.json()


def _flips(settings: Settings, names: Sequence[str], count: int) -> list[dict[str, float]]:
    """Publish the newer and roll back to the older generation, `count` times each, from the older one."""
    done = []
    for _ in range(count):
        done.append(_admin(settings, "publish", generation=names[1]))
        done.append(_admin(settings, "rollback", generation=None))
    return done


def _takeover(settings: Settings, traffic: Traffic) -> float:
    """Seconds from `kill -9` of the live model server to the end of the first request begun after it."""
    status = gateway_status(settings)
    assert status is not None
    live = next(one for one in status["servers"] if one["generation"] == status["generation"])
    moment = time.monotonic()
    subprocess.run(["kill", "-9", str(live["pid"])], check=True)
    while time.monotonic() < moment + 30:
        time.sleep(0.01)
        if (first := traffic.first_after(moment)) is not None:
            return first - moment
    return 30.0


def _server_back(settings: Settings) -> float | None:
    """Seconds from the last death of a model server to its restart, whatever the clients wait for."""
    lines = (settings.logs / "events.jsonl").read_text().splitlines()
    at = {one["event"]: datetime.fromisoformat(one["at"]) for one in map(json.loads, lines)}
    if "restarted" not in at or at["restarted"] < at["crashed"]:
        return None
    return round((at["restarted"] - at["crashed"]).total_seconds(), 2)


def _usual(traffic: Traffic) -> float | None:
    """Seconds that the middle request took, to read the seconds of a takeover by."""
    took = [end - began for began, end in traffic.finished]
    return round(statistics.median(took), 2) if took else None


def _memory(settings: Settings) -> dict[str, Any]:
    """Memory of the live and the stand-by model server in MB, and of both together."""
    status = gateway_status(settings)
    assert status is not None
    sizes = {
        "live" if one["generation"] == status["generation"] else "stand_by": pages(one["pid"])
        for one in status["servers"]
    }
    return {**sizes, "both_pss_mb": together(list(sizes.values()))}


def _warm_run(settings: Settings, names: Sequence[str]) -> dict[str, Any]:
    """Flips between two warm generations, then the death of the live one beside a warm one."""
    with _gateway(settings, warm=2, bake_seconds=0, log_chats=False) as url:
        _admin(settings, "publish", generation=names[0])
        with _clients(url, names) as traffic:
            began = time.monotonic()
            flips = _flips(settings, names, FLIPS)
            seconds = time.monotonic() - began
        memory = _memory(settings)
        with _clients(url, names) as crash:
            time.sleep(1)
            takeover = _takeover(settings, crash)
            time.sleep(1)
    return {
        "request_seconds_median": _usual(traffic),
        "publishes": FLIPS,
        "rollbacks": FLIPS,
        "seconds": round(seconds, 1),
        "requests": traffic.answers,
        "streams": traffic.streams,
        "failed": traffic.failed,
        "cut": traffic.cut,
        "flip_ms_max": round(max(flip["flip_ms"] for flip in flips), 3),
        "flip_ms_median": round(statistics.median(flip["flip_ms"] for flip in flips), 3),
        "pointer_ms_median": round(statistics.median(flip["point_ms"] for flip in flips), 1),
        "takeover_seconds": round(takeover, 2),
        "takeover_failed": crash.failed,
        "takeover_cut_streams": crash.cut,
        "memory": memory,
        "problems": (traffic.reasons + crash.reasons)[:5],
    }


def _cold_run(settings: Settings, names: Sequence[str]) -> dict[str, Any]:
    """The same with one model in memory: every flip loads, and a death means a restart."""
    with _gateway(settings, warm=1, bake_seconds=0, log_chats=False) as url:
        _admin(settings, "publish", generation=names[0])
        with _clients(url, names) as traffic:
            flips = _flips(settings, names, COLD_FLIPS)
        with _clients(url, names) as crash:
            time.sleep(1)
            restart = _takeover(settings, crash)
            time.sleep(1)
    return {
        "request_seconds_median": _usual(traffic),
        "server_back_seconds": _server_back(settings),
        "publishes": COLD_FLIPS,
        "rollbacks": COLD_FLIPS,
        "requests": traffic.answers,
        "streams": traffic.streams,
        "failed": traffic.failed,
        "cut": traffic.cut,
        "flip_ms_max": round(max(flip["flip_ms"] for flip in flips), 3),
        "load_seconds_median": round(statistics.median(flip["load_ms"] for flip in flips) / 1e3, 2),
        "restart_seconds": round(restart, 2),
        "restart_failed": crash.failed,
        "restart_cut_streams": crash.cut,
        "problems": (traffic.reasons + crash.reasons)[:5],
    }


def _latency(settings: Settings, names: Sequence[str]) -> dict[str, Any]:
    """The same model server asked directly and through a gateway in turn, one token a call."""
    gguf = Registry(settings.models).get(names[0]).gguf
    with (
        serve_model(gguf, alias=names[0], context=512, parallel=4) as server,
        _gateway(settings, backend="url", llama_server=server.url, llama_server_key=server.key) as url,
        httpx.Client(base_url=server.url, headers=server.headers, trust_env=False, timeout=60) as direct,
        httpx.Client(base_url=url, trust_env=False, timeout=60) as through,
    ):
        persona = [{"role": "system", "content": settings.recipe.persona}, *CHAT]
        body = {"messages": persona, "max_tokens": 1, "temperature": 0}
        times: dict[str, list[float]] = {"direct": [], "through": []}
        gateway = psutil.Process(json.loads(card_path(settings).read_text())["pid"])
        used = sum(gateway.cpu_times()[:2])
        for number in range(PAIRS + 10):
            order = [("direct", direct), ("through", through)]
            for name, client in order if number % 2 else order[::-1]:
                began = time.perf_counter()
                client.post("/v1/chat/completions", json=body).raise_for_status()
                if number >= 10:
                    times[name].append(1e3 * (time.perf_counter() - began))
        used = sum(gateway.cpu_times()[:2]) - used
    at = {name: statistics.quantiles(values, n=100) for name, values in times.items()}
    return {
        "pairs": PAIRS,
        "gateway_cpu_ms_per_request": round(1e3 * used / (PAIRS + 10), 2),
        "load_average": round(os.getloadavg()[0], 1),
        "direct_p50_ms": round(at["direct"][49], 2),
        "direct_p99_ms": round(at["direct"][98], 2),
        "gateway_p50_ms": round(at["through"][49], 2),
        "gateway_p99_ms": round(at["through"][98], 2),
        "added_p50_ms": round(at["through"][49] - at["direct"][49], 2),
        "added_p99_ms": round(at["through"][98] - at["direct"][98], 2),
    }


def measure() -> dict[str, Any]:
    """All figures, in a home folder of their own that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="nocturne-publish-") as folder:
        settings = load_settings({}, home=folder)
        settings.ensure_home()
        base = prepare_base(settings.recipe.preset, settings.models)
        names = _generations(settings, base)
        warm = _warm_run(settings, names)
        cold = _cold_run(settings, names)
        latency = _latency(settings, names)
        memory = side_by_side(settings, *map(Registry(settings.models).get, names))
    met = {
        "failed": warm["failed"] + warm["cut"] + cold["failed"] + cold["cut"] == 0,
        "flip": max(warm["flip_ms_max"], cold["flip_ms_max"]) <= 5,
        "added_p99": latency["added_p99_ms"] <= 5,
        "takeover": max(warm["takeover_seconds"], cold["restart_seconds"]) <= 3,
        "shared": memory["both_pss_mb"] <= 0.9 * memory["twice_alone_pss_mb"],
    }
    figures = {"warm": warm, "cold": cold, "latency": latency, "memory": memory}
    return {"clients": CLIENTS, **figures, "met": met}


def main() -> int:
    """Print the figures, as one JSON line with `--json`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="one JSON object instead of indented lines")
    options = parser.parse_args()
    figures = measure()
    print(json.dumps(figures) if options.json else json.dumps(figures, indent=2))
    return 0 if all(figures["met"].values()) else 1


if __name__ == "__main__":
    sys.exit(main())
