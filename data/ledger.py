"""The pure life cycle of memories: told, rehearsed, known, lapsed, superseded, forgotten.

A ledger is a list with one `Memory` per id. Every function returns a new list sorted by id and
changes nothing in place, so a night can be replayed. A memory is found again by its id (the hash of
its slot and value); memories that share a non-empty `slot` are values of one thing, of which the
newest is current and the others are superseded. A forgotten memory is a tombstone: its id, the day it
was forgotten in `told`, and no content. This module knows nothing about SQL or models.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from data.night import Night
from data.records import Memory, Verdict

REWARD_CORRECTION = 2.0
REWARD_PRAISE = 1.5
STRESS_CEILING = 1.5
STRESS_STEP = 0.25
ACTIVATION_CEILING = 5.0
ACTIVATION_FLOOR = 0.25
ACTIVATION_HALF_LIFE = 14.0
NIGHTS_UNTIL_KNOWN = 2


def merge(known: Sequence[Memory], found: Sequence[Memory], night: Night) -> list[Memory]:
    """The ledger after `found` was told: one memory per fact, one current value per slot.

    Told again, a fact gains sources and activation and keeps its first `told`. A newer value in a slot
    supersedes the current one; an older value arrives as superseded. What was forgotten returns only
    when told on a later day. Tellings dated after `night` are refused silently: that day has not come.
    The order of `found` does not matter, and merging the same tellings again changes nothing.
    """
    ledger = {memory.id: memory for memory in known}
    current = {m.slot: m.id for m in ledger.values() if m.slot and m.active}
    for telling in sorted(_gather(m for m in found if m.told <= night.date), key=_rank):
        existing = ledger.get(telling.id)
        if existing is not None and existing.state == "forgotten":
            if telling.told <= existing.told:
                continue
            existing = None
        _tell(ledger, current, existing, telling)
    return _sorted(ledger.values())


def after_night(memories: Sequence[Memory], recalled: Mapping[str, bool], night: Night) -> list[Memory]:
    """The ledger after the night's model was examined; `recalled` says for each asked memory if it was known.

    new -> rehearsing at the first examination, rehearsing -> known once recalled on two nights,
    known -> lapsed when missed, lapsed -> rehearsing when recalled again. Activation fades with a
    half-life of fourteen nights and rises with recall; reward and stress relax once recalled.
    """
    return _sorted(_examined(m, recalled.get(m.id), night.date) if m.active else m for m in memories)


def forget(
    memories: Sequence[Memory], ids: Iterable[str], night: Night, *, with_history: bool = True
) -> list[Memory]:
    """The ledger without the content of `ids`; only tombstones stay, so old logs cannot bring them back.

    `with_history` also forgets the earlier values of the same things, which say as much.
    """
    doomed = set(ids)
    if with_history:
        slots = {m.slot for m in memories if m.id in doomed and m.slot}
        doomed |= {m.id for m in memories if m.slot in slots and m.state == "superseded"}
        doomed |= _gave_way(memories, doomed)
    return _sorted(tombstone(m.id, night.date) if m.id in doomed else _unlink(m, doomed) for m in memories)


def _gave_way(memories: Sequence[Memory], ids: set[str]) -> set[str]:
    """Ids of superseded memories whose successors, however far on, are among `ids`."""
    by_successor: dict[str, list[str]] = {}
    for memory in memories:
        if memory.state == "superseded" and memory.superseded_by:
            by_successor.setdefault(memory.superseded_by, []).append(memory.id)
    found: set[str] = set()
    waiting = list(ids)
    while waiting:
        older = [m for m in by_successor.get(waiting.pop(), ()) if m not in found]
        found.update(older)
        waiting += older
    return found


def tombstone(memory_id: str, day: date) -> Memory:
    """What is left of a forgotten memory: its id and the day it was forgotten."""
    return Memory(memory_id, "", "", "", "", day, (), state="forgotten", activation=0.0)


def correct(memories: Sequence[Memory], old_id: str, new: Memory, night: Night) -> list[Memory]:
    """The ledger in which the person replaced memory `old_id` by `new`, told on the day of `night`.

    The correction takes the old memory's slot, earns the correction's reward and raises its stress.
    """
    old = next((m for m in memories if m.id == old_id and m.state != "forgotten"), None)
    if old is None:
        return merge(memories, [replace(new, told=night.date, reward=REWARD_CORRECTION)], night)
    if old.id == new.id:
        return _sorted(
            replace(old, statement=new.statement, sources=_union(old.sources, new.sources))
            if m.id == old.id
            else m
            for m in memories
        )
    slot = old.slot or new.slot or f"{old.subject}|{old.relation}|{old.id}"
    earlier = next((m.sources for m in memories if m.id == new.id), ())
    newer = replace(
        new,
        slot=slot,
        told=night.date,
        sources=_union(earlier, new.sources),
        reward=REWARD_CORRECTION,
        stress=_raised(old.stress),
        state="new",
        replaces=old.id,
        superseded_by=None,
    )
    kept = {m.id: m for m in memories if m.id != newer.id}
    for memory in list(kept.values()):
        if memory.id == old.id or (memory.active and memory.slot == slot):
            kept[memory.id] = replace(memory, slot=slot, state="superseded", superseded_by=newer.id)
    return _sorted([*kept.values(), newer])


def supersede(memories: Sequence[Memory], outdated: Mapping[str, str]) -> list[Memory]:
    """The ledger in which each memory named by a key gave way to the one named by its value.

    A pair counts only while both are active and the newer one was not told before the older one.
    """
    ledger = {memory.id: memory for memory in memories}
    for old_id, new_id in sorted(outdated.items()):
        old, new = ledger.get(old_id), ledger.get(new_id)
        if old is None or new is None or old_id == new_id or not (old.active and new.active):
            continue
        if new.told >= old.told:
            ledger[old_id] = replace(old, state="superseded", superseded_by=new_id)
            ledger[new_id] = replace(new, replaces=new.replaces or old_id)
    return _sorted(ledger.values())


def credit(found: Sequence[Memory], verdicts: Iterable[Verdict]) -> list[Memory]:
    """Tellings with the reward their exchange earned: 2.0 after a correction, 1.5 after praise, else 1.0."""
    earned = {v.turn_id: v.signals.get("reward", 1.0) for v in verdicts}
    return [
        replace(m, reward=max([m.reward, *(earned.get(source, 1.0) for source in m.sources)])) for m in found
    ]


def _gather(found: Iterable[Memory]) -> list[Memory]:
    """One telling per id: sources united, first day, highest reward and confidence."""
    gathered: dict[str, Memory] = {}
    for memory in sorted(found, key=lambda m: (m.told, m.id, m.statement, m.sources)):
        first = gathered.get(memory.id)
        gathered[memory.id] = (
            replace(memory, sources=tuple(sorted(set(memory.sources))))
            if first is None
            else replace(
                first,
                sources=tuple(sorted({*first.sources, *memory.sources})),
                reward=max(first.reward, memory.reward),
                confidence=max(first.confidence, memory.confidence),
            )
        )
    return list(gathered.values())


def _rank(memory: Memory) -> tuple[date, float, str]:
    """Which of two values of a slot is newer; on the same day a correction wins over a plain telling."""
    return memory.told, memory.reward, memory.id


def _tell(
    ledger: dict[str, Memory], current: dict[str, str], existing: Memory | None, telling: Memory
) -> None:
    """Put one telling into the ledger, in place; `current` maps a slot to the id of its value."""
    if existing is None:
        memory = replace(telling, state="new", replaces=None, superseded_by=None)
    elif not set(telling.sources) - set(existing.sources):
        return
    elif existing.active:
        ledger[existing.id] = _again(existing, telling)
        return
    else:
        sources = _union(existing.sources, telling.sources)
        memory = replace(existing, sources=sources, reward=max(existing.reward, telling.reward))
    holder = _holder(ledger, current, memory)
    if holder is not None and _rank(telling) <= _rank(holder):
        by = memory.superseded_by or holder.id
        ledger[memory.id] = replace(memory, state="superseded", superseded_by=by)
        return
    if existing is not None:
        memory = replace(memory, told=telling.told, state="new", superseded_by=None)
    if holder is not None:
        stress = _raised(holder.stress) if telling.reward >= REWARD_CORRECTION else memory.stress
        memory = replace(memory, replaces=holder.id, stress=stress)
        if holder.state != "forgotten":
            ledger[holder.id] = replace(holder, state="superseded", superseded_by=memory.id)
    ledger[memory.id] = memory
    if memory.slot:
        current[memory.slot] = memory.id


def _holder(ledger: Mapping[str, Memory], current: Mapping[str, str], memory: Memory) -> Memory | None:
    """The memory a telling must be newer than: the slot's current value, else its forgotten successor."""
    holder = ledger.get(current.get(memory.slot, "")) if memory.slot else None
    return holder if holder is not None else ledger.get(memory.superseded_by or "")


def _again(existing: Memory, telling: Memory) -> Memory:
    """The same fact told once more; only a fact without a slot may turn out to have been told earlier.

    Told again to put the assistant right, it was missing when it was needed, and that raises its stress.
    """
    fresh = len(set(telling.sources) - set(existing.sources))
    missed = telling.reward >= REWARD_CORRECTION
    return replace(
        existing,
        stress=_raised(existing.stress) if missed else existing.stress,
        told=existing.told if existing.slot else min(existing.told, telling.told),
        sources=_union(existing.sources, telling.sources),
        activation=min(ACTIVATION_CEILING, existing.activation + fresh),
        reward=max(existing.reward, telling.reward),
        confidence=max(existing.confidence, telling.confidence),
        state="rehearsing" if existing.state == "lapsed" else existing.state,
    )


def _examined(memory: Memory, recalled: bool | None, day: date) -> Memory:
    faded = max(ACTIVATION_FLOOR, memory.activation * 0.5 ** (1.0 / ACTIVATION_HALF_LIFE))
    if recalled is None:
        return replace(memory, activation=faded)
    if not recalled:
        return replace(
            memory,
            activation=faded,
            state="lapsed" if memory.state in ("known", "lapsed") else "rehearsing",
            nights_recalled=0,
        )
    nights = memory.nights_recalled + 1
    return replace(
        memory,
        activation=min(ACTIVATION_CEILING, faded + 0.05),
        reward=1.0 + (memory.reward - 1.0) / 2,
        stress=1.0 + (memory.stress - 1.0) / 2,
        state="known" if nights >= NIGHTS_UNTIL_KNOWN and memory.state != "new" else "rehearsing",
        nights_recalled=nights,
        last_recalled=day,
    )


def _unlink(memory: Memory, doomed: set[str]) -> Memory:
    """A memory whose lineage no longer names a forgotten one's value."""
    return replace(memory, replaces=None) if memory.replaces in doomed else memory


def _raised(stress: float) -> float:
    return min(STRESS_CEILING, stress + STRESS_STEP)


def _union(first: tuple[str, ...], second: Iterable[str]) -> tuple[str, ...]:
    return (*first, *sorted(set(second) - set(first)))


def _sorted(memories: Iterable[Memory]) -> list[Memory]:
    return sorted(memories, key=lambda m: m.id)
