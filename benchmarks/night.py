"""One real night, measured: `python -m benchmarks.night [--json] [--training]`.

Runs the sample night in a home of its own as a person would (`python -m flows night DAY`, without the
table of sample questions that `--sample` asks afterwards), with the base prepared beforehand, and reads the
seconds of every stage from the store. Overhead is what is not model compute: starting up, Prefect, DuckDB,
data checks, reports. Memory is the largest sum over the process and its
children (proportional set size, so that shared pages count once).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from data.night import Night
from data.settings import CHECKOUT, child_environment, load_settings
from data.store import Store
from models.base import prepare_base
from tasks.console import SAMPLE_DAY, place_sample

ZONE = "Europe/Berlin"
SAMPLE_SECONDS = 0.5


def run_night(home: Path) -> dict[str, Any]:
    """Wall seconds, peak memory in megabytes and the exit code of one sample night in `home`."""
    settings = load_settings({}, home=home, zone=ZONE)
    settings.ensure_home()
    place_sample(settings)
    environment = child_environment(NOCTURNE_HOME=str(home), NOCTURNE_ZONE=ZONE)
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "flows", "night", str(SAMPLE_DAY)],
        cwd=CHECKOUT, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr,
    )  # fmt: skip
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, _memory(process.pid))
        time.sleep(SAMPLE_SECONDS)
    return {"seconds": time.monotonic() - started, "peak_mb": round(peak), "exit_code": process.returncode}


def _memory(pid: int) -> float:
    """Megabytes of a process and its children, shared pages counted once."""
    total = 0
    try:
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for one in family:
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 1e6


def figures(home: Path, ran: dict[str, Any]) -> dict[str, Any]:
    """The stages of the night and what follows from them."""
    night = Night(SAMPLE_DAY, ZONE)
    with Store(load_settings({}, home=home, zone=ZONE).database) as store:
        stages = store.nights.stages(night)
        row = store.nights.get(night)
    model = sum(stage["model_seconds"] for stage in stages.values())
    staged = sum(stage["seconds"] for stage in stages.values())
    train = stages.get("train", {"seconds": 0.0, "figures": {}})
    tokens = train["figures"].get("answer_tokens", 0)
    return {
        "status": row.status if row else "none",
        "wall_seconds": round(ran["seconds"], 1),
        "stage_seconds": {name: round(stage["seconds"], 1) for name, stage in stages.items()},
        "model_seconds": round(model, 1),
        "overhead_in_stages_seconds": round(staged - model, 1),
        "overhead_seconds": round(ran["seconds"] - model, 1),
        "overhead_share": round((ran["seconds"] - model) / ran["seconds"], 3),
        "peak_mb": ran["peak_mb"],
        "rows": train["figures"].get("rows", 0),
        "steps": train["figures"].get("steps", 0),
        "answer_tokens": tokens,
        "answer_tokens_per_second": round(tokens / train["seconds"], 1) if train["seconds"] else None,
        "targets": {"overhead_share": 0.10, "overhead_seconds": 15, "wall_seconds": 360, "peak_mb": 6000},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure a night and, when asked, training beside SFTTrainer; the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="benchmarks.night", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the JSON object only")
    parser.add_argument("--training", action="store_true", help="also compare training with plain SFTTrainer")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shared = load_settings().models / "bases"
        prepare_base("smollm2-135m", shared.parent)
        shutil.copytree(shared, home / "models" / "bases", ignore=shutil.ignore_patterns("answers-*"))
        started = time.monotonic()
        result = figures(home, run_night(home))
        again = time.monotonic()
        run_night(home)
        result["second_run_seconds"] = round(time.monotonic() - again, 1)
        result["measured_seconds"] = round(time.monotonic() - started, 1)
    if options.training:
        from benchmarks.training import measure

        result["training"] = measure(4, 2)
    if not options.json:
        for name, value in result.items():
            print(f"{name:<28} {value}", file=sys.stderr)
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
