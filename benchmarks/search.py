"""How long a search over many memories takes, and how well it finds one among them.

`python -m benchmarks.search [--memories N] [--queries N] [--vectors] [--json]`. Memories are made up from
templates with a fixed seed; each query asks for one of them in other words. Times are in milliseconds.
Without --vectors words are compared; with it vectors too. Those of the memories are random (their quality is
not measured here, only the cost of comparing them); the question is embedded as it would be, so the time of a
search holds it, and it is given apart as well.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from data.night import Night
from data.records import Memory
from data.store import Store
from data.store.search import DIMENSIONS
from models import embedding

SEED = 20_261_005
_OWNERS = (
    "my sister",
    "my brother",
    "my neighbour",
    "my boss",
    "my aunt",
    "my cousin",
    "my friend",
    "my teacher",
)
_TEMPLATES = (
    ("{owner} {name} keeps a {thing} called {word}.", "what is the {thing} of {name} called"),
    ("{owner} {name} bought a {thing} from {word} in {month}.", "who sold the {thing} to {name}"),
    ("{owner} {name} moved to {word} with a {thing}.", "where did {name} move with the {thing}"),
    ("{owner} {name} is afraid of the {thing} at {word}.", "what frightens {name} at {word}"),
)
_THINGS = tuple(
    "dog cat boat piano kettle bicycle garden camera tortoise drum lamp sofa canoe loom telescope".split()
)
_MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
_SYLLABLES = tuple("ba ko ri mu tel van do si pra lin gor fe hu zan ta mi ol per ka ne wi jo ru dal".split())


def made_up(count: int) -> list[tuple[Memory, str]]:
    """`count` memories with a question for each, the same every time."""
    draw = random.Random(SEED)
    made = []
    for i in range(count):
        statement, question = draw.choice(_TEMPLATES)
        words = {
            "owner": draw.choice(_OWNERS),
            "name": "".join(draw.choices(_SYLLABLES, k=3)).title(),
            "word": "".join(draw.choices(_SYLLABLES, k=3)).title(),
            "thing": draw.choice(_THINGS),
            "month": draw.choice(_MONTHS),
        }
        text = statement.format(**words)
        memory = Memory(f"{i:012x}", text, words["owner"], "", "", date(2026, 1, 1), (f"t{i}",))
        made.append((memory, question.format(**words)))
    return made


def measure(count: int, queries: int, vectors: bool) -> dict[str, Any]:
    """Build an index of `count` memories and time `queries` searches of ten results each."""
    made = made_up(count)
    asked = random.Random(SEED + 1).sample(made, min(queries, count))
    draw = np.random.default_rng(SEED)

    def embed(texts: Sequence[str]) -> Any:
        if len(texts) == 1 and not embedding.missing():
            embedding.embed(texts)
        return draw.standard_normal((len(texts), DIMENSIONS), dtype=np.float32)

    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "search.duckdb") as store:
        started = time.perf_counter()
        store.memories.replace_night(Night(date(2026, 1, 1), "UTC"), [m for m, _ in made], [])
        built = time.perf_counter() - started
        if vectors:
            store.memories.embed(embed)
        store.memories.search("warm up", embed=embed if vectors else None)
        times, found = [], 0
        for memory, question in asked:
            started = time.perf_counter()
            hits = store.memories.search(question, embed=embed if vectors else None)
            times.append(1000 * (time.perf_counter() - started))
            found += any(replace(hit, activation=1.0) == memory for hit, _ in hits)
        times.sort()
    return {
        "memories": count,
        "queries": len(asked),
        "build_seconds": round(built, 2),
        "median_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "found_in_10": round(found / len(asked), 3),
        "vectors": vectors,
        "embed_question_ms": _embed_ms() if vectors else None,
    }


def _embed_ms() -> float | None:
    """Milliseconds to embed one question, None without the embedding package."""
    if embedding.missing():
        return None
    embedding.embed(["warm up"])
    times = []
    for i in range(10):
        started = time.perf_counter()
        embedding.embed([f"What is my sister's dog number {i} called?"])
        times.append(1000 * (time.perf_counter() - started))
    return round(sorted(times)[5], 1)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--memories", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--vectors", action="store_true", help="also compare vectors")
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    options = parser.parse_args(arguments)
    figures = measure(options.memories, options.queries, options.vectors)
    for name, value in figures.items():
        print(f"{name}: {value}")
    if options.json:
        print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
