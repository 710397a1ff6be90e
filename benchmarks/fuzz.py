"""Damaged inputs into everything that reads what others wrote: how many were tried, how many broke something.

`python -m benchmarks.fuzz [--seconds-per-target N] [--seed S] [--target NAME ...] [--json]`: each target runs
in a process of its own. A crash is any exception that is not the product's own error, the death of the
process, an input that takes longer than HANG_SECONDS, or one after which the process has held MEMORY_MB more
than with valid inputs. Input n of a target depends on the seed alone. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import signal
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fuzz_inputs import damaged
from benchmarks.fuzz_targets import Attempt, Target, Wrong, targets

HANG_SECONDS = 20.0
MEMORY_MB = 400.0
MOST_FOUND = 8


@dataclass(slots=True)
class _Work:
    """What the process of one target keeps: the target, how to try an input, and its memory before damage."""

    target: Target
    attempt: Attempt
    start_mb: float = 0.0


@dataclass(slots=True)
class Tally:
    """What became of the inputs of one target."""

    inputs: int = 0
    refused: int = 0
    crashes: int = 0
    slowest_seconds: float = 0.0
    grown_mb: float = 0.0
    found: dict[str, dict[str, Any]] = field(default_factory=dict)

    def crash(self, number: int, error: str, place: str = "") -> None:
        """Count a crash; the first of every kind and place is told."""
        self.crashes += 1
        self.found.setdefault(place or error, {"input": number, "error": error})

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded."""
        return {
            "inputs": self.inputs,
            "refused": self.refused,
            "crashes": self.crashes,
            "slowest_seconds": round(self.slowest_seconds, 3),
            "grown_mb": round(self.grown_mb),
            "found": list(self.found.values())[:MOST_FOUND],
        }


_WORK: list[_Work] = []


def _begin(target: Target, folder: Path) -> None:
    _WORK.append(_Work(target, target.begin(Path(tempfile.mkdtemp(dir=folder)))))


def _warm_up() -> int:
    """Try the valid inputs, which load what is loaded once; the process's id, or Wrong for a refusal."""
    work = _WORK[0]
    for sample in work.target.samples():
        if work.attempt(sample.name, sample.body):
            raise Wrong(f"{work.target.name}: the undamaged sample {sample.name} was refused")
    work.start_mb = _peak()
    return os.getpid()


def _one(seed: int, number: int) -> tuple[bool, float, float]:
    """Whether input `number` was refused, the seconds it took and the most MB held above valid inputs."""
    work = _WORK[0]
    rng = random.Random(f"{seed}/{work.target.name}/{number}")
    name, body = damaged(rng, work.target.samples())
    began = time.perf_counter()
    refused = work.attempt(name, body)
    return refused, time.perf_counter() - began, _peak() - work.start_mb


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def fuzz(
    target: Target,
    seconds: float,
    seed: int,
    *,
    hang_seconds: float = HANG_SECONDS,
    memory_mb: float = MEMORY_MB,
) -> Tally:
    """Try damaged inputs for `seconds`, at least one; a process that hangs, dies or grows is replaced."""
    tally = Tally()
    with tempfile.TemporaryDirectory(prefix="nocturne-fuzz-") as folder:
        pool, pid = _pool(target, Path(folder))
        end = time.monotonic() + seconds
        while not tally.inputs or time.monotonic() < end:
            number, spent = tally.inputs, False
            tally.inputs += 1
            future = pool.submit(_one, seed, number)
            try:
                error = future.exception(hang_seconds)
            except TimeoutError:
                tally.crash(number, f"not done after {hang_seconds:g} seconds")
                tally.slowest_seconds, spent = max(tally.slowest_seconds, hang_seconds), True
            else:
                if error is not None:
                    place = _place(error)
                    tally.crash(number, f"{type(error).__name__}: {str(error)[:300]} {place}", place)
                    spent = isinstance(error, BrokenProcessPool)
                else:
                    refused, took, grown = future.result()
                    tally.refused += refused
                    tally.slowest_seconds = max(tally.slowest_seconds, took)
                    tally.grown_mb = max(tally.grown_mb, grown)
                    if spent := grown > memory_mb:
                        tally.crash(number, f"held {grown:.0f} MB more")
            if spent:
                _end(pool, pid)
                pool, pid = _pool(target, Path(folder))
        _end(pool, pid)
    return tally


def _pool(target: Target, folder: Path) -> tuple[ProcessPoolExecutor, int]:
    """One process that is ready for damage; forked, so that a target need not be pickled."""
    context = multiprocessing.get_context("fork")
    pool = ProcessPoolExecutor(1, context, initializer=_begin, initargs=(target, folder))
    return pool, pool.submit(_warm_up).result()


def _end(pool: ProcessPoolExecutor, pid: int) -> None:
    with suppress(ProcessLookupError):  # it died of an input
        os.kill(pid, signal.SIGKILL)
    pool.shutdown(cancel_futures=True)


def _place(error: BaseException) -> str:
    """The file and line an exception of the other process came from."""
    lines = [
        line.strip() for line in str(error.__cause__ or "").splitlines() if line.strip().startswith("File ")
    ]
    return f"({lines[-1]})" if lines else ""


def main() -> int:
    """Print the figures; the exit code says whether anything crashed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds-per-target", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", nargs="*", help="names of targets; all if left out")
    parser.add_argument("--json", action="store_true", help="print only the JSON object")
    options = parser.parse_args()
    known = targets()
    if unknown := set(options.target or ()) - set(known):
        parser.error(f"unknown targets: {', '.join(sorted(unknown))}; known: {', '.join(known)}")
    tallies = {}
    for name in options.target or known:
        tallies[name] = fuzz(known[name], options.seconds_per_target, options.seed)
        if not options.json:
            print(f"{name:18} {tallies[name].as_json()}", file=sys.stderr)
    figures = {
        "seed": options.seed,
        "seconds_per_target": options.seconds_per_target,
        "hang_seconds": HANG_SECONDS,
        "memory_mb": MEMORY_MB,
        "load_average": round(os.getloadavg()[0], 1),
        "targets": {name: tally.as_json() for name, tally in tallies.items()},
        "inputs": sum(tally.inputs for tally in tallies.values()),
        "refused": sum(tally.refused for tally in tallies.values()),
        "crashes": sum(tally.crashes for tally in tallies.values()),
    }
    print(json.dumps(figures))
    return 1 if figures["crashes"] else 0


if __name__ == "__main__":
    sys.exit(main())
