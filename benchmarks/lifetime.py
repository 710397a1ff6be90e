"""A lifetime of nights: what a model remembers of a told life, against the same model with other memories.

`python -m benchmarks.lifetime LIFE.json --arms none,context,dream --out DIR` lives the nights with the
product's own functions, asks the due probes after each examined night, and leaves a table, `lifetime.json`
and plots in DIR. What is finished is kept there, so a stopped run goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.life import load_life
from benchmarks.lifetime_arms import ARMS, Panel
from data.errors import BadInput, NocturneError
from data.settings import load_settings, prepare_environment

LIVES = Path(__file__).parent / "lives"
TRAIN_AFTER = "1,3,6,12,20,30"


def arguments(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lifetime", description=__doc__)
    parser.add_argument(
        "life", nargs="?", type=Path, default=LIVES / "six_a.json", help="a nocturne-life/1 file"
    )
    parser.add_argument("--nights", type=int, help="live only the first nights; all if unset")
    parser.add_argument("--seeds", type=int, default=1, help="independent runs of the trained arms")
    parser.add_argument("--arms", default=",".join(ARMS), help="comma-separated; `none` is always there")
    parser.add_argument(
        "--train-after", default=TRAIN_AFTER, help="nights to train and ask after, and the last"
    )
    parser.add_argument("--preset", help="base model, a name in models/presets or a file")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="recipe setting, e.g. train.passes=2"
    )
    parser.add_argument("--knowledge", type=int, default=200, help="general questions, paired with the base")
    parser.add_argument(
        "--others", type=int, default=20, help="refusal, look-alike, help and identity questions, each"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder of the study")
    parser.add_argument(
        "--models", type=Path, help="where prepared bases are kept; the installation's if unset"
    )
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object, last")
    return parser.parse_args(words)


def nights_of(text: str, last: int) -> tuple[int, ...]:
    """The examined nights: those named, as far as the life goes, and the last."""
    try:
        named = {int(part) for part in text.split(",") if part.strip()}
    except ValueError as error:
        raise BadInput(f"--train-after {text!r} is not a list of numbers such as 1,3,6.") from error
    return tuple(sorted({night for night in named if 0 < night < last} | {last}))


def arms_of(text: str) -> tuple[str, ...]:
    """The arms in the study's order; the base is always among them."""
    wanted = {part.strip() for part in text.split(",") if part.strip()} | {"none"}
    if unknown := wanted - set(ARMS):
        raise BadInput(f"There is no arm {sorted(unknown)[0]!r}. Choose from {', '.join(ARMS)}.")
    return tuple(arm for arm in ARMS if arm in wanted)


def recipe_settings(pairs: Sequence[str], preset: str | None) -> dict[str, str]:
    """`name=value` pairs of the recipe as the variables that settings are read from."""
    chosen = [*pairs, *([f"preset={preset}"] if preset else [])]
    if wrong := [pair for pair in chosen if "=" not in pair]:
        raise BadInput(f"--set {wrong[0]!r} is not of the form NAME=VALUE, for example train.passes=2.")
    split = [pair.split("=", 1) for pair in chosen]
    return {f"NOCTURNE_RECIPE__{name.strip().upper().replace('.', '__')}": value for name, value in split}


def main(words: Sequence[str] | None = None) -> int:
    """Run or resume a study; 0 when done, 2 for bad input, 1 when something broke."""
    options = arguments(words)
    try:
        return study(options)
    except NocturneError as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, BadInput) else 1


def study(options: argparse.Namespace) -> int:
    """Live, ask, count and draw."""
    life = load_life(options.life)
    nights = min(options.nights or len(life.days), len(life.days))
    installation = load_settings()
    prepare_environment(installation)
    recipe = load_settings(recipe_settings(options.set, options.preset), home=installation.home).recipe
    from benchmarks import lifetime_figures, lifetime_plots, lifetime_run, lifetime_tables
    from benchmarks.lifetime_evening import Study

    options.out.mkdir(mode=0o700, parents=True, exist_ok=True)
    plan = Study(
        life=life,
        recipe=recipe,
        arms=arms_of(options.arms),
        seeds=options.seeds,
        nights=nights,
        examined=nights_of(options.train_after, nights),
        panel=Panel.load(options.knowledge, options.others),
        out=options.out.absolute(),
        models=(options.models or installation.models).absolute(),
    )
    records = lifetime_run.run(plan)
    figures = lifetime_figures.study_figures(life, records)
    figures |= {"life": options.life.stem, "nights": nights, "seeds": options.seeds, "preset": recipe.preset}
    text = json.dumps(figures, ensure_ascii=False)
    (options.out / "lifetime.json").write_text(text + "\n", encoding="utf-8")
    written = lifetime_plots.draw(figures, options.out)
    print(lifetime_tables.table(figures))
    print(f"{len(written)} pictures and lifetime.json are in {options.out}.", file=sys.stderr)
    if options.json:
        print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
