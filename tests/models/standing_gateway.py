"""A gateway on a real port inside the test process, before pretended model servers."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from data.settings import Settings, load_settings
from models.gateway import Gateway, build_gateway, listening, make_server
from models.gateway_client import announced
from models.registry import Record, Registry
from tests.models.fake_upstream import Fake, Fleet

RECORD = Record("base", "adapter", "recipe", "mixture", "memories", 1, "Q8_0", 1.0)
CHAT = {"messages": [{"role": "user", "content": "My dog is called Rex."}]}
PATH = "/v1/chat/completions"


@dataclass
class Standing:
    """The running gateway and everything a test reaches for."""

    url: str
    gateway: Gateway
    settings: Settings
    registry: Registry
    fleet: Fleet
    loop: asyncio.AbstractEventLoop

    def client(self, **options: Any) -> httpx.Client:
        """A client of the gateway."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30, **options)

    def post(self, body: object = None, path: str = PATH, **headers: str) -> httpx.Response:
        """One request as a client sends it."""
        with self.client() as client:
            return client.post(
                path,
                json=CHAT if body is None else body,
                headers={k.replace("_", "-"): v for k, v in headers.items()},
            )

    def status(self) -> dict[str, Any]:
        """What /status says."""
        return self.status_with("")

    def status_with(self, key: str) -> dict[str, Any]:
        """What /status says to the holder of a key."""
        with self.client() as client:
            return client.get("/status", headers={"authorization": f"Bearer {key}"} if key else {}).json()

    def do(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run something on the gateway's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def live(self) -> Fake:
        """The pretended server that answers now."""
        assert self.gateway.pool.current
        return self.fleet.newest(self.gateway.pool.current.id)

    def events(self) -> list[str]:
        """The names of what happened so far."""
        path = self.settings.logs / "events.jsonl"
        return [json.loads(line)["event"] for line in path.read_text().splitlines()]


def generation(registry: Registry, night: str, content: bytes = b"") -> str:
    """A generation whose model only the pretended servers can read."""
    work = registry.create(night)
    (work / "model.gguf").write_bytes(content or f"model of {night}".encode())
    return registry.commit(work, night, RECORD).id


def until(true: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something that happens by itself."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


@contextmanager
def standing(home: Path, *, context_for: Any = None, **serve: Any) -> Iterator[Standing]:
    """Start the gateway with these settings of `serve`; the base is its fallback."""
    settings = load_settings({}, home=home, serve={"port": 0, "bake_seconds": 0, **serve})
    settings.ensure_home()
    base = home / "base.gguf"
    base.write_bytes(b"model of the base")
    registry, fleet = Registry(settings.models), Fleet()
    gateway = build_gateway(
        settings, registry, fallback=base, context_for=context_for, start=fleet, aside=fleet.aside
    )
    server = make_server(settings, gateway)
    loop = asyncio.new_event_loop()
    ready = threading.Event()

    async def run(listener: Any) -> None:
        async with gateway.app.router.lifespan_context(gateway.app):
            ready.set()
            await server.serve(sockets=[listener])

    with listening(settings) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with announced(settings, url, gateway.admin_key):
            thread = threading.Thread(target=loop.run_until_complete, args=(run(listener),))
            thread.start()
            try:
                assert ready.wait(20)
                until(lambda: server.started)
                yield Standing(url, gateway, settings, registry, fleet, loop)
            finally:
                server.should_exit = True
                thread.join(20)
                loop.run_until_complete(loop.shutdown_default_executor())
                loop.close()
