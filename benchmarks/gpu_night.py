"""One bounded run on a card: `python -m benchmarks.gpu_night [--json]`; at most eight minutes.

Random models in the shape of Qwen3-4B and 8B, on a process held to 12, 16 and 24 GB: training rates of our
loop on Unsloth, of stock Unsloth and of plain transformers with PEFT over the same rows, peak memory, the
share of the card's bf16 matmul rate, what merging and quantizing cost, how fast a server dreams and is
examined, and from these the stages of a night of a hundred memories. Whether card and processor agree is
asked of one batch's loss and gradient, and of SmolLM2's recall after the same night on both. Every part is a
process of its own with a deadline; one that fails, does not fit or comes too late says so and the others go
on. `--only 4b` and the like leave the other shapes out. Code 2 without CUDA.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.gpu_model import SHAPES, build
from benchmarks.gpu_serving import export_part, serve_part
from benchmarks.gpu_tiers import agree_part, recall_part
from benchmarks.gpu_training import train_part
from data.settings import CHECKOUT
from models.unsloth_backend import child_environment

LIMIT_SECONDS = 460.0
LEAST_SECONDS = 20.0
DEVICE = "cuda"
# (part, shape, gigabytes of the card, most seconds), what matters most first within a shape
PARTS: tuple[tuple[str, str, int, float], ...] = (
    ("machine", "", 0, 60),
    ("build", "small", 0, 60),
    ("agree_cpu", "small", 0, 60),
    ("agree", "small", 0, 120),
    ("build", "4b", 0, 90),
    ("unsloth", "4b", 12, 150),
    ("peft", "4b", 12, 120),
    ("stock", "4b", 12, 120),
    ("export", "4b", 0, 40),
    ("serve", "4b", 0, 120),
    ("build", "8b", 0, 120),
    ("unsloth", "8b", 16, 150),
    ("recall_cpu", "smollm2", 0, 100),
    ("recall", "smollm2", 0, 100),
    ("peft", "8b", 16, 120),
    ("unsloth", "8b", 24, 120),
    ("export", "8b", 0, 40),
    ("serve", "8b", 0, 120),
)
NAMES = tuple(dict.fromkeys(shape for _, shape, _, _ in PARTS if shape))
GIGABYTES_ON_DISK = {"small": 1, "4b": 10, "8b": 19}
VERSIONS = ("torch", "transformers", "peft", "unsloth", "bitsandbytes", "triton")


def machine() -> dict[str, Any]:
    """The card, the versions, and the measured bf16 rate on 8192-wide squares in TFLOP/s."""
    import torch

    left = torch.randn(8192, 8192, dtype=torch.bfloat16, device=DEVICE)
    best = float("inf")
    for _ in range(8):
        torch.cuda.synchronize()
        started = time.perf_counter()
        left @ left
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    found = {name: metadata.version(name) for name in VERSIONS if find_spec(name)}
    free, total = torch.cuda.mem_get_info()
    return {
        "card": torch.cuda.get_device_name(0),
        "memory_gb": round(total / 2**30, 1),
        "free_gb": round(free / 2**30, 1),
        "cuda": torch.version.cuda,
        "versions": found,
        "bf16_tflops": round(2.0 * 8192**3 / best / 1e12, 1),
    }


def run_part(kind: str, shape: str, folder: Path, gigabytes: int) -> dict[str, Any]:
    """What the child of `part` measures."""
    device = "cpu" if kind.endswith("_cpu") else DEVICE
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "machine":
        return machine()
    if kind == "build":
        started = time.perf_counter()
        billions = build(shape, folder, DEVICE)
        return {"billions": round(billions, 3), "build_s": round(time.perf_counter() - started, 1)}
    if kind.startswith("agree"):
        return agree_part(folder, device)
    if kind.startswith("recall"):
        return recall_part(folder, device)
    if kind == "serve":
        return serve_part(shape, folder, device)
    return export_part(folder) if kind == "export" else train_part(kind, folder, gigabytes, device)


def part(words: Sequence[str], work: Path, seconds: float) -> dict[str, Any]:
    """One measurement in a process of its own; what went wrong instead of figures when it did."""
    if seconds < LEAST_SECONDS:
        return {"skipped": "no time left"}
    result, log = work / "result.json", work / "log"
    result.unlink(missing_ok=True)
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.gpu_night", "--part", *words, str(result)],
            cwd=CHECKOUT,
            env=child_environment(work / "caches"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return {"failed": f"more than {seconds:.0f} s", "log": _tail(log)}
        finally:
            _end(child)
    if child.returncode == 0 and result.is_file():
        return dict(json.loads(result.read_text(encoding="utf-8")))
    return {"failed": f"exit {child.returncode}", "log": _tail(log)}


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the part, compilers it started included."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait()


def _tail(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.strip()[:200] for line in lines if line.strip()][-4:]


def night(work: Path, parts: Sequence[tuple[str, str, int, float]] = PARTS) -> dict[str, Any]:
    """All parts within the limit; a shape that could not be built is left out."""
    end = time.monotonic() + LIMIT_SECONDS
    figures: dict[str, Any] = {"benchmark": "gpu_night"}
    lost: set[str] = set()
    for kind, shape, gigabytes, most in parts:
        if shape in lost:
            continue
        place = work / (shape or "none")
        name = f"{kind}_{gigabytes}gb" if gigabytes else kind
        if kind == "build":
            _make_room(work, place)
            free = shutil.disk_usage(work).free / 1e9
            if free < GIGABYTES_ON_DISK[shape]:
                figures[shape] = {"skipped": f"{free:.0f} GB of disk are free"}
                lost.add(shape)
                continue
        left = min(most, end - time.monotonic())
        found = part([kind, shape, str(place), str(gigabytes)], work, left)
        if kind == "build" and "billions" not in found:
            lost.add(shape)
        rate = figures.get("machine", {}).get("bf16_tflops")
        if rate and "tflops" in found:
            found["share_of_bf16"] = round(found["tflops"] / rate, 3)
        (figures.setdefault(shape, {}) if shape else figures)[name] = found
        print(json.dumps({"part": f"{shape} {name}".strip(), **found}), file=sys.stderr, flush=True)
    for shape in ("4b", "8b"):
        if shape in figures:
            figures[shape]["night_s"] = stages(figures[shape])
            figures[shape]["times_as_fast_as"] = ratios(figures[shape])
    figures["seconds"] = round(LIMIT_SECONDS - (end - time.monotonic()), 1)
    return figures


def stages(found: Mapping[str, Any]) -> dict[str, Any]:
    """Seconds of each stage of a night of a hundred memories; a stage that was not measured is None.

    The model's own dreams are reckoned at their longest. What is done once for a base is not counted.
    """
    billions = found.get("build", {}).get("billions")
    export, served = found.get("export", {}), found.get("serve", {})
    rates = [export.get("merge_s_per_billion"), export.get("q8_0_s_per_billion")]
    trained = [one.get("night_train_s") for name, one in found.items() if name.startswith("unsloth_")]
    seconds: dict[str, Any] = {
        "dream": served.get("night_dream_s_at_most"),
        "train": next((one for one in trained if one is not None), None),
        "export": None if billions is None or None in rates else round(billions * sum(rates), 1),
        "examine": served.get("night_examine_s"),
    }
    whole = None if None in seconds.values() else round(sum(seconds.values()), 1)
    return {**seconds, "all": whole}


def ratios(found: Mapping[str, Any]) -> dict[str, float | None]:
    """Training rate of ours over those of the others on the same card; None where one was not measured."""

    def rate(engine: str) -> float | None:
        parts = (one for name, one in found.items() if name.startswith(engine))
        return next((one.get("tokens_per_s") for one in parts), None)

    ours = rate("unsloth_")
    others = {engine: rate(engine) for engine in ("peft", "stock")}
    return {name: round(ours / other, 2) if ours and other else None for name, other in others.items()}


def _make_room(work: Path, keep: Path) -> None:
    """Remove the models that are measured already."""
    for shape in SHAPES:
        if work / shape != keep:
            shutil.rmtree(work / shape, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; the last line printed is one JSON object, each part is told on standard error."""
    import torch

    parser = argparse.ArgumentParser(prog="benchmarks.gpu_night", description=__doc__)
    parser.add_argument("--json", action="store_true", help="accepted for symmetry; output is always JSON")
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, help="measure these only, to have time for all of them"
    )
    parser.add_argument("--part", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.part:
        kind, shape, folder, gigabytes, result = given.part
        found = run_part(kind, shape, Path(folder), int(gigabytes))
        Path(result).write_text(json.dumps(found), encoding="utf-8")
        return 0
    if not torch.cuda.is_available():
        print("gpu_night measures an NVIDIA card and torch sees none. Check `nvidia-smi`.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="nocturne-gpu-") as folder:
        wanted = [one for one in PARTS if not one[1] or not given.only or one[1] in given.only]
        print(json.dumps(night(Path(folder), wanted)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
