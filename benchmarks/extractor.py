"""What the trained extractor finds and makes up, beside rules alone and both together.

`python -m benchmarks.extractor [LIFE.json ...] [--train] [--json]`. Measures the exchanges held out of its
training and the given lives; `--train` first makes the extractor of the base (about 15 minutes on 2 cores). A
fact counts as found when its value occurs in a memory of its turn; every memory of a turn that tells nothing
is false.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import extraction
from benchmarks.exchanges import NIGHT, exchanges_of
from data.night import Night
from data.records import Exchange, Memory
from data.settings import load_settings, prepare_environment
from models import extractor
from models.base import prepare_base
from quality.extraction import extract_all

if TYPE_CHECKING:
    from tasks.reading import Reading

Write = Callable[[Sequence[Exchange]], Mapping[str, "Reading"]]


def _say(share: float, line: str) -> None:
    print(f"{100 * share:3.0f} % {line}", file=sys.stderr, flush=True)


def heard(
    exchanges: Sequence[Exchange], night: Night, known: Sequence[Memory], how: str, write: Write
) -> list[Memory]:
    """The memories of these exchanges by `rules`, by the `model` alone, or by both."""
    from tasks.reading import told

    rules = extract_all(exchanges, night, known)
    if how == "rules":
        return rules
    return told(exchanges, [] if how == "model" else rules, write(exchanges), night, known)


def written_exchanges(how: str, write: Write) -> dict[str, Any]:
    """Figures of the held-out exchanges."""
    said = [one for one in extractor.load_exchanges() if extractor.held_out(one)]
    every = {one.id: exchanges_of(one.id, one.turns) for one in said}
    if how != "rules":
        write([exchange for exchanges in every.values() for exchange in exchanges])
    facts = found = silent = noisy = false = extra = 0
    for one in said:
        last = every[one.id][-1].user.id
        memories = [m for m in heard(every[one.id], NIGHT, (), how, write) if last in m.sources]
        values = [value for _, value in one.facts]
        facts += len(values)
        found += sum(any(extraction.holds(m, [value]) for m in memories) for value in values)
        extra += sum(not extraction.holds(m, values) for m in memories) if values else 0
        if not values:
            silent, noisy, false = silent + 1, noisy + bool(memories), false + len(memories)
    return {
        "facts": facts,
        "found": found,
        "found_share": round(found / max(1, facts), 4),
        "silent": silent,
        "silent_with_memories": noisy,
        "false": false,
        "extra_where_told": extra,
    }


def life_figures(path: Path, how: str, write: Write) -> dict[str, Any]:
    """Figures of one life."""
    life = json.loads(path.read_text(encoding="utf-8"))
    if how != "rules":
        write([exchange for _, exchange in extraction.exchanges(life)])
    by_day = extraction.heard_by_day(life, partial(heard, how=how, write=write))
    every = [m for memories in by_day.values() for m in memories]
    values = extraction.values_of(life)
    return {
        **extraction.share_found(life, extraction.missed(life, by_day)),
        "memories": len(every),
        "unmatched": sum(not extraction.holds(m, values) for m in every),
    }


def main() -> int:
    """Print the figures of each way; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extractor")
    parser.add_argument("lives", nargs="*", type=Path)
    parser.add_argument("--train", action="store_true", help="make the extractor of the base first")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    prepare_environment(settings)
    recipe = settings.recipe
    if options.train:
        extractor.train(prepare_base(recipe.preset, settings.models), _say)
    from tasks.reading import read_exchanges

    write = partial(read_exchanges, settings=settings, recipe=recipe, run="extractor")
    report: dict[str, Any] = {}
    for how in ("rules", "model", "both"):
        report[how] = {"exchanges": written_exchanges(how, write)}
        report[how] |= {path.stem: life_figures(path, how, write) for path in options.lives}
        if not options.json:
            print(how, report[how])
    if options.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
