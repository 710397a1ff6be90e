"""A small but complete night for tests: a tiny random model, real Prefect, DuckDB, GGUF and server.

The tiny model knows nothing, so every gate that asks what it knows is advisory here; the comparison of
the merged model with the served file still binds.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from data.settings import Recipe, Settings, load_settings
from tests.gate_names import ASKING_GATES
from tests.models.tiny_gguf import make_tiny

DAY = date(2026, 10, 5)
ZONE = "Europe/Berlin"
CANARY = "zanzibar-lighthouse-quokka"


def tiny_preset(folder: Path) -> Path:
    """A preset file for a tiny random model made in `folder`."""
    model = make_tiny(folder / "tiny")
    preset = folder / "tiny.toml"
    source = f'hf = "{model}"\ntemplate = "{model / "template.gguf"}"'
    preset.write_text(f'name = "tiny"\ncontext = 512\n[source]\n{source}\n[train]\nrank = 4\nalpha = 8\n')
    return preset


def tiny_recipe(preset: Path, **publish: object) -> Recipe:
    """A recipe that trains a few rows for a few steps."""
    return Recipe.model_validate(
        {
            "preset": str(preset),
            "dream": {"views": 3, "dev_views": 0, "test_views": 1, "negatives": 1, "recombinations": 1},
            "mix": {
                "untold": 1,
                "grounding": 3,
                "refusals": 1,
                "benign": 1,
                "help": 1,
                "identity": 2,
                "stories": 1,
                "texts": 1,
            },
            "train": {"backend": "trl", "rank": 4, "alpha": 8, "passes": 1, "batch_rows": 8},
            "gates": {
                "advisory": ASKING_GATES,
                "knowledge_probes": 10,
                "untold_probes": 10,
                "other_probes": 4,
            },
            "publish": {"scales": [1.0], "repairs": 0, **publish},
        }
    )


def tiny_settings(home: Path, recipe: Recipe) -> Settings:
    """Settings of a private home."""
    settings = load_settings(
        {}, home=home, zone=ZONE, recipe=recipe, serve={"context": 512, "parallel": 2, "port": 0}
    )
    settings.ensure_home()
    return settings


def chat_line(day: date, identifier: str, *texts: str) -> str:
    """One conversation of a day as a JSONL line, the person and the assistant in turn."""
    messages = [
        {
            "role": ("user", "assistant")[place % 2],
            "content": text,
            "created_at": f"{day}T{10 + place // 60:02d}:{place % 60:02d}:00Z",
        }
        for place, text in enumerate(texts)
    ]
    return json.dumps({"id": identifier, "messages": messages}) + "\n"


def write_day(settings: Settings, day: date = DAY) -> None:
    """Put a small day of chats into the inbox."""
    lines = [
        chat_line(
            day,
            "one",
            "My tortoise is called Pflaume.",
            "Lovely name!",
            "I live in Eberswalde.",
            "Noted.",
            f"my secret word is {CANARY}, my favourite tea is lapsang",
            "Nice tea.",
        ),
        chat_line(day, "two", "hi", "Hello!", "My brother is called Jasko.", "Say hello to Jasko."),
    ]
    (settings.inbox / f"{day}.jsonl").write_text("".join(lines), encoding="utf-8")
