"""Questions a model wrote, as the rule dreamer's own: each asked of the one memory it belongs to.

What the rules ask of any memory stays the rules': a written question only adds words nobody else asks in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from data.grammar_backwards import backward
from data.records import Memory
from data.written import Asked
from models.dream_told import Told, asks

_SHORT = re.compile(r"^(What|Who|Where|When|How|Why)['’]s\b", re.IGNORECASE)


def sorted_out(told: Told, written: Mapping[str, Asked]) -> dict[str, Asked]:
    """Of the questions written for each memory those that no other memory is asked, by rules or by hand."""
    owners: dict[str, set[str]] = {}
    for memory in told.active:
        for question in _by_rules(memory, told):
            owners.setdefault(key(question), set()).update({memory.id, "rules"})
    for name, asked in written.items():
        for question in (*asked.direct, *asked.back):
            owners.setdefault(key(question), set()).add(name)
    return {
        name: Asked(
            _alone(asked.direct, name, owners),
            _alone(asked.back, name, owners),
        )
        for name, asked in written.items()
    }


def long(question: str) -> str:
    """A question without a contraction in front; a frame contracts it again."""
    return _SHORT.sub(r"\1 is", question)


def key(question: str) -> str:
    """What two wordings of a question that differ in marks and contractions alone have in common."""
    return " ".join(re.findall(r"[^\W_]+", long(question).casefold()))


def _by_rules(memory: Memory, told: Told) -> list[str]:
    found = [
        ask.question for ask in backward(memory.subject, memory.relation, memory.value, memory.statement)
    ]
    for ask in asks(memory):
        found += [ask.question.replace(memory.subject, name) for name in told.variants(memory.subject)]
    return found


def _alone(questions: Sequence[str], name: str, owners: Mapping[str, set[str]]) -> tuple[str, ...]:
    first = {key(question): question for question in reversed(questions)}
    return tuple(long(q) for q in questions if owners[key(q)] == {name} and first[key(q)] == q)
