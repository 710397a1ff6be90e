"""What a memory must say of the chat it was told in, so that it can be understood without it.

Runs over the memories of a day once all its chats are read: "My teacher is called Hestia." of a chat about an
oboe becomes "My oboe teacher is called Hestia.", with the subject and the slot to match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.grammar_clauses import capitalise
from data.night import Night
from data.records import Exchange, Memory
from quality.bearers import aged_name, bearer, child, nameless, with_name
from quality.found import Found, memory_of
from quality.names import named
from quality.qualifiers import UP_THERE, above, bare, lacks_object, played, qualifier, record
from quality.talk import Chat, chats

_CHILD = frozenset({"my kid", "my child"})


def in_context(
    memories: Sequence[Memory], exchanges: Sequence[Exchange], night: Night, known: Sequence[Memory]
) -> list[Memory]:
    """The memories of a day, each with what the person's chats say of its subject; each told once."""
    named_here = {m.subject for m in memories if m.relation == "name"}
    unclear = [m for m in memories if _unclear(m, named_here)]
    if not unclear:
        return list(memories)
    talks = chats(exchanges)
    subjects: dict[str, str] = {}
    people: dict[str, str] = {}
    found: list[Memory] = []
    for memory in unclear:
        subject = _subject(memory, talks, memories, known)
        if subject == memory.subject:
            continue
        if memory.relation == "name":
            people[f"{memory.subject} {memory.value}"] = f"{subject} {memory.value}"
            subjects[memory.id] = subject
        elif name := aged_name(memory):
            people |= dict.fromkeys((memory.subject, name), f"{subject} {name}")
            found.append(memory_of(named(subject.removeprefix("my "), name), memory.sources[0], night))
        else:
            subjects[memory.id] = subject
    for memory in memories:
        subject = subjects.get(memory.id) or people.get(memory.subject, memory.subject)
        facts = played(memory, talks[memory.sources[0]])
        found += [_from(fact, memory, night) for fact in facts]
        found += [] if facts else [_about(memory, subject, night)]
    return list({m.id: m for m in found}.values())


def _unclear(memory: Memory, named_here: set[str]) -> bool:
    """Whether a memory may lack something that only its chat tells."""
    return (
        bool(bare(memory))
        or lacks_object(memory)
        or memory.subject == "my longest distance"
        or UP_THERE in memory.subject
        or bool(aged_name(memory))
        or memory.relation == "name"
        and memory.subject in _CHILD
        or memory.relation != "name"
        and memory.subject in named_here
    )


def _subject(
    memory: Memory, talks: dict[str, Chat], memories: Sequence[Memory], known: Sequence[Memory]
) -> str:
    """The subject a memory should have, for a bare name without its "my"; its own where all is clear."""
    turn = memory.sources[0]
    chat, head = talks[turn], bare(memory)
    if head:
        others = [talk for talk in dict.fromkeys(talks.values()) if talk is not chat]
        called = any(m.relation == "name" and m.subject == f"my {head}" for m in memories)
        what = qualifier(head, turn, chat, others, known, called=called)
        return (
            f"my {what} {memory.subject.removeprefix('my ').removeprefix('new ')}" if what else memory.subject
        )
    if memory.subject == "my longest distance":
        return record(memory, known)
    if UP_THERE in memory.subject:
        return above(memory, chat)
    if memory.relation == "name" and memory.subject in _CHILD:
        return child(memory, chat, known)
    if aged_name(memory):
        return bearer(memory, chat, memories, known) or memory.subject
    same = [m for m in memories if talks[m.sources[0]] is chat]
    return with_name(memory, same, chat) if nameless(memory) else memory.subject


def _about(memory: Memory, subject: str, night: Night) -> Memory:
    """The memory with another subject in its statement and its slot."""
    old = memory.subject
    if subject == old or not memory.statement.lower().startswith(old.lower()):
        return memory
    if memory.relation == "name":
        return _from(named(subject.removeprefix("my "), memory.value), memory, night)
    slot = subject.lower() + memory.slot[len(old) :] if memory.slot.startswith(old.lower()) else memory.slot
    statement = capitalise(subject) + memory.statement[len(old) :]
    fact = Found(subject, memory.relation, memory.value, statement, memory.kind, slot, memory.confidence)
    return _from(fact, memory, night)


def _from(fact: Found, memory: Memory, night: Night) -> Memory:
    """A fact as a memory of the turns that told another one."""
    return replace(memory_of(fact, memory.sources[0], night), sources=memory.sources)
