"""What was told of the person asked of the assistant, who has none of it: "What is your dog called?"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from data.grammar import article, role_of, to_second_person
from data.records import Dream, Memory

_ASKS = {
    "direct": re.compile(r"(?:What|Where|When|Which|Who|How)\b[^,.:]*\?"),
    "yes_no": re.compile(r"(?:Am|Is|Are|Was|Were|Do|Does|Did|Have|Has)\b[^,.:]*\?"),
}
_OF_CHATS = re.compile(
    r"\b(?:that|say|said|tell|told|mention\w*|remember|recall|remind|talk\w*|know|again|please)\b",
    re.IGNORECASE,
)
_YOURS = re.compile(
    r"\w+(?:'s| is| are) (?:the [a-z]+ of )?your ([a-z-]+(?: (?!to\b|for\b|about\b|in\b|of\b)[a-z-]+)?)"
    r"(?: (?:to|for|about|in|of))?\?"
)
_VAGUE = 3
_MINE = re.compile(r"\b(?:my|I)\b")
NOTHING = "I'm an AI assistant, a computer program, so there is nothing of the kind in my life."


def role_questions(dreams: Sequence[Dream], active: Mapping[str, Memory]) -> list[tuple[str, str, str]]:
    """(id, question to the assistant, answer): of each memory a plain question and one for yes or no.

    Layers that rest know what is asked about and less of whom: a question each is not enough to tell "your"
    from "my".
    """
    found: dict[str, tuple[str, str, str]] = {}
    asked: set[str] = set()
    for dream in dreams:
        if not _is_plain(dream) or dream.memory_ids[0] not in active:
            continue
        name, turned = dream.memory_ids[0], _turned(dream.question)
        key = f"{name}-{dream.kind}"
        if key not in found and turned not in asked:
            asked.add(turned)
            found[key] = (key, turned, _answer(active[name], turned))
    return list(found.values())


def _is_plain(dream: Dream) -> bool:
    """Whether a dream asks one short thing of the person that could be asked of anybody."""
    asks, question = _ASKS.get(dream.kind), dream.question
    if asks is None or dream.split != "train" or len(dream.memory_ids) != 1:
        return False
    long_enough = len(question.split()) > _VAGUE or dream.kind == "yes_no"
    mine = asks.fullmatch(question) and _MINE.search(question)
    return bool(long_enough and mine and not _OF_CHATS.search(question))


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
    if thing.endswith("name"):
        return NOTHING
    several = thing.endswith("s") and not thing.endswith(("ss", "us", "is"))
    return f"I'm an AI assistant, so I don't have {thing if several else article(thing)}."
