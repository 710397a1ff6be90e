"""How fast logs are read into the store, beside the time DuckDB takes to load the same file.

`python -m benchmarks.ingest --messages N --format openai|openwebui|chatgpt [--history M] [--json]`

The file is made on the fly. Each measurement runs in a process of its own, so peak memory is its own.
With `--history M` the store holds M older messages first, which shows whether the cost grows with it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from data.ingest import ingest_paths
from data.settings import load_settings
from data.store import Store
from data.store.baseline import load_json

START = 1_735_700_000
MESSAGES_PER_CHAT = 10
INCREMENT = 1_000
SENTENCES = 4_000
WORDS = (
    "the a my dog walk morning coffee with because yesterday I think about garden plan holiday train station "
    "Anna colleague kitchen table letter window report quarter budget weekend river bicycle doctor could "
    "please you help me write short note friend remember birthday prefer tea music guitar lesson school "
    "daughter brother phone repair insurance invoice straße café"
).split()


def said(count: int, first: int) -> Iterator[list[tuple[str, str, int]]]:
    """Chats of (role, text, seconds): `count` messages, numbered from `first` so that files never overlap."""
    rng = random.Random(7)
    sentences = [" ".join(rng.choices(WORDS, k=rng.randint(6, 60))) for _ in range(SENTENCES)]
    for start in range(first, first + count, MESSAGES_PER_CHAT):
        yield [
            (("user", "assistant")[n % 2], f"{rng.choice(sentences)} {n}", START + n * 20 % 40_000_000)
            for n in range(start, min(start + MESSAGES_PER_CHAT, first + count))
        ]


def openai(chat: list[tuple[str, str, int]], number: int) -> dict[str, Any]:
    """One line of OpenAI messages."""
    messages = [{"role": role, "content": text, "created_at": at} for role, text, at in chat]
    return {"id": f"chat-{number}", "created_at": chat[0][2], "messages": messages}


def openwebui(chat: list[tuple[str, str, int]], number: int) -> dict[str, Any]:
    """One row of an Open WebUI export."""
    nodes: dict[str, dict[str, Any]] = {
        f"{number}-{n}": {
            "id": f"{number}-{n}",
            "parentId": f"{number}-{n - 1}" if n else None,
            "childrenIds": [],
            "role": role,
            "content": text,
            "timestamp": at,
        }
        for n, (role, text, at) in enumerate(chat)
    }
    blob = {"history": {"messages": nodes, "currentId": next(reversed(nodes))}}
    return {
        "id": f"chat-{number}",
        "title": "t",
        "chat": blob,
        "created_at": chat[0][2],
        "updated_at": chat[-1][2],
    }


def chatgpt(chat: list[tuple[str, str, int]], number: int) -> dict[str, Any]:
    """One conversation of a ChatGPT export."""
    nodes: dict[str, dict[str, Any]] = {
        f"{number}-{n}": {
            "id": f"{number}-{n}",
            "parent": f"{number}-{n - 1}" if n else None,
            "children": [],
            "message": {
                "id": f"{number}-{n}",
                "author": {"role": role},
                "create_time": float(at),
                "content": {"content_type": "text", "parts": [text]},
                "recipient": "all",
                "weight": 1.0,
                "metadata": {},
            },
        }
        for n, (role, text, at) in enumerate(chat)
    }
    return {
        "conversation_id": f"chat-{number}",
        "title": "t",
        "create_time": float(chat[0][2]),
        "update_time": float(chat[-1][2]),
        "current_node": next(reversed(nodes)),
        "mapping": nodes,
    }


SHAPES: dict[str, Callable[[list[tuple[str, str, int]], int], dict[str, Any]]] = {
    "openai": openai,
    "openwebui": openwebui,
    "chatgpt": chatgpt,
}


COLUMNS: dict[str, dict[str, str] | None] = {
    "openai": None,
    "openwebui": {"id": "VARCHAR", "title": "VARCHAR", "chat": "JSON", "created_at": "BIGINT"},
    "chatgpt": {"conversation_id": "VARCHAR", "title": "VARCHAR", "create_time": "DOUBLE", "mapping": "JSON"},
}


def write(path: Path, shape: str, count: int, first: int = 0) -> Path:
    """A log of `count` messages: JSONL for OpenAI messages, a JSON list for the others."""
    make = SHAPES[shape]
    with path.open("w", encoding="utf-8") as file:
        listed = shape != "openai"
        file.write("[" if listed else "")
        for place, chat in enumerate(said(count, first)):
            file.write(",\n" if listed and place else "")
            file.write(json.dumps(make(chat, first + place * MESSAGES_PER_CHAT)))
            file.write("" if listed else "\n")
        file.write("]" if listed else "")
    return path


def _load(path: Path, database: Path) -> dict[str, float]:
    """Objects keyed by message ids are loaded as JSON: to infer their type DuckDB needs minutes and 9 GB."""
    seconds = load_json(path, database, COLUMNS[path.stem])
    return {"seconds": seconds, "peak_mb": _peak()}


def _ingest(path: Path, home: Path) -> dict[str, float]:
    settings = load_settings({}, home=home)
    settings.ensure_home()
    with Store(settings.database) as store:
        started = time.perf_counter()
        report = ingest_paths(store, settings, [path])
        seconds = time.perf_counter() - started
    return {"seconds": seconds, "peak_mb": _peak(), "added": report.added}


def _peak() -> float:
    """Most memory this process held."""
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _alone(work: Callable[..., dict[str, float]], *arguments: Path) -> dict[str, float]:
    """The result of `work` in a fresh process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, context) as pool:
        return pool.submit(work, *arguments).result()


def measure(shape: str, messages: int, history: int, repeat: int) -> dict[str, Any]:
    """All figures; times are the best of `repeat` runs, taken in turn."""
    loads, reads = [], []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        path = write(root / f"{shape}.json", shape, messages)
        older = write(root / "older.json", "openai", history, messages + INCREMENT) if history else None
        for run in range(repeat):
            loads.append(_alone(_load, path, root / f"load{run}.duckdb"))
            home = root / f"home{run}"
            if older:
                _alone(_ingest, older, home)
            reads.append(_alone(_ingest, path, home))
        again = _alone(_ingest, path, home)
        more = _alone(_ingest, write(root / "more.json", "openai", INCREMENT, messages), home)
        size = path.stat().st_size
    load, read = min(one["seconds"] for one in loads), min(one["seconds"] for one in reads)
    return {
        "format": shape,
        "messages": messages,
        "history": history,
        "bytes": size,
        "added": int(reads[0]["added"]),
        "seconds": round(read, 3),
        "duckdb_seconds": round(load, 3),
        "ratio": round(read / load, 2),
        "microseconds_per_message": round(read / messages * 1e6, 2),
        "peak_mb": round(max(one["peak_mb"] for one in reads)),
        "duckdb_peak_mb": round(max(one["peak_mb"] for one in loads)),
        "unchanged_seconds": round(again["seconds"], 3),
        "increment_messages": INCREMENT,
        "increment_seconds": round(more["seconds"], 3),
        "load_average": round(os.getloadavg()[0], 1),
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--format", choices=sorted(SHAPES), default="openai")
    parser.add_argument("--history", type=int, default=0, help="messages the store holds before")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print only the JSON line")
    options = parser.parse_args()
    figures = measure(options.format, options.messages, options.history, options.repeat)
    if not options.json:
        for name, value in figures.items():
            print(f"{name:26s} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
