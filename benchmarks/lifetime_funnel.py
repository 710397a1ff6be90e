"""The memory funnel: how far each told fact came, from the chat to the answer of the served file.

Pure. A stage counts only with all stages before it, so a fact is lost at exactly one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.life import Fact, contains, normalise
from data.records import Example, Memory

STAGES = ("told", "extracted", "kept", "dreamt", "learned", "recalled")


def holds(memory: Memory, fact: Fact, said: Mapping[str, str]) -> bool:
    """Whether a memory is about `fact`: it names an accepted value, and a turn it cites names the value.

    `said` maps the ids of the person's turns to their texts.
    """
    cited = any(normalise(fact.value) in normalise(said.get(source, "")) for source in memory.sources)
    return cited and contains(memory.statement, fact.accept)


def trace(
    fact: Fact,
    said: Mapping[str, str],
    extracted: Sequence[Memory],
    ledger: Sequence[Memory],
    rows: Sequence[Example],
) -> dict[str, bool]:
    """How far `fact` came before training: found in the chats, active in the ledger, in a training row."""
    kept = {memory.id for memory in ledger if memory.active and holds(memory, fact, said)}
    return {
        "told": True,
        "extracted": any(holds(memory, fact, said) for memory in extracted),
        "kept": bool(kept),
        "dreamt": any(row.group in kept and contains(row.answer, fact.accept) for row in rows),
    }


def lost_at(stages: Mapping[str, bool]) -> str:
    """The first stage a fact did not reach; empty when it was recalled. Unmeasured stages are passed over."""
    return next((stage for stage in STAGES if stages.get(stage) is False), "")


def funnel(facts: Mapping[str, Mapping[str, bool]]) -> dict[str, int]:
    """Facts that reached each stage together with all stages before it."""
    counts: dict[str, int] = {}
    alive = list(facts.values())
    for stage in STAGES:
        if any(stage in stages for stages in alive) or not counts:
            alive = [stages for stages in alive if stages.get(stage, True)]
            counts[stage] = len(alive)
    return counts
