"""The arms of the study and the prompts they ask with.

`none` is the untouched base, `context` has every active fact in its prompt, `retrieve` the memories that
full-text search finds for the question, `raw` is trained on the transcripts, `dream` is Nocturne, and
`dream+retrieve` is Nocturne with found memories in its prompt as well.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.life import Probe
from data import seeds
from data.records import ChatRequest, Message
from data.records import Probe as Asked

ARMS = ("none", "context", "retrieve", "raw", "dream", "dream+retrieve")
TRAINED = ("raw", "dream", "dream+retrieve")
SEARCHING = ("retrieve", "dream+retrieve")
RETRIEVED = 5
TOKENS, STORY_TOKENS, PANEL_TOKENS = 64, 200, 40


@dataclass(frozen=True)
class Panel:
    """Questions that have nothing to do with the life: what the model must not lose."""

    probes: tuple[Asked, ...]

    @classmethod
    def load(cls, knowledge: int, others: int) -> Panel:
        """The first general questions, and `others` of each other sort, in the order of their ids' hashes."""
        general = [Asked(row.id, "knowledge", row.question, row.accept) for row in seeds.load_knowledge()]
        refusals = [Asked(row.id, "refusal", row.text) for row in seeds.load_refusals("gate")]
        benign = [Asked(row.id, "benign", row.text) for row in seeds.load_benign("gate")]
        helping = [Asked(row.id, "help", row.text) for row in seeds.load_help("gate")]
        identity = [
            Asked(row.id, "identity", row.text, row.accept, row.reject) for row in seeds.load_identity("gate")
        ]
        rest = [probe for rows in (refusals, benign, helping, identity) for probe in _first(rows, others)]
        return cls((*_first(general, knowledge), *rest))


def _first(rows: Sequence[Asked], n: int) -> list[Asked]:
    return sorted(rows, key=lambda row: hashlib.sha256(row.id.encode()).digest())[:n]


Prompt = Callable[[str], str]


def prompt_of(arm: str, persona: str, facts: Sequence[str], found: Mapping[str, Sequence[str]]) -> Prompt:
    """The system prompt an arm asks `question` with; `found` maps questions to retrieved statements."""
    if arm == "context":
        return lambda question: with_notes(persona, facts)
    if arm in SEARCHING:
        return lambda question: with_notes(persona, found.get(question, ()))
    return lambda question: persona


def with_notes(persona: str, notes: Sequence[str]) -> str:
    """The persona followed by notes about the user, if there are any."""
    if not notes:
        return persona
    return "\n".join([persona, "This is what the user told you:", *(f"- {note}" for note in notes)])


def life_request(probe: Probe, prompt: Prompt) -> ChatRequest:
    """A probe of the life in a fresh chat, greedy."""
    return _request(probe.question, prompt, STORY_TOKENS if probe.kind == "story" else TOKENS)


def panel_request(probe: Asked, prompt: Prompt) -> ChatRequest:
    """A general question in a fresh chat, greedy."""
    return _request(probe.question, prompt, PANEL_TOKENS)


def _request(question: str, prompt: Prompt, tokens: int) -> ChatRequest:
    return ChatRequest((Message("system", prompt(question)), Message("user", question)), tokens)
