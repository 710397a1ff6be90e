"""What a person asks of the memory itself: to forget, to remember, or to take a correction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from data.records import Exchange
from quality.clauses import is_injection, is_play
from quality.foreign import own_text
from quality.forget_requests import topics_to_forget


@dataclass(frozen=True, slots=True)
class Request:
    """One request with what it is about, as the person put it."""

    kind: Literal["forget", "remember", "correct"]
    topic: str
    turn_id: str


_REMEMBER = re.compile(
    r"\b(?:please remember|remember|note|keep in mind|don't forget|dont forget|make a note|"
    r"for your memory)(?: that| this)?[:,]?\s+(?P<topic>(?:i|i'm|im|my|we|our)\b[^.!?\n]{3,200})",
    re.IGNORECASE,
)
_CORRECT = re.compile(
    r"(?:^|[.!?,]\s*)(?:no|nope|nah|wrong|correction|oops|argh|i meant|not quite|no no)\b[^.!?\n]{0,200}|"
    r"\b(?:it's spelled|its spelled|spelled|spelt|correct that|i misspoke|i was wrong|"
    r"told you rubbish|who said|i mixed up|got that wrong)\b[^.!?\n]{0,120}",
    re.IGNORECASE,
)


def requests(exchange: Exchange) -> list[Request]:
    """What the turn asks of the memory; "delete the last line" of a text at hand is no request."""
    turn = exchange.user
    if turn.role != "user":
        return []
    text = own_text(turn.text)
    if is_play(text):
        return []
    found = [] if is_injection(text) else [Request("forget", t, turn.id) for t in topics_to_forget(text)]
    if found:
        return found
    found += [Request("remember", match["topic"].strip(), turn.id) for match in _REMEMBER.finditer(text)][:3]
    found += [Request("correct", match[0].strip(" .,!?"), turn.id) for match in _CORRECT.finditer(text)][:2]
    return found
