"""How well a night's adapter tells what it was told from what nobody told, wherever it draws the line.

`python -m benchmarks.denial LIFE.json --study DIR [--json]` takes a finished study of benchmarks.lifetime
and reads, for every direct question about a fact in the ledger and every one about something never told, how
likely the answer is to begin with "You haven't told me". `area` is the chance that a never-told question is
denied more surely than a told one (the area under the ROC curve): what moves the line between answering and
denying moves both counts and not this. `best` is the most questions any other line would get right.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.ladder import opened, record_of
from benchmarks.life import due_probes
from data.errors import BadInput
from data.records import Example
from data.settings import Train
from models.packing import Row

TOLD, UNTOLD = "direct", "never_told"
DENIAL = "You haven't told me"
TINY = 1e-9
READ = 32


@dataclass(frozen=True)
class Line:
    """Right answers among told and untold questions, for a line at some log-odds of denial."""

    told: int
    untold: int

    @property
    def both(self) -> int:
        """Right answers of both sorts."""
        return self.told + self.untold


def area(told: Sequence[float], untold: Sequence[float]) -> float:
    """The chance that an untold question has the higher log-odds of denial, ties half (Mann and Whitney)."""
    pairs = [(a < b) + 0.5 * (a == b) for a in told for b in untold]
    return sum(pairs) / len(pairs) if pairs else math.nan


def line(told: Sequence[float], untold: Sequence[float], at: float) -> Line:
    """What is right when all with log-odds of denial from `at` on are denied."""
    return Line(sum(odds < at for odds in told), sum(odds >= at for odds in untold))


def figures(odds: Mapping[str, Sequence[float]]) -> dict[str, float | int]:
    """The figures of one adapter from the log-odds of denial by kind of question."""
    told, untold = odds[TOLD], odds[UNTOLD]
    now = line(told, untold, 0.0)
    best = max((line(told, untold, at) for at in (*told, *untold)), key=lambda one: one.both)
    return {
        "area": round(area(told, untold), 3),
        "told": len(told),
        "answered": now.told,
        "untold": len(untold),
        "denied": now.untold,
        "both": now.both,
        "best": best.both,
        "median_told": round(median(told), 2),
        "median_untold": round(median(untold), 2),
    }


def log_odds(base: Path, adapter: Path, rows: Sequence[Row], s: Train, ends: int) -> dict[str, float]:
    """Log-odds of each row's answer without the `ends` tokens that close it, with the adapter on."""
    import torch

    from models.cores import kept_memory
    from models.learner import batch_loss
    from models.progress import silent
    from models.trl_backend import CpuStudent

    found: dict[str, float] = {}
    with kept_memory(), torch.no_grad():
        student = CpuStudent(base, s, seed=0, start=adapter / "adapter_model.safetensors")
        student.prepare(rows, silent)
        for low in range(0, len(rows), READ):
            batch = student.pack(rows[low : low + READ])
            likely = batch_loss(student, batch, {}, 1.0).probability.tolist()
            for row in batch.rows:
                chance = math.prod(likely[: len(row.answer) - ends])
                found[row.id] = math.log(max(chance, TINY) / max(1.0 - chance, TINY))
                likely = likely[len(row.answer) :]
    return found


def measure(options: argparse.Namespace) -> list[dict[str, float | int]]:
    """The figures of every seed the study has kept an adapter of."""
    from models.packing import encode, end_of_turn
    from models.tokenizer import load_tokenizer

    life, study, recipe, base = opened(options)
    tokenizer = load_tokenizer(base.hf)
    ends = len(tokenizer(end_of_turn(tokenizer), add_special_tokens=False)["input_ids"])
    found = []
    for home in sorted(study.glob("home-*")):
        seed = int(home.name.removeprefix("home-"))
        adapter = home / "work" / f"dream-n{options.night:02d}" / "adapter"
        if not adapter.is_dir():
            continue
        record = record_of(study, "dream", seed, options.night)
        kept = {name for name, stages in record["facts"].items() if stages.get("kept")}
        probes = [
            probe
            for probe in due_probes(life, date.fromisoformat(record["date"]))
            if probe.kind == UNTOLD or (probe.kind == TOLD and probe.fact in kept)
        ]
        asked = [Example(p.id, p.kind, "", recipe.persona, p.question, DENIAL) for p in probes]
        odds = log_odds(base.hf, adapter, encode(asked, tokenizer), recipe.train, ends)
        by_kind = {kind: [odds[p.id] for p in probes if p.kind == kind] for kind in (TOLD, UNTOLD)}
        found.append({"seed": seed, **figures(by_kind)})
    if not found:
        raise BadInput(
            f"{study} keeps no adapter of night {options.night}. Run benchmarks.lifetime with dream."
        )
    return found


def main() -> int:
    """Measure and print; 0 when done, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.denial", description=__doc__)
    parser.add_argument("life", type=Path, help="the study's nocturne-life/1 file")
    parser.add_argument("--study", type=Path, required=True, help="`--out` of benchmarks.lifetime")
    parser.add_argument("--night", type=int, default=6)
    parser.add_argument(
        "--models", type=Path, help="where prepared bases are kept; the installation's if unset"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, last")
    options = parser.parse_args()
    try:
        found = measure(options)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    for one in found:
        print("  ".join(f"{name} {value}" for name, value in one.items()))
    if options.json:
        print(json.dumps({"seeds": found}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
