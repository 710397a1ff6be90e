"""Makes the adapter that nights of a base start from: it knows how to answer and nothing of anybody.

`python -m benchmarks.warm_start [--preset NAME] [--limit N] [--onto FILE] [--json]`. Trains one adapter on
everything that no night should have to learn anew: thousands of questions about what the people of
`data/exchanges` told, every one answered with "You haven't told me"; who the assistant is; and the base's own
words on all general prompts, held by divergence. Then it brings together what the base makes of questions
that ask for the same (benchmarks/warm_alike.py). About 13 and 39 minutes on 2 cores. Writes
NAME.start.safetensors beside the preset and prints the lines that belong into the preset's file. `--limit`
takes only the first N written exchanges; `--onto` does the second half only, on an adapter of the first.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from benchmarks import warm_alike
from benchmarks.exchanges import NIGHT, exchanges_of
from benchmarks.warm_alike import groups_of
from data.grammar import embed
from data.mixture import NOT_TOLD, Seeds, keeping_rows, load_seeds
from data.records import Example, Memory
from data.settings import Recipe, Train, load_settings, prepare_environment
from models import trainer
from models.base import Base, prepare_base
from models.crew import crew
from models.dream_polar import truth
from models.dream_told import Told
from models.dream_views import View, answer_of, backwards, direct
from models.dreamer import normalise
from models.extractor import load_exchanges
from models.files import sha256_file
from models.grounding import base_answers
from models.learner import Course
from models.packing import STORY_LENGTH, encode
from models.preset import FOLDER, settled
from models.tokenizer import load_tokenizer
from models.warm_start import description
from quality.extraction import extract_all
from tasks.base import own_refusals_only

DIRECT, PLAIN_SHARE = 4, 0.5
SEED = 1
# A small file; nights put it into an adapter of any higher rank.
SHAPE = {
    "rank": 32,
    "alpha": 64,
    "targets": "mlp",
    "memory_layer": 0.0,
    "opening_weight": 1.0,
    "denial_weight": 1.0,
}
FIRST = {"passes": 1, "first_share": 0.36, "rate": 4e-4, "closing_share": 0.05}
ALIKE_RATE = 3e-4


def heard(limit: int | None) -> list[Memory]:
    """What the rules hear in the written exchanges, each slot and value once."""
    found: dict[tuple[str, str, str], Memory] = {}
    for said in load_exchanges()[:limit]:
        for memory in extract_all(exchanges_of(said.id, said.turns), NIGHT):
            if memory.active:
                found.setdefault((memory.subject, memory.relation, memory.value), memory)
    return list(found.values())


def untold(memories: Iterable[Memory], seeds: Seeds, rng: random.Random) -> list[Example]:
    """Every question once, answered as to somebody who never told any of it."""
    rows: dict[str, tuple[str, str]] = {}
    for memory in memories:
        for question, answer in _denied(memory, rng):
            rows.setdefault(normalise(question), (question, answer))
    for slot in seeds.untold:
        for question in (slot.question, slot.question2):
            rows.setdefault(normalise(question), (question, NOT_TOLD))
    return [
        Example(f"untold-{number}", "untold", "untold", "", question, answer)
        for number, (question, answer) in enumerate(rows.values())
    ]


def _denied(memory: Memory, rng: random.Random) -> list[tuple[str, str]]:
    told = Told([memory])
    asked = [(view.question, NOT_TOLD) for view in _spread(direct(memory, told), DIRECT, rng)]
    back = backwards(memory, told)
    if back:
        view = rng.choice(back)
        word = "who" if back[0].question.startswith("Who") else "what"
        named = memory.relation == "name"
        asked.append((view.question, f"You haven't told me {word} {memory.value} is." if named else NOT_TOLD))
    closed = truth(memory, Told([memory]))
    if closed:
        whether = embed(answer_of(memory)).rstrip(".")
        asked.append((rng.choice(closed).question, f"You haven't told me whether {whether}."))
    return asked


def _spread(views: Sequence[View], count: int, rng: random.Random) -> list[View]:
    """`count` views, every core question in turn, many of them bare."""
    turns: dict[str, list[View]] = {}
    for view in rng.sample(views, len(views)):
        turns.setdefault(view.core, []).append(view)
    for same in turns.values():
        if rng.random() < PLAIN_SHARE:
            same.sort(key=lambda view: not view.plain)
    return [view for row in zip_longest(*turns.values()) for view in row if view is not None][:count]


def answered(seeds: Seeds, base: Base, recipe: Recipe, cache: Path) -> Seeds:
    """The seeds with the base's answers to all of their prompts."""
    stories = [row.text for row in seeds.stories]
    others = [row.text for row in seeds.prompts]
    others += [row.text for row in (*seeds.refusals, *seeds.benign, *seeds.help)]
    answers: dict[str, str] = {}
    with crew(base.gguf, run="warm-start") as chat:
        for texts, length in ((others, 1), (stories, STORY_LENGTH)):
            answers |= base_answers(
                base,
                texts,
                cache,
                chat,
                system=recipe.persona,
                max_tokens=recipe.train.answer_tokens * length,
                progress=_say,
            )
    return replace(seeds, answers=own_refusals_only(seeds, answers))


def rows_of(seeds: Seeds, recipe: Recipe, limit: int | None) -> list[Example]:
    """All rows of the run, most of them with the memory persona."""
    rng = random.Random(SEED)
    everything = recipe.model_copy(
        update={
            "mix": recipe.mix.model_copy(
                update={
                    "grounding": 2 * len(seeds.prompts),
                    "refusals": len(seeds.refusals),
                    "benign": len(seeds.benign),
                    "help": len(seeds.help),
                    "stories": len(seeds.stories),
                    "identity": len(seeds.identity),
                }
            )
        }
    )
    rows = [*keeping_rows(seeds, everything, SEED), *untold(heard(limit), seeds, rng)]
    rng.shuffle(rows)
    dressed = round(recipe.mix.persona_share * len(rows))
    return [replace(row, system=recipe.persona) if n < dressed else row for n, row in enumerate(rows)]


def write(adapter: Path, out: Path, s: Train) -> str:
    """The adapter as one file of half the size; returns its sha256."""
    import torch
    from safetensors.torch import load_file, save_file

    values = load_file(adapter / "adapter_model.safetensors")
    halved = {name: value.to(torch.bfloat16).contiguous() for name, value in values.items()}
    save_file(halved, out, description(s))
    return sha256_file(out)


def _first_half(rows: Sequence[Example], base: Base, recipe: Recipe, folder: Path) -> Path:
    own = recipe.train.model_copy(update=SHAPE | FIRST)
    made = trainer.train(rows, base, folder, own, seed=SEED, persona=recipe.persona, progress=_say)
    return made.adapter / "adapter_model.safetensors"


def _say(share: float, line: str) -> None:
    print(f"\r{100 * share:3.0f} % {line:70}", end="", file=sys.stderr, flush=True)


def main() -> int:
    """Make the file; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm_start", description=__doc__)
    parser.add_argument("--preset", default="smollm2-135m")
    parser.add_argument("--limit", type=int, help="only the first N written exchanges")
    parser.add_argument("--onto", type=Path, help="an adapter of the first half to go on with")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    settings = load_settings()
    prepare_environment(settings)
    recipe = settled(settings.recipe.model_copy(update={"preset": options.preset}))
    base = prepare_base(options.preset, settings.models, _say)
    began = time.monotonic()
    seeds = answered(load_seeds(), base, recipe, base.folder)
    keeping = rows_of(seeds, recipe, options.limit)
    groups = groups_of(heard(options.limit), seeds, random.Random(SEED))
    out = FOLDER / f"{options.preset}.start.safetensors"
    with tempfile.TemporaryDirectory() as folder:
        first = options.onto or _first_half(keeping, base, recipe, Path(folder))
        own = recipe.train.model_copy(update=SHAPE | {"rate": ALIKE_RATE})
        kept = tuple(encode(keeping, load_tokenizer(base.hf), 1.0, own.answer_tokens))
        plan = warm_alike.lessons(groups, base, recipe.persona)
        course = Course(base.hf, kept, own, warm_alike.SEED, first)
        home = warm_alike.train(course, groups, plan, Path(folder) / "alike", _say)
        digest = write(Path(folder) / "alike", out, own)
    print(f"\n[start]\nfile = {out.name!r}\nsha256 = {digest!r}".replace("'", '"'))
    if options.json:
        figures = {"rows": len(keeping), "groups": len(groups), "home": round(home, 3)}
        seconds = round(time.monotonic() - began)
        print(json.dumps({"file": out.name, "sha256": digest, **figures, "seconds": seconds}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
