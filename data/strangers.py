"""What others told of themselves, asked of a person who told nothing of the kind.

Rules ask for what nobody told in the words rules know. People ask in others, and a model that met those
words about told things alone takes them for a sign that the thing was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from data.grammar_clauses import parse
from data.records import Dream, Memory
from data.seeds import SeedUntold
from data.slots import filled, filled_slots, slot_key
from data.terms import stem, terms
from data.text import plain
from data.written import Written, load_written

# From this share of its words on, a question may ask for what the memory tells.
_ALIKE = 0.6
_LEAST = 2
_WHERE = re.compile(
    r"\bwhere\b|\b(?:what|which) (?:\w+ )?(?:place|town|city|village|country|state|region|county|street|area|"
    r"building)\b|\b(?:stationed|based|serving)\b",
    re.IGNORECASE,
)
_PLACES = ("town", "country", "origin", "workplace", "address")
_NAME = re.compile(r"(?<![.?!] )(?<!^)\b(?!I\b)[A-ZÀ-Þ]")
# Words that any question may hold, or that only tell one of several apart.
_ASKING = frozenset(
    map(
        stem,
        "kind sort type call called name named person people one thing first new current now younger older "
        "elder eldest oldest youngest little big old see kid half step great twin foster late paternal "
        "maternal side".split(),
    )
)
# Stems that ask for the same.
_SAME = {
    stem(word): "job" for word in "occupation profession trade career living employment work".split()
} | {
    stem(word): stem(same)
    for word, same in (("movie", "film"), ("favorite", "favourite"), ("color", "colour"), ("annual", "year"))
}


def strangers_ask(
    facts: Iterable[Written], memories: Iterable[Memory], dreams: Iterable[Dream], count: int
) -> Iterator[tuple[Written, list[str]]]:
    """The first `count` facts that nothing told answers, each with its questions, all without a name."""
    told = list(memories)
    known = filled_slots(told)
    words = _words(told, dreams)
    placed = [key.rpartition(" ")[0] for key in known if key.endswith(_PLACES) and key.count(" ") > 1]
    for fact in facts:
        if count <= 0:
            return
        if _fills(fact.fact) & known:
            continue
        asked = [q for q in fact.questions if _free(q, words) and not _asks_where(q, placed)]
        if len(asked) >= _LEAST:
            count -= 1
            yield fact, asked


def apart_from(slots: Sequence[SeedUntold]) -> tuple[Written, ...]:
    """The facts of others that fill none of `slots` and are not asked for as one of them."""
    kept = {slot_key(slot.subject, slot.relation) for slot in slots}
    asked = {plain(text) for slot in slots for text in (slot.question, slot.question2)}
    return tuple(
        one
        for one in load_written()
        if not _fills(one.fact) & kept and not asked & {plain(text) for text in one.questions}
    )


def _words(memories: Sequence[Memory], dreams: Iterable[Dream]) -> list[frozenset[str]]:
    """The stems of all that is said and asked of each memory."""
    found = {memory.id: _stems(f"{memory.subject} {memory.statement}") for memory in memories}
    for dream in dreams:
        if len(dream.memory_ids) == 1 and dream.memory_ids[0] in found:
            found[dream.memory_ids[0]].update(_stems(dream.question))
    return [frozenset(own) for own in found.values()]


def _stems(text: str) -> set[str]:
    """The stems of a text's words, those that ask for the same alike."""
    return {_SAME.get(word, word) for word in terms(text)}


@cache
def _fills(fact: str) -> frozenset[str]:
    """The slots a fact fills."""
    clause = parse(fact)
    if clause is None:
        return frozenset()
    return frozenset(filled(clause.subject, (), fact))


def _asks_where(question: str, placed: Sequence[str]) -> bool:
    """Whether it asks for a place of somebody of whom one was told."""
    return _WHERE.search(question) is not None and any(f"{who} " in f"{plain(question)} " for who in placed)


def _free(question: str, told: Sequence[frozenset[str]]) -> bool:
    """Whether no memory has most of a question's words, so that none may be what answers it."""
    asked = _stems(question) - _ASKING
    if not asked or _NAME.search(question):
        return False
    return all(len(asked & own) < _ALIKE * len(asked) for own in told)
