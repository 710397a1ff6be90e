"""Named places of a night at which a run kills itself, and the record of what was executed.

Nothing in the program knows about this: the functions are wrapped from outside, in the process that is
going to die.
"""

from __future__ import annotations

import functools
import importlib
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STAGES = {
    "ingest": "tasks.ingest:ingest.fn",
    "begin": "tasks.night:begin.fn",
    "check": "tasks.check:run_check.fn",
    "curate": "tasks.curate:curate.fn",
    "dream": "tasks.dream:dream.fn",
    "review": "tasks.review:review.fn",
    "mix": "tasks.mix:mix.fn",
    "train": "tasks.train:train.fn",
    "examine": "tasks.examine:examine.fn",
    "publish": "tasks.publish:publish.fn",
    "report": "tasks.report:report.fn",
    "close": "flows.nightly:close",
}
KEPT_STAGES = ("check", "curate", "dream", "mix", "train", "examine")
CHECKS = 3
_RUNNING: list[str] = []


@dataclass(frozen=True)
class Point:
    """Die before or after the `nth` call of a function whose arguments mention `holding`."""

    target: str
    when: str
    stage: str
    nth: int = 1
    holding: str = ""


def _around(stage: str, inside: dict[str, Point] | None = None, suite: str = "") -> dict[str, Point]:
    """Before, inside and after one stage; the three data checks are told apart by their suite."""
    label = f"{stage} {suite}" if suite else stage
    holding = f"'{suite}'" if suite else ""
    return {
        f"{label}:before": Point(STAGES[stage], "before", stage, 1, holding),
        **{f"{stage}:{name}": point for name, point in (inside or {}).items()},
        f"{label}:after": Point(STAGES[stage], "after", stage, 1, holding),
    }


_STORE = "data.store."
_INGEST = {"transaction": Point(_STORE + "core:Store.transaction", "inside", "ingest")}
_CURATE = {"transaction": Point(_STORE + "memories:Memories.reindex", "before", "curate")}
_DREAM = {"transaction": Point(_STORE + "core:Store.transaction", "inside", "dream", 1)}
_MIX = {"transaction": Point(_STORE + "dreams:Dreams.replace_mixture", "after", "mix")}
_TRAIN = {
    "first step": Point("models.loop:_step", "after", "train", 1),
    "writing a checkpoint": Point("torch:save", "after", "train", 2),
    "between checkpoints": Point("models.loop:_step", "after", "train", 2),
    "adapter written": Point("models.trainer:adapter_digest", "before", "train"),
}
_EXAMINE = {
    "writing tensors": Point("models.gguf_write:_stored", "before", "examine", 9),
    "before quantizing": Point("models.gguf:quantize", "before", "examine"),
    "quantized": Point("models.gguf:quantize", "after", "examine"),
    "taken apart": Point("models.gguf:taken_apart", "after", "examine"),
    "exported": Point("models.gguf:export", "after", "examine"),
    "first answers": Point("tasks.asking:_save", "before", "examine"),
    "last answers": Point("tasks.asking:_save", "after", "examine"),
    "verdicts": Point(_STORE + "nights:Nights.replace_gates", "after", "examine"),
    "work folder": Point("models.registry:Registry.create", "after", "examine"),
    "stored once": Point("models.registry:Registry._store_once", "after", "examine"),
    "before the manifest": Point("models.registry:seal", "after", "examine"),
    "manifest, not renamed": Point("models.registry:Registry._place", "before", "examine"),
    "renamed": Point("models.registry:Registry._place", "after", "examine"),
}
_PUBLISH = {
    "manifest without pointer": Point("models.registry:Registry.point", "before", "publish"),
    "pointer half written": Point("os:replace", "before", "publish", 1, "live.json"),
    "pointer without status": Point("models.registry:Registry.set_status", "before", "publish"),
    "before recall": Point("tasks.publish:remember_recall", "before", "publish"),
    "after recall": Point("tasks.publish:remember_recall", "after", "publish"),
}
_REPORT = {
    "rendered": Point("tasks.report:render", "after", "report"),
    "written, not renamed": Point("pathlib:Path.replace", "before", "report", 1, ".html"),
}
_CLOSE = {"before consuming": Point(_STORE + "nights:Nights.consume_before", "before", "close")}

# In the order in which a night meets them, so that one night can be killed at all of them in turn.
POINTS: dict[str, Point] = {
    **_around("ingest", _INGEST),
    **_around("begin"),
    **_around("check", suite="turns"),
    **_around("curate", _CURATE),
    **_around("dream", _DREAM),
    **_around("check", suite="dreams"),
    **_around("review"),
    **_around("mix", _MIX),
    **_around("check", suite="mixture"),
    **_around("train", _TRAIN),
    **_around("examine", _EXAMINE),
    **_around("publish", _PUBLISH),
    **_around("report", _REPORT),
    **_around("close", _CLOSE),
}
LIVE_MOVES = "publish:pointer without status"


def arm(name: str) -> None:
    """Make this process kill itself at the point called `name`."""
    point = POINTS[name]
    calls = 0
    inside = None if point.target == STAGES[point.stage] else point.stage

    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            if inside and inside not in _RUNNING:
                return real(*args, **kwargs)
            if point.holding and point.holding not in repr((args, kwargs)):
                return real(*args, **kwargs)
            calls += 1
            due = calls == point.nth
            if due and point.when == "before":
                die()
            result = real(*args, **kwargs)
            if due and point.when == "inside":
                return _dying_inside(result)
            if due and point.when == "after":
                die()
            return result

        return counted

    replace(point.target, wrap)


class _dying_inside:  # noqa: N801 - reads like the function it stands for
    """A transaction that dies between its last statement and the commit."""

    def __init__(self, transaction: Any) -> None:
        self._transaction = transaction

    def __enter__(self) -> Any:
        return self._transaction.__enter__()

    def __exit__(self, *error: object) -> None:
        die()


def die() -> None:
    """The machine stops here."""
    os.kill(os.getpid(), signal.SIGKILL)


def record(log: Path) -> None:
    """Append the name of every stage that begins to `log`."""
    for name, target in STAGES.items():
        replace(target, functools.partial(_noting, name=name, log=log))


def fill_the_disk(stage: str, limit: int) -> None:
    """From the beginning of `stage` on no file may grow beyond `limit` bytes, as on a full disk."""

    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def starved(*args: Any, **kwargs: Any) -> Any:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
            return real(*args, **kwargs)

        return starved

    replace(STAGES[stage], wrap)


def _noting(real: Callable[..., Any], name: str, log: Path) -> Callable[..., Any]:
    @functools.wraps(real)
    def noted(*args: Any, **kwargs: Any) -> Any:
        with log.open("a", encoding="ascii") as lines:
            lines.write(name + "\n")
        _RUNNING.append(name)
        try:
            return real(*args, **kwargs)
        finally:
            _RUNNING.remove(name)

    return noted


def replace(target: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put `wrap(function)` in the place of the function called `module:path`."""
    module, _, path = target.partition(":")
    *parents, leaf = path.split(".")
    holder: Any = importlib.import_module(module)
    for name in parents:
        holder = getattr(holder, name)
    setattr(holder, leaf, wrap(getattr(holder, leaf)))
