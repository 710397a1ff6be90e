"""The model servers behind the gateway and the pointer to the one that answers.

Owns which child is live, which stay warm, how many requests each holds, and what happens when one dies.
Knows nothing of HTTP clients, keys or chats. Everything between two awaits is one step on the event
loop, so the flip is a single assignment and needs no lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import psutil

from data.errors import BackendError, BadInput, NocturneError, PublishError
from models.gateway_child import BASE, Child, Flip, Unavailable
from models.gateway_events import Events
from models.registry import Registry
from models.server import ModelServer

WAIT_SECONDS = 10.0
WAKE_SECONDS = 90.0
DRAIN_SECONDS = 60.0
WATCH_SECONDS = 0.1
HEALTH_SECONDS = 5.0
HEALTH_STRIKES = 3
RESTART_DELAYS = (0.0, 1.0, 5.0, 30.0)
QUIET_SECONDS = 600.0


Start = Callable[[Path, str], ModelServer]
Smoke = Callable[[Child], Awaitable[str]]


class Pool:
    """Children by generation id, one of them current."""

    def __init__(
        self,
        registry: Registry,
        start: Start,
        smoke: Smoke,
        events: Events,
        *,
        aside: Start,
        fallback: Path | None,
        warm: int,
        max_in_flight: int,
    ) -> None:
        """`start` loads a model and blocks until it answers, `aside` does so without the graphics card;
        `smoke` returns what is wrong, or "".
        """
        self.registry = registry
        self.start = start
        self.aside = aside
        self.smoke = smoke
        self.events = events
        self.fallback = fallback
        self.warm = warm
        self.max_in_flight = max_in_flight
        self.children: dict[str, Child] = {}
        self.current: Child | None = None
        self.wanted = ""
        self.paused = False
        self.holder: int | None = None
        self.wakes = False
        self.asked_for = False
        self.last_request: float | None = None
        self.waiting = 0
        self.crashes: dict[str, int] = {}
        self.ready = asyncio.Event()
        self.published: Callable[[Child], None] = lambda child: None
        self._order = asyncio.Lock()
        self._loading: dict[str, asyncio.Task[Child]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    # ---- requests

    @property
    def in_flight(self) -> int:
        """Requests held by all children and by the queue."""
        return self.waiting + sum(child.in_flight for child in self.children.values())

    @property
    def idle_seconds(self) -> float | None:
        """Time since the last request began or ended; None before the first."""
        if self.last_request is None:
            return None
        return 0.0 if self.in_flight else time.monotonic() - self.last_request

    async def take(self) -> Child:
        """The current child with this request counted in; Unavailable when none comes up in time."""
        if self.in_flight >= self.max_in_flight:
            raise Unavailable("Too many requests at one time. Try again in a moment.", 1)
        if self.current is None:
            await self._wait_for_child()
        child = self.current
        if child is None:
            raise Unavailable("No model is loaded.", 5)
        child.in_flight += 1
        child.idle.clear()
        self.last_request = time.monotonic()
        return child

    def release(self, child: Child, *, failed: bool = False) -> None:
        """Count the request out again."""
        self.last_request = time.monotonic()
        child.in_flight -= 1
        child.served += 1
        child.failed += failed
        if child.in_flight == 0:
            child.idle.set()

    async def mourn(self, child: Child) -> None:
        """A request could not reach `child`: give the system a moment to say whether it is dead."""
        for _ in range(15):
            if not child.server.alive:
                self._bury(child, "it ended by itself")
                return
            await asyncio.sleep(0.02)

    async def _wait_for_child(self) -> None:
        if self.paused and not self.wakes:
            raise Unavailable("The model is asleep while it learns. Try again later.", 60)
        self.asked_for = self.paused
        self.waiting += 1
        try:
            await asyncio.wait_for(self.ready.wait(), WAKE_SECONDS if self.paused else WAIT_SECONDS)
        except TimeoutError as error:
            raise Unavailable("The model is being loaded. Try again in a moment.", 5) from error
        finally:
            self.waiting -= 1

    # ---- life

    async def open(self) -> None:
        """Load the live generation, else the one before it, else the base; then watch the children."""
        pointer = await asyncio.to_thread(self.registry.pointer)
        names = [pointer.live or BASE, pointer.previous or BASE, BASE]
        for name in dict.fromkeys(names):
            try:
                child = await self._load(name)
            except NocturneError as error:
                self.events.record("not started", name, str(error))
                continue
            self.wanted = name
            self._swap(child)
            self.events.record("started", name)
            break
        if self.current is None:
            raise BackendError(
                "No model could be loaded: nothing is published yet and there is no base model. "
                "Run `python -m flows doctor`."
            )
        self._spawn(self._watch())
        self._spawn(self._stand_by())

    async def close(self) -> None:
        """Stop every child."""
        self._closing = True
        self.current = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*self._loading.values(), return_exceptions=True)
        await asyncio.gather(*(asyncio.to_thread(c.server.stop) for c in self.children.values()))
        self.children.clear()

    # ---- the flip

    async def publish(self, generation_id: str) -> Flip:
        """Load and check a generation beside the live one, then move the pointer; PublishError otherwise."""
        async with self._order:
            began = time.perf_counter()
            warm = generation_id in self.children
            child = await self._checked(generation_id)
            loaded = time.perf_counter()
            try:
                await asyncio.to_thread(self.registry.point, generation_id)
            except NocturneError as error:
                self.events.record("not published", generation_id, str(error))
                if not warm:
                    self._spawn(self._retire(child))
                raise
            pointed = time.perf_counter()
            self._turn_to(child)
            flipped = time.perf_counter()
        self.events.record("published", generation_id)
        self.published(child)
        return _flip(generation_id, began, loaded, pointed, flipped)

    async def rollback(self, generation_id: str | None = None, reason: str = "asked for") -> Flip:
        """Serve the previous (or the named) generation again; BASE names the untouched base.

        A warm one serves at once and the pointer follows, because reading a large file again takes a
        while; if the pointer cannot move, what served before serves again.
        """
        async with self._order:
            away = self.wanted
            target = await asyncio.to_thread(self._previous) if generation_id is None else generation_id
            began = time.perf_counter()
            child = await self._load(target)
            loaded = time.perf_counter()
            before = self.current
            self._turn_to(child)
            flipped = time.perf_counter()
            try:
                await asyncio.to_thread(self.registry.point, None if target == BASE else target)
            except NocturneError:
                self.wanted = away
                if before:
                    self._swap(before)
                raise
            pointed = time.perf_counter()
        self.events.record("rolled back", away, f"{reason}; now {target}")
        return Flip(target, 1e3 * (loaded - began), 1e3 * (pointed - flipped), 1e3 * (flipped - loaded))

    async def reject(self, generation_id: str, reason: str) -> None:
        """Leave a generation that went bad and mark it, so that it is never served again."""
        await self.rollback(None, reason)
        if generation_id != BASE:
            await asyncio.to_thread(self.registry.set_status, generation_id, "rejected")

    def _previous(self) -> str:
        pointer = self.registry.pointer()
        if not pointer.changed:
            raise BadInput("Nothing was ever published, so there is nothing to roll back to.")
        return pointer.previous or BASE

    async def _checked(self, generation_id: str) -> Child:
        try:
            child = await self._load(generation_id)
            problem = await self.smoke(child)
        except BackendError as error:
            self.events.record("not published", generation_id, str(error))
            raise PublishError(f"{generation_id} was not published: {error}") from error
        if problem:
            self.events.record("not published", generation_id, problem)
            if child is not self.current:
                await self._retire(child)
            raise PublishError(f"{generation_id} was not published: {problem}. The live model still serves.")
        return child

    def _turn_to(self, child: Child) -> None:
        """Make `child` the wanted and current one, and let go of what is beyond the warm ones."""
        self.wanted = child.id
        self.paused = False
        self.crashes.pop(child.id, None)
        child.served = child.failed = 0
        self._swap(child)
        keep = list(self.children)[-self.warm :]
        for name in [name for name in self.children if name not in keep]:
            self._spawn(self._retire(self.children[name]))

    def _swap(self, child: Child) -> None:
        """The flip: the newest live child is the last one of `children`."""
        replaced = self.children.pop(child.id, None)
        if replaced is not None and replaced is not child:
            self._spawn(self._retire(replaced))
        self.children[child.id] = child
        child.since = datetime.now(UTC)
        self.current = child
        self.ready.set()

    async def _retire(self, child: Child) -> None:
        """Stop a child that no request will reach any more, once it holds none."""
        if self.children.get(child.id) is child:
            del self.children[child.id]
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(child.idle.wait(), DRAIN_SECONDS)
        await asyncio.to_thread(child.server.stop)

    # ---- handing the card to training

    async def pause(self, holder: int | None = None, *, cpu: bool = False, wakes: bool = False) -> None:
        """Let running answers end (a minute at most), then take every model off the card.

        With `cpu` the live one goes on answering without the card. With `wakes` a request waits for the
        model and `asked_for` tells the one who paused it. When the process `holder` ends without a
        resume, the model comes back by itself.
        """
        async with self._order:
            self.paused, self.holder, self.wakes, self.asked_for = True, holder, wakes, False
            stand_in = await self._without_card() if cpu else None
            leaving = list(self.children.values())
            self.children.clear()
            if stand_in is not None:
                self._swap(stand_in)
            else:
                self.current = None
                self.ready.clear()
            await asyncio.gather(*(self._retire(child) for child in leaving))
        self.events.record("moved off the card" if stand_in else "paused", self.wanted)

    async def _without_card(self) -> Child | None:
        """The live model on the processor; None when it cannot be loaded there."""
        gguf = await asyncio.to_thread(self._file, self.wanted)
        try:
            server = await asyncio.to_thread(self.aside, gguf, self.wanted)
        except NocturneError as error:
            self.events.record("not moved off the card", self.wanted, str(error))
            return None
        return Child(self.wanted, gguf, server, aside=True)

    async def resume(self) -> None:
        """Load the live generation again."""
        async with self._order:
            if self.paused:
                child = await self._load(self.wanted)
                self.paused = self.asked_for = False
                self._swap(child)
                self.events.record("resumed", self.wanted)
                self._spawn(self._stand_by())

    # ---- loading and dying

    async def _load(self, name: str) -> Child:
        """The warm child of that name, or a new one; two callers share one start."""
        child = self.children.get(name)
        if child is not None and child.server.alive and not child.aside:
            return child
        task = self._loading.get(name)
        if task is None:
            task = asyncio.create_task(self._start(name))
            self._loading[name] = task
            task.add_done_callback(lambda done: self._loading.pop(name, None))
        return await asyncio.shield(task)

    async def _stand_by(self) -> None:
        """Load what served before the live one, so that the live one's death makes nobody wait."""
        async with self._order:
            if self.warm < 2 or len(self.children) > 1 or self.paused:
                return
            try:
                name = await asyncio.to_thread(self._spare)
                if name != self.wanted:
                    await self._load(name)
                    self.events.record("standing by", name)
            except NocturneError as error:
                self.events.record("nothing stands by", self.wanted, str(error))

    def _spare(self) -> str:
        """The generation before the live one if it may be served, else the base."""
        previous = self.registry.pointer().previous
        if previous is None or self.registry.get(previous).status == "rejected":
            return BASE
        return previous

    async def _start(self, name: str) -> Child:
        gguf = await asyncio.to_thread(self._file, name)
        server = await asyncio.to_thread(self.start, gguf, name)
        child = Child(name, gguf, server)
        current = self.children.pop(self.current.id, None) if self.current else None
        self.children[name] = child
        if current:
            self.children[current.id] = current
        return child

    def _file(self, name: str) -> Path:
        gguf = self.registry.get(name).gguf if name != BASE else self.fallback
        if gguf is None:
            raise BackendError("There is no base model to serve.")
        return gguf

    def _bury(self, child: Child, reason: str) -> None:
        """Take a dead child out, let a warm one stand in, and start it again if it is the wanted one."""
        if self.children.get(child.id) is not child:
            return
        del self.children[child.id]
        lived = (datetime.now(UTC) - child.since).total_seconds()
        before = self.crashes.get(child.id, 0) if lived < QUIET_SECONDS else 0
        self.crashes[child.id] = before + 1
        self.events.record("crashed", child.id, reason)
        self._spawn(asyncio.to_thread(child.server.stop))
        if self.current is child:
            standing = [other for other in self.children.values() if other.server.alive]
            self.current = standing[-1] if standing else None
            if self.current is None:
                self.ready.clear()
        if child.id == self.wanted:
            self._spawn(self._revive(child.id))

    async def _revive(self, name: str) -> None:
        """Start the wanted generation again, ever slower when it keeps dying."""
        attempt = max(0, self.crashes.get(name, 1) - 1)
        while self.wanted == name and not self.paused and not self._closing:
            await asyncio.sleep(RESTART_DELAYS[min(attempt, len(RESTART_DELAYS) - 1)])
            attempt += 1
            try:
                child = await self._load(name)
            except NocturneError as error:
                self.events.record("not restarted", name, str(error))
                continue
            if self.paused:
                await self._retire(child)
            elif self.wanted == name:
                self._swap(child)
                self.events.record("restarted", name)
            return

    async def _watch(self) -> None:
        """See deaths within a tenth of a second, hangs within some, and files that were forgotten."""
        last = time.monotonic()
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            for child in list(self.children.values()):
                if not child.server.alive:
                    self._bury(child, "it ended by itself")
            if self.paused and self.holder and not psutil.pid_exists(self.holder):
                self.paused, self.holder, self.asked_for = False, None, False
                self._spawn(self._revive(self.wanted))
            if time.monotonic() - last >= HEALTH_SECONDS:
                last = time.monotonic()
                await asyncio.gather(*(self._check(child) for child in list(self.children.values())))

    async def _check(self, child: Child) -> None:
        if child is not self.current and not child.gguf.exists():
            self.events.record("unloaded", child.id, "its file was deleted")
            await self._retire(child)
            return
        healthy = await asyncio.to_thread(child.server.healthy)
        child.strikes = 0 if healthy else child.strikes + 1
        if child.strikes >= HEALTH_STRIKES:
            self._bury(child, "it no longer answered")

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        assert isinstance(task, asyncio.Task)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _flip(name: str, began: float, loaded: float, pointed: float, flipped: float) -> Flip:
    return Flip(name, 1e3 * (loaded - began), 1e3 * (pointed - loaded), 1e3 * (flipped - pointed))
