"""A process that has imported everything once and forks a child for every run it is asked for.

One JSON order per line on standard input, one JSON reply per line on standard output. A child is a
session of its own, so that what it leaves behind can be found.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from datetime import date
from pathlib import Path
from typing import Any

HEAVY = (
    "torch", "transformers", "peft", "llama_cpp", "gguf", "great_expectations", "matplotlib.pyplot", "jinja2",
    "flows.nightly", "flows.backfill", "models.trl_backend", "models.gguf", "models.trainer",
    "tests.faults.points",
)  # fmt: skip


def main() -> None:
    """Answer orders until standard input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for name in HEAVY:
        importlib.import_module(name)
    _say(replies, {"ready": True})
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            _say(replies, {"code": os.waitstatus_to_exitcode(status)})
            continue
        child = os.fork()
        if child == 0:
            _child(order)
        _say(replies, {"pid": child})


def _say(stream: Any, value: dict[str, Any]) -> None:
    stream.write(json.dumps(value) + "\n")
    stream.flush()


def _child(order: dict[str, Any]) -> None:
    """Carry out one order and end the process without ever returning."""
    code = 1
    try:
        os.setsid()
        log = os.open(Path(order["home"]) / "run.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.environ.update(NOCTURNE_HOME=order["home"], NOCTURNE_ZONE=order["zone"])
        # One question at a time: batches of another size round differently, and a random model is all ties.
        os.environ.update(NOCTURNE_SERVE__PARALLEL="1", NOCTURNE_SERVE__CONTEXT="512")
        result = DOINGS[order["do"]](order)
        Path(order["home"], "result.json").write_text(json.dumps(result), encoding="utf-8")
        code = 0
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _night(order: dict[str, Any]) -> dict[str, Any]:
    from data.settings import Recipe
    from flows.nightly import nightly
    from tasks.ingest import ingest
    from tasks.train import train
    from tests.faults import points

    for task in (ingest, train):
        task.retries = 0
    if order.get("full"):
        points.fill_the_disk(*order["full"])
    if order.get("kill"):
        points.arm(order["kill"])
    points.record(Path(order["home"]) / "executed.log")
    if order.get("spoil"):
        importlib.import_module("tests.faults.spoil").SPOILS[order["spoil"]]()
    state = nightly(
        night=date.fromisoformat(order["night"]),
        recipe=Recipe.model_validate(order["recipe"]),
        return_state=True,
    )
    return _state(state)


def _backfill(order: dict[str, Any]) -> dict[str, Any]:
    from data.settings import Recipe
    from flows.backfill import backfill
    from tests.faults import points

    if order.get("kill"):
        points.arm(order["kill"])
    points.record(Path(order["home"]) / "executed.log")
    state = backfill(
        first=date.fromisoformat(order["first"]),
        last=date.fromisoformat(order["last"]),
        every=order.get("every", 0),
        recipe=Recipe.model_validate(order["recipe"]),
        return_state=True,
    )
    return _state(state)


def _state(state: Any) -> dict[str, Any]:
    error = ""
    if not state.is_completed():
        problem = state.result(raise_on_failure=False)
        error = f"{type(problem).__name__}: {problem}"
    return {"name": state.name, "type": state.type.value, "message": state.message, "error": error}


def _prepare(order: dict[str, Any]) -> dict[str, Any]:
    """A home in which a generation of the day before is live; its model file is the base's."""
    import shutil

    from data.night import Night
    from data.settings import Recipe, load_settings
    from models.base import prepare_base
    from models.registry import Record, Registry
    from tasks.common import Plan
    from tasks.mix import answered_seeds

    settings = load_settings()
    settings.ensure_home()
    base = prepare_base(order["recipe"]["preset"], settings.models)
    recipe = Recipe.model_validate(order["recipe"])
    night = Night.parse(order["night"], settings.zone)
    answered_seeds(Plan(night.id, recipe), base, load_settings(recipe=recipe), night)
    registry = Registry(settings.models)
    work = registry.create(order["before"])
    shutil.copyfile(base.gguf, work / "model.gguf")
    record = Record(base.digest, "none", "none", "none", "none", 0, "Q8_0", 1.0)
    generation = registry.commit(work, order["before"], record)
    registry.point(generation.id)
    return {"live": generation.id}


DOINGS = {"night": _night, "backfill": _backfill, "prepare": _prepare}

if __name__ == "__main__":
    main()
