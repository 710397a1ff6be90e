"""What a person asks of the memory itself: to forget, to remember, or to take a correction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from data.records import Exchange
from quality.clauses import is_injection, is_play
from quality.foreign import own_text


@dataclass(frozen=True, slots=True)
class Request:
    """One request with what it is about, as the person put it."""

    kind: Literal["forget", "remember", "correct"]
    topic: str
    turn_id: str


_FORGET = re.compile(
    r"\b(?:forget|delete|erase|drop|remove|scrub|wipe|unlearn|strike|don't (?:remember|store|keep|"
    r"save|repeat)|dont (?:remember|store|keep|save)|"
    r"do not (?:remember|store|keep|save)|stop remembering)\s+"
    r"(?P<topic>(?:what i (?:said|told you|mentioned|wrote) (?:to you )?(?:\w+ )?(?:about|on) |"
    r"everything (?:i (?:said|told you) )?about |that i (?:said|told you|mentioned) |"
    r"that i |about |the (?:bit|fact|thing|part|stuff) (?:about|with|that|on) |the |my |"
    r"all (?:that )?about |anything about |i (?:said|told you|mentioned) )[^.!?\n]{2,120})",
    re.IGNORECASE,
)
_NOT_FORGET = re.compile(
    r"\b(?:don't|dont|do not|never|didn't|can't|cant|always|i|you|did|he|she|they|we|to|won't|will|"
    r"not)\s+(?:ever |just |always )?(?:forget|drop|delete|remove)\b",
    re.IGNORECASE,
)
_FORGET_LEAD = re.compile(
    r"^(?:what i (?:said|told you|mentioned|wrote) (?:to you )?(?:\w+ )?(?:about|on)|"
    r"everything (?:i (?:said|told you) )?about|anything about|all (?:that )?about|"
    r"(?:that )?i (?:said|told you|mentioned)(?: that| about)?|about|the (?:bit|fact|thing|part|"
    r"stuff) (?:about|with|that|on)|that|all)\s+",
    re.IGNORECASE,
)
_TASKS = re.compile(
    r"\b(?:column|columns|row|rows|line|lines|file|files|word|words|sentence|paragraph|comma|draft|"
    r"text|table|index|code|function|last part|second part|"
    r"first part|exclamation|emoji|bullet|heading|title|spaces|duplicates|garlic|salt|sugar)\b",
    re.IGNORECASE,
)
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
    found: list[Request] = []
    for match in _FORGET.finditer(text):
        before = text[max(0, match.start() - 16) : match.start() + 7]
        if _NOT_FORGET.search(before) or is_injection(text) or _TASKS.search(match["topic"]):
            continue
        found.append(Request("forget", _topic(match["topic"]), turn.id))
    if found:
        return found
    found += [Request("remember", match["topic"].strip(), turn.id) for match in _REMEMBER.finditer(text)][:3]
    found += [Request("correct", match[0].strip(" .,!?"), turn.id) for match in _CORRECT.finditer(text)][:2]
    return found


def _topic(topic: str) -> str:
    topic = re.sub(
        r"\s*[,(]?\s*\b(?:please|pls|ok|okay|its private|it's private|thanks|thx|again|would you|"
        r"will you|can you)\b.*$",
        "",
        topic,
        flags=re.IGNORECASE,
    )
    topic = _FORGET_LEAD.sub("", topic)
    topic = re.sub(r"\s+(?:thing|stuff|bit|part|business|story)$", "", topic.strip(" ,"), flags=re.IGNORECASE)
    return topic.split(", ")[0].strip()
