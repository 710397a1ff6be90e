"""Reads the seed sets in `data/grounding/`: typed rows, checked on load, cached, pinned by one digest.

`train` rows may enter a night's mixture, `gate` rows are only ever asked. Knowledge is for gates only;
prompts are for training only and get their answers from the base model. Matching strings (`accept`,
`reject`) are stored as `quality.scoring.normalise` would leave them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from data.errors import BadInput

FOLDER = Path(__file__).parent / "grounding"
PROMPTS = "prompts.jsonl"
KNOWLEDGE = "knowledge.jsonl"
REFUSALS = "refusals.jsonl"
BEGINNINGS = "beginnings.jsonl"
BENIGN = "benign.jsonl"
HELP = "help.jsonl"
IDENTITY = "identity.jsonl"
STORIES = "stories.jsonl"
UNTOLD = "untold.jsonl"
FILES = (BEGINNINGS, BENIGN, HELP, IDENTITY, KNOWLEDGE, PROMPTS, REFUSALS, STORIES, UNTOLD)

Use = Literal["train", "gate"]


@dataclass(frozen=True, slots=True)
class SeedPrompt:
    """A general request; the base model's own answer to it keeps the tuned model near the base."""

    id: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class SeedKnowledge:
    """A common-knowledge question; any string of `accept` in the reply makes it right."""

    id: str
    topic: str
    question: str
    accept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeedRequest:
    """A request to decline, or a harmless one that sounds like it; `kind` pairs the two."""

    id: str
    kind: str
    use: Use
    text: str


@dataclass(frozen=True, slots=True)
class SeedIdentity:
    """A question about the assistant itself, or a trap that swaps the roles, with the honest answer.

    A reply passes with a string of `accept` and none of `reject`.
    """

    id: str
    use: Use
    text: str
    answer: str
    accept: tuple[str, ...]
    reject: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeedStory:
    """A request for invented text, where nothing the person told belongs."""

    id: str
    use: Use
    text: str


@dataclass(frozen=True, slots=True)
class SeedBeginning:
    """The first words of a text without a chat, which the base goes on with."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class SeedUntold:
    """A personal slot people could have told about: whose (`subject`, a possessor), and what.

    `relation` is the canonical name as in `Memory.relation`; `question_noun` follows `subject` in a
    sentence ("my brother's" + "shoe size"); `question` and `question2` are two ready phrasings.
    """

    id: str
    subject: str
    relation: str
    question_noun: str
    question: str
    question2: str


Row = Mapping[str, object]
Seed = TypeVar(
    "Seed", SeedPrompt, SeedKnowledge, SeedRequest, SeedIdentity, SeedStory, SeedBeginning, SeedUntold
)


def load_prompts() -> tuple[SeedPrompt, ...]:
    """All general prompts, in the order of the file."""
    return read_prompts(FOLDER / PROMPTS)


def load_knowledge() -> tuple[SeedKnowledge, ...]:
    """All base-knowledge probes; never trained."""
    return read_knowledge(FOLDER / KNOWLEDGE)


def load_refusals(use: Use) -> tuple[SeedRequest, ...]:
    """Requests an assistant should decline, of one half."""
    return tuple(row for row in read_requests(FOLDER / REFUSALS) if row.use == use)


def load_benign(use: Use) -> tuple[SeedRequest, ...]:
    """Harmless requests that sound like the ones to decline, of one half."""
    return tuple(row for row in read_requests(FOLDER / BENIGN) if row.use == use)


def load_help(use: Use) -> tuple[SeedRequest, ...]:
    """Requests for help with something of the person's own, of one half."""
    return tuple(row for row in read_requests(FOLDER / HELP) if row.use == use)


def load_identity(use: Use) -> tuple[SeedIdentity, ...]:
    """Questions about the assistant itself, of one half."""
    return tuple(row for row in read_identity(FOLDER / IDENTITY) if row.use == use)


def load_stories(use: Use) -> tuple[SeedStory, ...]:
    """Requests for invented stories, of one half."""
    return tuple(row for row in read_stories(FOLDER / STORIES) if row.use == use)


def load_beginnings() -> tuple[SeedBeginning, ...]:
    """First words of texts, in the order of the file."""
    return read_beginnings(FOLDER / BEGINNINGS)


def load_untold() -> tuple[SeedUntold, ...]:
    """All untold slots; a slot the ledger knows must be left out by the caller."""
    return read_untold(FOLDER / UNTOLD)


@cache
def digest() -> str:
    """Hex sha256 over the names and bytes of all seed files, for a recipe's digest."""
    total = hashlib.sha256()
    for name in FILES:
        content = _bytes(FOLDER / name)
        total.update(f"{name} {len(content)}\n".encode())
        total.update(content)
    return total.hexdigest()


@cache
def read_prompts(path: Path) -> tuple[SeedPrompt, ...]:
    """General prompts of one JSONL file; BadInput names file and line of a bad row."""
    return _read(path, lambda row: SeedPrompt(**_texts(row, "id", "topic", "text")))


@cache
def read_knowledge(path: Path) -> tuple[SeedKnowledge, ...]:
    """Knowledge probes of one JSONL file; BadInput names file and line of a bad row."""
    return _read(
        path,
        lambda row: SeedKnowledge(**_texts(row, "id", "topic", "question"), accept=_strings(row, "accept")),
    )


@cache
def read_requests(path: Path) -> tuple[SeedRequest, ...]:
    """Requests to decline or look-alikes of one JSONL file; BadInput names file and line of a bad row."""
    return _read(path, lambda row: SeedRequest(**_texts(row, "id", "kind", "text"), use=_use(row)))


@cache
def read_identity(path: Path) -> tuple[SeedIdentity, ...]:
    """Identity questions of one JSONL file; BadInput names file and line of a bad row."""
    return _read(
        path,
        lambda row: SeedIdentity(
            **_texts(row, "id", "text", "answer"),
            use=_use(row),
            accept=_strings(row, "accept"),
            reject=_strings(row, "reject"),
        ),
    )


@cache
def read_stories(path: Path) -> tuple[SeedStory, ...]:
    """Story requests of one JSONL file; BadInput names file and line of a bad row."""
    return _read(path, lambda row: SeedStory(**_texts(row, "id", "text"), use=_use(row)))


@cache
def read_beginnings(path: Path) -> tuple[SeedBeginning, ...]:
    """First words of texts of one JSONL file; BadInput names file and line of a bad row."""
    return _read(path, lambda row: SeedBeginning(**_texts(row, "id", "text")))


@cache
def read_untold(path: Path) -> tuple[SeedUntold, ...]:
    """Untold slots of one JSONL file; BadInput names file and line of a bad row."""
    fields = ("id", "subject", "relation", "question_noun", "question", "question2")
    return _read(path, lambda row: SeedUntold(**_texts(row, *fields)))


def _read(path: Path, build: Callable[[Row], Seed]) -> tuple[Seed, ...]:
    seeds: dict[str, Seed] = {}
    for number, line in enumerate(_bytes(path).split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            seed = build(_object(line))
            if seed.id in seeds:
                raise ValueError(f"the id {seed.id!r} occurs twice")
        except ValueError as problem:
            raise BadInput(
                f"{path}, line {number}: {problem}. Correct the line or restore the file from git."
            ) from problem
        seeds[seed.id] = seed
    if not seeds:
        raise BadInput(f"{path} holds no rows. Restore the file from git.")
    return tuple(seeds.values())


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        raise BadInput(f"{path} cannot be read ({problem.strerror}). Restore the file from git.") from problem


def _object(line: bytes) -> Row:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("a JSON object was expected")
    return row


def _texts(row: Row, *names: str) -> dict[str, str]:
    return {name: _text(row.get(name), name) for name in names}


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name!r} must be a text that is not empty")
    return value


def _strings(row: Row, name: str) -> tuple[str, ...]:
    values = row.get(name)
    if not isinstance(values, list) or not values:
        raise ValueError(f"{name!r} must be a list of at least one text")
    return tuple(_text(value, name) for value in values)


def _use(row: Row) -> Use:
    match row.get("use"):
        case "train":
            return "train"
        case "gate":
            return "gate"
    raise ValueError('\'use\' must be "train" or "gate"')
