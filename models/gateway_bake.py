"""The watch over a model after its start: a smoke test, and a bake that rolls back what goes bad.

Fail-closed: a probe that errs, times out or comes back empty counts against the generation.
"""

from __future__ import annotations

import asyncio
import time

import httpx

from data.errors import NocturneError
from data.settings import Serve
from models.chat import TAG_HEADER
from models.gateway_child import Child
from models.gateway_pool import Pool
from models.gateway_request import PIPELINE_TAG

PROBES = ("Hello! Who are you?", "Please name three colours.")
PROBE_TOKENS = 8
PROBE_SECONDS = 60.0
STRIKES = 2
CRASHES = 2
LEAST_REQUESTS = 10


class Smoke:
    """Asks a child a few fixed questions directly, before and after the public does."""

    def __init__(self, client: httpx.AsyncClient, persona: str) -> None:
        self.client = client
        self.persona = persona

    async def __call__(self, child: Child) -> str:
        """What is wrong with the child; empty when every question got words for an answer."""
        for question in PROBES:
            try:
                problem = await self._ask(child, question)
            except (httpx.HTTPError, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
                problem = f"a test question failed ({type(error).__name__})"
            if problem:
                return problem
        return ""

    async def _ask(self, child: Child, question: str) -> str:
        reply = await self.client.post(
            f"{child.server.url}/v1/chat/completions",
            headers={**child.server.headers, TAG_HEADER: f"{PIPELINE_TAG}smoke"},
            json={
                "model": child.server.alias,
                "messages": [
                    {"role": "system", "content": self.persona},
                    {"role": "user", "content": question},
                ],
                "max_tokens": PROBE_TOKENS,
                "temperature": 0,
                "user": f"{PIPELINE_TAG}smoke",
            },
            timeout=PROBE_SECONDS,
        )
        if reply.status_code != 200:
            return f"a test question was answered with status {reply.status_code}"
        answer = reply.json()
        if answer["model"] != child.server.alias:
            return "another model answered"
        return "" if answer["choices"][0]["message"]["content"].strip() else "a test question got no answer"


class Bake:
    """At most one watch at a time, over the generation published last."""

    def __init__(self, pool: Pool, smoke: Smoke, settings: Serve) -> None:
        self.pool = pool
        self.smoke = smoke
        self.settings = settings
        self.generation = ""
        self.until = 0.0
        self._task: asyncio.Task[None] | None = None

    def begin(self, child: Child) -> None:
        """Watch `child` from now on; an earlier watch ends."""
        self.stop()
        if self.settings.bake_seconds > 0:
            self.generation = child.id
            self.until = time.monotonic() + self.settings.bake_seconds
            self._task = asyncio.create_task(self._watch(child.id))

    def stop(self) -> None:
        """End the watch."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.generation = ""

    @property
    def seconds_left(self) -> float:
        """How long the watch still lasts."""
        return max(0.0, self.until - time.monotonic()) if self.generation else 0.0

    async def _watch(self, name: str) -> None:
        step = min(1.0, self.settings.bake_every)
        strikes = 0
        next_probe = time.monotonic() + self.settings.bake_every
        while time.monotonic() < self.until and self.pool.wanted == name:
            await asyncio.sleep(step)
            problem = ""
            if not self.pool.paused and time.monotonic() >= next_probe:
                next_probe = time.monotonic() + self.settings.bake_every
                problem = await self._probe(name)
                strikes = strikes + 1 if problem else 0
            reason = problem if strikes >= STRIKES else self._bad_figures(name)
            if reason and self.pool.wanted == name:
                await self._give_up(name, reason)
                break
        else:
            if self.pool.wanted == name:
                self.pool.events.record("baked", name)
        self.generation = ""

    async def _probe(self, name: str) -> str:
        child = self.pool.children.get(name)
        return await self.smoke(child) if child else "its server is down"

    def _bad_figures(self, name: str) -> str:
        child = self.pool.children.get(name)
        if self.pool.crashes.get(name, 0) >= CRASHES:
            return f"its server crashed {CRASHES} times"
        if child and child.served >= LEAST_REQUESTS:
            share = child.failed / child.served
            if share > self.settings.bake_errors:
                return f"{share:.0%} of {child.served} requests failed"
        return ""

    async def _give_up(self, name: str, reason: str) -> None:
        try:
            await self.pool.reject(name, f"the watch after the publish found: {reason}")
        except NocturneError as error:
            self.pool.events.record("not rolled back", name, f"{reason}; {error}")
