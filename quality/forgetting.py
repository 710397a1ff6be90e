"""Which memories a request to forget means: by the words the person used for the topic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from data.records import Memory
from data.terms import terms

SHARE = 0.5


def meant(topic: str, memories: Iterable[Memory]) -> list[Memory]:
    """Active memories that carry the topic's words, those with all of them before those with at least half.

    A topic without content words ("forget that") means nothing here, so nothing is lost by a guess.
    """
    wanted = set(terms(topic))
    if not wanted:
        return []
    scored = [(len(wanted & _words(memory)) / len(wanted), memory) for memory in memories if memory.active]
    best = max((share for share, _ in scored), default=0.0)
    if best < SHARE:
        return []
    return [memory for share, memory in scored if share == best]


def of_conversation(conversation: str, memories: Iterable[Memory]) -> list[Memory]:
    """Memories that rest on a turn of this conversation."""
    return [
        memory
        for memory in memories
        if any(source.partition(":")[2].startswith(f"{conversation}:") for source in memory.sources)
    ]


def _words(memory: Memory) -> set[str]:
    fields: Sequence[str] = (memory.statement, memory.subject, memory.relation, memory.value)
    return {word for field in fields for word in terms(field)}
