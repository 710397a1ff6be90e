"""How fast one model file answers many short questions: one server with all threads, or a crew of servers.

`python -m benchmarks.asking [--json]`. Asks general prompts of 16 tokens and the examination's fixed panel of
32 of the prepared base, both ways in one run; the crew is what nights use (models/crew.py).
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from data.mixture import load_seeds
from data.records import ChatRequest, Message
from data.settings import load_settings, prepare_environment
from models.base import prepare_base
from models.chat import HttpChat
from models.crew import crew
from models.server import serve_model
from quality import probes

QUESTIONS = 96
SERVED_IN_PARALLEL = 4


def one_server(gguf: Path, requests: list[ChatRequest], context: int) -> float:
    """Seconds of one server that uses every core, as a published generation is served."""
    threads = os.cpu_count() or 1
    with (
        serve_model(
            gguf, alias="one", context=context, parallel=SERVED_IN_PARALLEL, threads=threads
        ) as server,
        HttpChat.to(server, run="asking", parallel=SERVED_IN_PARALLEL) as chat,
    ):
        began = time.monotonic()
        chat.complete(requests)
        return time.monotonic() - began


def several(gguf: Path, requests: list[ChatRequest], context: int) -> float:
    """Seconds of the crew."""
    with crew(gguf, run="asking", context=context) as chat:
        began = time.monotonic()
        chat.complete(requests)
        return time.monotonic() - began


def measure() -> dict[str, Any]:
    """Seconds both ways for each kind of question, and how many times faster the crew is."""
    settings = load_settings()
    prepare_environment(settings)
    recipe = settings.recipe
    base = prepare_base(recipe.preset, settings.models)
    persona = Message("system", recipe.persona)
    asked = {
        "prompts": [
            ChatRequest((persona, Message("user", seed.text)), 16)
            for seed in load_seeds().prompts[:QUESTIONS]
        ],
        "panel": [
            probes.request(one, recipe.persona) for one in probes.fixed_probes((), recipe.gates)[:QUESTIONS]
        ],
    }
    report: dict[str, Any] = {"questions": QUESTIONS, "cores": os.cpu_count()}
    for kind, requests in asked.items():
        one = one_server(base.gguf, requests, settings.serve.context)
        crewed = several(base.gguf, requests, settings.serve.context)
        report[kind] = {
            "one_server_seconds": round(one, 2),
            "crew_seconds": round(crewed, 2),
            "times_faster": round(one / crewed, 2),
        }
    return report


def main() -> int:
    """Print the figures; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asking", description=__doc__)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    report = measure()
    print(json.dumps(report) if options.json else json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
