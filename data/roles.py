"""What was told of the person asked of the assistant, who has none of it: "What is your dog called?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from data.grammar import article, role_of, to_second_person
from data.records import Dream, Memory

_ASKS = re.compile(r"(?:What|Where|When|Which|Who|How)\b[^,.:]*\?")
_OF_CHATS = re.compile(
    r"\b(?:say|said|tell|told|mention\w*|remember|recall|remind|talk\w*|know|again|please)\b", re.IGNORECASE
)
_YOURS = re.compile(r"\w+(?:'s| is| are) (?:the [a-z]+ of )?your ([a-z-]+(?: [a-z-]+)?)\?")
_VAGUE = 3
_MINE = re.compile(r"\b(?:my|I)\b")
NOTHING = "I'm an AI assistant, a computer program, so there is nothing of the kind in my life."


def role_questions(dreams: Sequence[Dream], active: Mapping[str, Memory]) -> list[tuple[str, str, str]]:
    """(memory, question to the assistant, answer), one of each memory that has a plain question."""
    found: dict[str, tuple[str, str, str]] = {}
    for dream in dreams:
        if dream.kind != "direct" or dream.split != "train" or len(dream.memory_ids) != 1:
            continue
        name, question = dream.memory_ids[0], dream.question
        fit = _ASKS.fullmatch(question) and _MINE.search(question) and not _OF_CHATS.search(question)
        if fit and name in active and name not in found and len(question.split()) > _VAGUE:
            turned = _turned(question)
            found[name] = (name, turned, _answer(active[name], turned))
    return list(found.values())


def _turned(question: str) -> str:
    return re.sub(r"\b([Ww])as you\b", r"\1ere you", to_second_person(question))


def _answer(memory: Memory, question: str) -> str:
    role, asked = role_of(memory.subject), _YOURS.fullmatch(question)
    if role.startswith("my ") and "'s" not in role:
        thing = role.split()[-1]
    elif asked:
        thing = asked[1]
    else:
        return NOTHING
    several = thing.endswith("s") and not thing.endswith(("ss", "us", "is"))
    return f"I'm an AI assistant, so I don't have {thing if several else article(thing)}."
