"""A model that writes down what a chat's last message tells about the person, in plain sentences.

An adapter of the base, trained on the exchanges in `data/exchanges`. What it writes is untrusted and checked
by quality/plain.py before anything becomes a memory.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from data.errors import BadInput
from data.records import ChatRequest, Example, Message
from data.settings import Train
from models import gguf, trainer
from models.base import Base
from models.files import locked
from models.progress import Progress

RECIPE = Train(
    rate=7e-4,
    outer_rate=1.0,
    passes=2,
    first_share=1.0,
    value_weight=1.0,
    opening_weight=1.0,
    denial_weight=1.0,
    safe_probability=0.97,
    rest_share=0.3,
)
EXCHANGES = Path(__file__).resolve().parent.parent / "data" / "exchanges"
SYSTEM = (
    "Write down what the user's last message tells about the user's own life, one plain sentence a line. "
    "If it tells nothing, write: nothing"
)
NOTHING = "nothing"
CONTEXT_CHARACTERS = 240
PIECE_CHARACTERS = 420
MAX_TOKENS = 72


@dataclass(frozen=True, slots=True)
class Said:
    """One written exchange: its turns as (role, text), oldest first, and the (sentence, value) it tells."""

    id: str
    turns: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]


def load_exchanges(folder: Path = EXCHANGES) -> list[Said]:
    """Every written exchange; raises BadInput with file and line of the first fault."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            name = f"{path.stem}-{number}"
            try:
                row = json.loads(line)
                turns = tuple((str(role), str(text)) for role, text in row["turns"])
                facts = tuple((str(sentence), str(value)) for sentence, value in row["facts"])
            except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
                raise BadInput(f"{path.name}, line {number} is not an exchange: {error}") from error
            found.append(Said(name, turns, facts))
    return found


def held_out(said: Said) -> bool:
    """Whether an exchange only measures and never trains: a stable tenth."""
    return hashlib.sha256(said.id.encode()).digest()[0] < 26


def window(turns: Sequence[tuple[str, str]]) -> str:
    """The turns as the model reads them; those before the last are cut to their end."""
    *before, last = turns
    lines = [f"{role.capitalize()}: {_flat(text)[-CONTEXT_CHARACTERS:]}" for role, text in before[-2:]]
    return "\n".join([*lines, f"{last[0].capitalize()}: {_flat(last[1])}"])


def _flat(text: str) -> str:
    return " ".join(text.split())


def pieces(text: str) -> list[str]:
    """A long message in parts of whole sentences that each fit one reading."""
    parts: list[str] = []
    for sentence in re.split(r"(?<=[.!?\n])\s+", text.strip()):
        if parts and len(parts[-1]) + len(sentence) < PIECE_CHARACTERS:
            parts[-1] += " " + sentence
        else:
            parts.append(sentence[: 2 * PIECE_CHARACTERS])
    return [part for part in parts if part]


def request(turns: Sequence[tuple[str, str]]) -> ChatRequest:
    """The question to the extractor about the last of these turns."""
    return ChatRequest((Message("system", SYSTEM), Message("user", window(turns))), max_tokens=MAX_TOKENS)


def sentences(text: str) -> list[str]:
    """The sentences of an answer; none when it says nothing was told."""
    lines = [line.strip() for line in text.splitlines()]
    return list(dict.fromkeys(line for line in lines if len(line) > 3 and line.lower().strip(".") != NOTHING))


def training_rows(exchanges: Sequence[Said]) -> list[Example]:
    """Training rows: what to read, and what to write about it."""
    return [
        Example(
            id=said.id,
            kind="extract",
            group="extract",
            system=SYSTEM,
            question=window(said.turns),
            answer="\n".join(sentence for sentence, _ in said.facts) or NOTHING,
        )
        for said in exchanges
    ]


def train(base: Base, progress: Progress | None = None) -> Path:
    """Train the extractor of this base on every exchange that is not held out; returns its folder."""
    rows = training_rows([said for said in load_exchanges() if not held_out(said)])
    return trainer.train(rows, base, _folder(base), RECIPE, seed=1, progress=progress).adapter


def prepared(base: Base) -> Path:
    """The extractor's file for this base, exported on first use; BadInput when it was never trained."""
    adapter = _folder(base) / "adapter"
    if not (adapter / "nocturne.json").is_file():
        raise BadInput(
            f"No extractor was trained for {base.name}. Run `python -m benchmarks.extractor --train` once "
            "(about 15 minutes), or let the rules extract: NOCTURNE_RECIPE__CURATE__EXTRACTOR=rules."
        )
    digest = json.loads((adapter / "nocturne.json").read_text(encoding="utf-8"))["digest"]
    out = _folder(base) / f"extractor-{digest[:12]}.gguf"
    with locked(base.folder.parent / ".lock"):
        if not out.is_file():
            gguf.export(base, adapter, out, base.quant)
    return out


def _folder(base: Base) -> Path:
    return base.folder.parent / f"{base.folder.name}+" / "extractor"
