"""Thin first version: what an exchange is worth, with the reason for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from data.night import Night
from data.records import Exchange, Memory, Verdict
from data.settings import Curate
from data.terms import terms


@dataclass(frozen=True, slots=True)
class LedgerContext:
    """What curation knows about the person before the night: stems of active memories and their weight."""

    topics: Mapping[str, float] = field(default_factory=dict)


def ledger_context(memories: Iterable[Memory], night: Night | None = None) -> LedgerContext:
    """The context that `judge` compares with, built once a night from the active memories."""
    topics: dict[str, float] = {}
    for memory in memories:
        if memory.active:
            for term in set(terms(memory.statement)):
                topics[term] = topics.get(term, 0.0) + memory.activation
    return LedgerContext(topics)


def judge(exchange: Exchange, context: LedgerContext, s: Curate) -> Verdict:
    """What one exchange is worth."""
    words = terms(exchange.user.text)
    first = any(word in {"i", "i'm", "my", "me", "we"} for word in exchange.user.text.lower().split())
    score = min(1.0, 0.2 + 0.05 * len(words)) if first else 0.1
    return Verdict(
        exchange.user.id,
        score,
        score >= s.threshold,
        "tells something about the person" if first else "nothing about the person",
        {"importance": score, "reward": 1.0},
    )


def judge_all(exchanges: Sequence[Exchange], context: LedgerContext, s: Curate) -> list[Verdict]:
    """Verdicts of a night's exchanges, in order."""
    return [judge(exchange, context, s) for exchange in exchanges]
