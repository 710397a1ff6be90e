"""Which memories a request to forget means: by the words the person used for the topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from data.lexicon import THINGS
from data.records import Memory
from data.terms import terms

SHARE, LEAST_LETTERS = 0.5, 4
# What is told by a verb or in another word is asked to be forgotten by a noun; by stem.
_ALIKE = {
    terms(noun)[0]: set(terms(others))
    for noun, others in (
        ("rise", "raise"),
        ("debt", "owe owed loan borrowed"),
        ("pregnancy", "pregnant"),
        ("divorce", "ex"),
        ("surgery", "operation operated"),
        ("operation", "surgery operated"),
        ("pills", "tablets take"),
        ("tablets", "pills take"),
        ("medicine", "pills tablets take"),
        ("medication", "pills tablets take"),
        ("salary", "earn pay wage"),
        ("pay", "salary earn wage"),
        ("therapy", "therapist"),
        ("diagnosis", "diagnosed"),
    )
}
_SOMEONE = frozenset(terms("person guy man woman girl boy bloke lady someone somebody"))
_OWNED = re.compile(r"\w's (?P<what>[\w-]+)")
Fits = Callable[[str, set[str]], bool]


def meant(topic: str, memories: Iterable[Memory]) -> list[Memory]:
    """Active memories that carry the topic's words, those with all of them before those with at least half.

    Where none does, a word may also begin one of a memory's ("hair", "hairline"). A topic without content
    words ("forget that") means nothing here, so nothing is lost by a guess. A person is no choir, and the
    name of somebody's school is not their own.
    """
    wanted, active = set(terms(topic)), [memory for memory in memories if memory.active]
    if not wanted.isdisjoint(_SOMEONE):
        active = [memory for memory in active if THINGS.isdisjoint(memory.subject.split())]
    if owned := _OWNED.search(topic):
        what = set(terms(owned["what"]))
        active = [memory for memory in active if memory.relation != "name" or what & _words(memory)]
    return _best(wanted, active, _same) or _best(wanted, active, _begins) if wanted else []


def _best(wanted: set[str], memories: Sequence[Memory], fits: Fits) -> list[Memory]:
    held = [(_words(memory), memory) for memory in memories]
    scored = [(sum(fits(word, words) for word in wanted) / len(wanted), memory) for words, memory in held]
    best = max((share for share, _ in scored), default=0.0)
    return [memory for share, memory in scored if share == best] if best >= SHARE else []


def _same(word: str, words: set[str]) -> bool:
    return word in words or bool(words & _ALIKE.get(word, set()))


def _begins(word: str, words: set[str]) -> bool:
    return len(word) >= LEAST_LETTERS and any(other.startswith(word) for other in words)


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
