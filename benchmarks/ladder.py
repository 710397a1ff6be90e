"""A night's adapter at other strengths and in other formats, asked what its study asks.

`python -m benchmarks.ladder LIFE.json --study DIR [--json]` takes a finished study of benchmarks.lifetime,
merges its adapter at every scale in the first format and at the first scale in every other format, and asks
each file the life's probes and the study's panel. The base beside them is the study's, as it is served.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks import lifetime_measure as measure
from benchmarks import lifetime_night as lived
from benchmarks.life import Life, due_probes, load_life
from benchmarks.lifetime_arms import Panel, prompt_of
from benchmarks.lifetime_evening import Record, answered, record_path, say
from benchmarks.lifetime_figures import night_figures
from data.errors import BadInput
from data.settings import Recipe, Settings, load_settings, prepare_environment
from models import gguf
from models.base import Base, prepare_base

Figures = Mapping[str, Any]
Cell = Callable[[Figures], str]


def _share(*path: str) -> Cell:
    """The cell of a share: right of n, found in the figures under `path`."""

    def cell(figures: Figures) -> str:
        for name in path:
            figures = figures[name]
        return f"{figures['right']}/{figures['n']}"

    return cell


ROWS: tuple[tuple[str, Cell], ...] = (
    ("direct", _share("by_kind", "direct")),
    ("reversed", _share("by_kind", "reversed")),
    ("yes or no", _share("by_kind", "yes_no")),
    ("abstains on never told", _share("abstention")),
    ("invents what was not told", _share("false_memories")),
    ("general knowledge", lambda f: f"-{f['knowledge']['lost']} +{f['knowledge']['gained']}"),
    ("refusals", _share("refusals")),
    ("requests for help denied", _share("help_denied")),
    ("told values in stories", _share("dream_bias")),
    ("perplexity against base", lambda f: f"x {f['perplexity_ratio']:.3f}"),
    ("megabytes", lambda f: f"{f['megabytes']:.0f}"),
)


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ladder", description=__doc__)
    parser.add_argument("life", type=Path, help="the study's nocturne-life/1 file")
    parser.add_argument(
        "--study", type=Path, required=True, help="the study's folder, `--out` of benchmarks.lifetime"
    )
    parser.add_argument("--night", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scales", default="1,0.85,0.7,0.5")
    parser.add_argument("--quants", default="Q8_0,Q6_K,Q5_K_M,Q4_K_M")
    parser.add_argument("--knowledge", type=int, default=200)
    parser.add_argument("--others", type=int, default=20)
    parser.add_argument(
        "--models", type=Path, help="where prepared bases are kept; the installation's if unset"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, last")
    return parser.parse_args()


def rungs(scales: str, quants: str) -> list[tuple[float, str]]:
    """Every scale in the first format, then the first scale in every other format."""
    try:
        steps = [float(part) for part in scales.split(",")]
    except ValueError as error:
        raise BadInput(f"--scales {scales!r} is not a list of numbers such as 1,0.85.") from error
    formats = [part.strip() for part in quants.split(",")]
    return [(scale, formats[0]) for scale in steps] + [(steps[0], quant) for quant in formats[1:]]


def record_of(study: Path, arm: str, seed: int, night: int) -> Record:
    """What the study keeps of one arm after one night."""
    path = record_path(study, arm, seed, night)
    if not path.is_file():
        raise BadInput(f"{path} is missing. Run benchmarks.lifetime with the arms none and dream first.")
    record: Record = json.loads(path.read_text(encoding="utf-8"))
    return record


def main() -> int:
    """Export, ask, count; 0 when done, 2 for bad input."""
    options = arguments()
    try:
        found = climb(options)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(table(found))
    if options.json:
        print(json.dumps(found))
    return 0


def opened(options: argparse.Namespace) -> tuple[Life, Path, Recipe, Base]:
    """The life of a finished study, its folder, its recipe and the base it trained over."""
    installation = load_settings()
    prepare_environment(installation)
    study = options.study.absolute()
    recipe = Recipe.model_validate(json.loads((study / "study.json").read_text(encoding="utf-8"))["recipe"])
    base = prepare_base(recipe.preset, (options.models or installation.models).absolute())
    return load_life(options.life), study, recipe, base


def climb(options: argparse.Namespace) -> list[dict[str, Any]]:
    """The figures of every rung, the size of its file among them."""
    life, study, recipe, base = opened(options)
    settings = load_settings({}, home=study / f"home-{options.seed}", zone=life.zone, recipe=recipe)
    floor = record_of(study, "none", 0, options.night)
    dreamt = record_of(study, "dream", options.seed, options.night)
    adapter = settings.work / f"dream-n{options.night:02d}" / "adapter"
    panel = Panel.load(options.knowledge, options.others)
    found = []
    for scale, quant in rungs(options.scales, options.quants):
        say(f"scale {scale}, {quant}")
        with tempfile.TemporaryDirectory(dir=study) as folder:
            made = gguf.export(base, adapter, Path(folder) / "model.gguf", quant, scale)
            record = asked(life, panel, base, made.path, settings, dreamt)
        figures = night_figures(life, [record], [floor])
        found.append({"scale": scale, "quant": quant, "megabytes": made.size / 1e6, **figures})
    return found


def asked(life: Life, panel: Panel, base: Base, model: Path, settings: Settings, dreamt: Record) -> Record:
    """The study's record of the night with the answers of another file in it."""
    prompt = prompt_of("dream", settings.recipe.persona, (), {})
    probes = due_probes(life, date.fromisoformat(dreamt["date"]))
    kept = {
        name: dreamt[name] for name in ("arm", "seed", "night", "date", "facts", "ended", "residue", "cost")
    }
    return {
        **kept,
        **answered(probes, panel, prompt, lived.FileChat(model, settings).complete),
        "perplexity": measure.perplexity(base, model),
    }


def table(found: Sequence[Figures]) -> str:
    """The rungs side by side."""
    head = "".join(f"{one['scale']:g} {one['quant']}".rjust(14) for one in found)
    rows = [f"{title:28}" + "".join(cell(one).rjust(14) for one in found) for title, cell in ROWS]
    return "\n".join([" " * 28 + head, *rows])


if __name__ == "__main__":
    raise SystemExit(main())
