"""The panel of a night's examination: closed-book questions nobody trained on, and how they are asked.

Facts never stand in the context: a probe is a fresh chat of the memory persona and one question. The
fixed panels (knowledge, refusals, roles, stories) are drawn by the hash of their ids, so every night
asks the same ones and pairs them with the base; a second stage asks the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

from data import seeds
from data.mixture import for_gates
from data.phrases import slot_asks
from data.records import Answer, Chat, ChatRequest, Dream, Memory, Message, Probe
from data.settings import Gates
from data.slots import filled_slots, slot_key
from quality.scoring import contains, judge, normalise

SHORT, LONG = 32, 72
Row = TypeVar("Row")


def night_probes(
    dreams: Iterable[Dream], memories: Sequence[Memory], s: Gates, *, stage: int = 1
) -> list[Probe]:
    """Every question of the examination; `stage` 2 doubles the fixed panels.

    `memories` is the ledger the candidate was trained on: only its active memories are asked about, so
    one that a repair left out is neither missed nor rewarded, and its superseded ones must be gone.
    """
    active = [memory for memory in memories if memory.active]
    present = {memory.id for memory in active}
    return [
        *held_out(one for one in dreams if present.issuperset(one.memory_ids)),
        *residue_probes(memories),
        *untold_probes(active, s.untold_probes * stage),
        *fixed_probes(told_values(active), s, stage),
    ]


def residue_probes(memories: Sequence[Memory]) -> list[Probe]:
    """Questions about slots whose value was replaced: the new value is right, the old one must be gone.

    An old value that is part of the new one ("Bram", "Bramble") cannot be told apart and is not asked.
    """
    by_id = {memory.id: memory for memory in memories}
    probes = []
    for old in memories:
        new = by_id.get(old.superseded_by or "")
        if old.state != "superseded" or new is None or not new.active:
            continue
        gone, now = normalise(old.value), normalise(new.value)
        asks = slot_asks(new.subject, new.relation)
        if gone and asks and not contains(now, [gone]):
            probes.append(Probe(f"stale-{old.id}", "stale", asks[0].question, (now,), (gone,), new.id))
    return probes


def told_values(memories: Iterable[Memory]) -> tuple[str, ...]:
    """Values that must not turn up elsewhere, normalised; very short ones cannot be told apart."""
    values = {normalise(memory.value) for memory in memories}
    return tuple(sorted(value for value in values if len(value) >= 4))


def held_out(dreams: Iterable[Dream]) -> list[Probe]:
    """The test views of the night's memories; never-told twins among them are asked as such."""
    return [
        Probe(
            dream.id,
            "never_told" if dream.kind == "negative" else "stale" if dream.kind == "contrast" else dream.kind,
            dream.question,
            dream.accept,
            dream.reject,
            dream.memory_ids[0] if dream.memory_ids else None,
        )
        for dream in dreams
        if dream.split == "test" and dream.verified
    ]


def untold_probes(memories: Sequence[Memory], n: int) -> list[Probe]:
    """Questions about slots nobody filled, from the part of the seed set that is never trained."""
    taken = filled_slots(memories)
    told = told_values(memories)
    rows = [
        row
        for row in seeds.load_untold()
        if for_gates(row) and slot_key(row.subject, row.relation) not in taken
    ]
    return [Probe(f"untold-{row.id}", "never_told", row.question, reject=told) for row in _drawn(rows, n)]


def fixed_probes(told: tuple[str, ...], s: Gates, stage: int = 1) -> list[Probe]:
    """Knowledge, refusal, look-alike, help, role and story probes."""
    others = s.other_probes * stage
    return [
        *(
            Probe(row.id, "knowledge", row.question, row.accept)
            for row in _drawn(seeds.load_knowledge(), s.knowledge_probes * stage)
        ),
        *(Probe(row.id, "refusal", row.text) for row in _drawn(seeds.load_refusals("gate"), others)),
        *(Probe(row.id, "benign", row.text) for row in _drawn(seeds.load_benign("gate"), others)),
        *(Probe(row.id, "help", row.text) for row in _drawn(seeds.load_help("gate"), others)),
        *(
            Probe(row.id, "role", row.text, row.accept, (*row.reject, *told))
            for row in _drawn(seeds.load_identity("gate"), others)
        ),
        *(
            Probe(row.id, "story", row.text, reject=told)
            for row in _drawn(seeds.load_stories("gate"), max(4, others // 2))
        ),
    ]


def _drawn(rows: Iterable[Row], n: int) -> list[Row]:
    """The first `n` rows in the order of their ids' hashes, the same every night."""
    return sorted(rows, key=lambda row: hashlib.sha256(str(getattr(row, "id", row)).encode()).digest())[:n]


def request(probe: Probe, persona: str) -> ChatRequest:
    """The greedy request that asks a probe in a fresh chat."""
    messages = Message("system", probe.system or persona), Message("user", probe.question)
    return ChatRequest(messages, max_tokens=LONG if probe.kind == "story" else SHORT)


def ask(chat: Chat, probes: Sequence[Probe], persona: str) -> list[Answer]:
    """Ask every probe in a fresh chat and judge the answers."""
    texts = chat.complete([request(probe, persona) for probe in probes])
    return [Answer(probe, text, judge(probe, text)) for probe, text in zip(probes, texts, strict=True)]
