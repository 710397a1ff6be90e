"""What every step shares: stage keys, the stopwatch, the night's lock and the progress channel.

A stage key names the night, the stage, its version, the recipe and the digest of what came in, so a
rerun after a crash finds finished stages and a changed input repeats just what depends on it.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from prefect import Task
from prefect.cache_policies import CacheKeyFnPolicy
from prefect.context import TaskRunContext

from data.errors import StoreBusy
from data.night import Night
from data.settings import Recipe, Settings, load_settings
from data.store import Store
from quality.repair import Tried


def stage_key(context: TaskRunContext, arguments: Mapping[str, Any]) -> str:
    """Key of a stage's persisted result; `plan` and `upstream` are parameters of every stage."""
    plan: Plan = arguments["plan"]
    upstream = arguments.get("upstream", "")
    version = context.task.version or "1"
    suite = arguments.get("suite", "")
    home = plan.settings.identity
    parts = (home, plan.night, plan.begun, context.task.name, f"v{version}", plan.digest, suite, upstream)
    return "__".join(str(part) for part in parts if part)


STAGE: dict[str, Any] = {
    "cache_policy": CacheKeyFnPolicy(cache_key_fn=stage_key),
    "persist_result": True,
    "result_serializer": "json",
}


def intact(
    step: Task[..., dict[str, Any]], sound: Callable[[dict[str, Any]], bool], *args: Any
) -> dict[str, Any]:
    """The result of a stage whose files are still there; a remembered one without its files is made again."""
    result = step(*args)
    return result if sound(result) else step.with_options(refresh_cache=True)(*args)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run of the nightly flow is about: the night's ISO date and the recipe it follows.

    A rung of the repair ladder is a plan with a changed recipe or with memories left out; `halves` are the
    halves left out before this one and whether that helped. `begun` is when the night was first begun on
    its present inputs: a rerun after a crash has the same, so it finds the finished stages; a redo has
    another.
    """

    night: str
    recipe: Recipe
    left_out: tuple[str, ...] = ()
    rung: str = ""
    begun: str = ""
    halves: tuple[Tried, ...] = ()

    @property
    def digest(self) -> str:
        """Digest of everything that decides what this run makes."""
        return digest(self.recipe.digest, self.left_out)

    @property
    def settings(self) -> Settings:
        """The installation's settings with this run's recipe."""
        return load_settings(recipe=self.recipe)

    def value(self, settings: Settings) -> Night:
        """The night as a value."""
        return Night.parse(self.night, settings.zone)


class Stopwatch:
    """Seconds of a stage, and the part of them that was model compute."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.model_seconds = 0.0

    @contextmanager
    def model(self) -> Iterator[None]:
        """Count what happens inside as model compute."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.model_seconds += time.monotonic() - started

    @property
    def seconds(self) -> float:
        """Seconds since the stage began."""
        return time.monotonic() - self.started


@contextmanager
def stage(plan: Plan, name: str) -> Iterator[tuple[Settings, Night, Stopwatch, dict[str, Any]]]:
    """Run a stage: yields settings, night, stopwatch and the figures to fill; records them at the end."""
    settings = plan.settings
    night = plan.value(settings)
    watch, figures = Stopwatch(), dict[str, Any]()
    yield settings, night, watch, figures
    with Store(settings.database) as store:
        store.nights.record_stage(night, name, watch.seconds, watch.model_seconds, figures)


@contextmanager
def exclusive(settings: Settings, name: str) -> Iterator[None]:
    """Hold the lock `name` across processes; the kernel releases it even after kill -9."""
    folder = settings.home / "locks"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreBusy(
                f"Another run holds the {name} lock. Wait until it has ended; see `python -m flows status`."
            ) from error
        yield


def digest(*parts: object) -> str:
    """Short digest of JSON-able parts, the upstream part of stage keys."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def throttled(report: Callable[[float, str], None], seconds: float = 1.0) -> Callable[[float, str], None]:
    """A progress callback that passes on at most one report per `seconds`, and the last."""
    last = 0.0

    def call(share: float, text: str) -> None:
        nonlocal last
        now = time.monotonic()
        if share >= 1.0 or now - last >= seconds:
            last = now
            report(share, text)

    return call
