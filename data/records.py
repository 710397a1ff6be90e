"""The values that travel between the steps of a night, and the protocol a chat model speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

Role = Literal["user", "assistant", "note", "other"]
MemoryState = Literal["new", "rehearsing", "known", "lapsed", "superseded", "forgotten"]
Split = Literal["train", "dev", "test"]

MODEL, FIRST_PART = "model.gguf", "model-00001-of-00002.gguf"
# The kind of a row that is text without a chat.
TEXT = "text"
ACTIVE_STATES: tuple[MemoryState, ...] = ("new", "rehearsing", "known", "lapsed")


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of a chat on its way into the log; ids are unique within (source, conversation)."""

    source: str
    conversation: str
    message: str
    role: Role
    text: str
    at: datetime | None
    time_quality: Literal["exact", "derived", "file"] = "exact"
    parent: str | None = None
    speaker: str | None = None
    model: str | None = None
    reasoning: str | None = None
    attachment_text: str | None = None
    active: bool = True
    status: Literal["ok", "unfinished", "error", "hidden"] = "ok"
    origin: Literal["chat", "import", "pipeline"] = "chat"
    content_hash: str = ""
    chain_hash: str = ""
    locator: str = ""

    @property
    def id(self) -> str:
        """Key of the turn in the store and in every citation."""
        return f"{self.source}:{self.conversation}:{self.message}"


@dataclass(frozen=True, slots=True)
class Reject:
    """Something a reader could not use, where it stood and why."""

    file: str
    locator: str
    reason: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """A user turn with what was said just before it and the answer it got; the unit of curation."""

    user: Turn
    answer: Turn | None = None
    before: Turn | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What curation decided about one user turn; dropped turns keep their reason."""

    turn_id: str
    score: float
    kept: bool
    reason: str
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Memory:
    """One thing the person told, in their own voice, with the slot it fills and its life so far.

    `statement` is a first-person sentence with absolute dates ("My dog is called Bramble.").
    `subject`, `relation`, `value` name the slot it fills ("my dog", "name", "Bramble"); `slot` is the
    canonical key under which a newer value supersedes an older one, empty when many values may coexist.
    """

    id: str
    statement: str
    subject: str
    relation: str
    value: str
    told: date
    sources: tuple[str, ...]
    kind: Literal["fact", "preference", "plan", "event"] = "fact"
    slot: str = ""
    state: MemoryState = "new"
    confidence: float = 1.0
    reward: float = 1.0
    stress: float = 1.0
    activation: float = 1.0
    replaces: str | None = None
    superseded_by: str | None = None
    nights_recalled: int = 0
    last_recalled: date | None = None

    @property
    def active(self) -> bool:
        """Whether the memory belongs into the next adapter."""
        return self.state in ACTIVE_STATES


@dataclass(frozen=True, slots=True)
class Dream:
    """A hypothetical future question with its answer, citing the memories it rests on.

    `kind` is the view: direct, reversed, yes_no, list, use, negative, contrast, two_fact (all trained
    as facts), or recombination, reflection (stories and questions, never facts). `memory_ids` is empty
    only for negatives about things nobody told. Held-out splits are never trained.
    """

    id: str
    kind: str
    question: str
    answer: str
    memory_ids: tuple[str, ...]
    sources: tuple[str, ...]
    split: Split = "train"
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    origin: Literal["rules", "model"] = "rules"
    refused: str = ""

    @property
    def verified(self) -> bool:
        """Whether verification let it through; a refused dream keeps its reason."""
        return not self.refused


@dataclass(frozen=True, slots=True)
class Example:
    """One row of the training mixture.

    `group` ties rows to what they are about (a memory id for per-fact stopping, else the share's
    name); `loss` is "ce" for verified answers and "kl" for rows where the student follows the base.
    """

    id: str
    kind: str
    group: str
    system: str
    question: str
    answer: str
    loss: Literal["ce", "kl"] = "ce"
    weight: float = 1.0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """A closed-book question with the strings that make its answer right or wrong."""

    id: str
    kind: str
    question: str
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    memory_id: str | None = None
    system: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model answered to a probe, and how that was judged."""

    probe: Probe
    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate's verdict with the figures a person needs to believe it."""

    name: str
    passed: bool
    figure: float
    threshold: float
    n: int
    low: float | None = None
    high: float | None = None
    base: float | None = None
    live: float | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Generation:
    """One trained, quantized and examined model in its directory, described by its manifest."""

    id: str
    night: str
    path: Path
    status: Literal["candidate", "published", "rejected", "retired"]
    digest: str
    created: datetime
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def gguf(self) -> Path:
        """The very file that is examined and served; of a model in two files the first, which names both."""
        return self.path / (FIRST_PART if FIRST_PART in self.manifest.get("files", ()) else MODEL)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a request to a chat model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request: greedy unless a temperature is given, optionally bound to a JSON schema.

    With a `beginning` instead of messages the model goes on with that text, without a chat.
    """

    messages: tuple[Message, ...]
    max_tokens: int = 64
    temperature: float = 0.0
    schema: Mapping[str, Any] | None = None
    seed: int = 0
    beginning: str = ""


class Chat(Protocol):
    """A model that answers; the seam through which pure code meets a real one."""

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        """One answer per request, in order; raises BackendError when the model cannot be reached."""
        ...
