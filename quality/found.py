"""A fact found in a clause, before it becomes a memory, and the trimming of its value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from data.grammar_clauses import capitalise

Kind = Literal["fact", "preference", "plan", "event"]


@dataclass(frozen=True, slots=True)
class Found:
    """A fact found in a clause, before it becomes a memory."""

    subject: str
    relation: str
    value: str
    statement: str
    kind: Kind = "fact"
    slot: str = ""
    confidence: float = 0.9


def aged(who: str, age: str, confidence: float = 0.9) -> Found:
    """The fact that someone is of an age."""
    statement = f"{capitalise(who)} is {age} years old."
    return Found(who, "age", age, statement, "fact", f"{who.lower()}|age", confidence)


_AND_THAT_LOT = re.compile(
    r" with (?:an?|two|three|four|some|(?:a |this )?(?:bunch|load|pack|group|crowd) of|these|those|"
    r"other|my fellow)(?: [a-z]+)? (?:idiots?|lunatics?|weirdos?|nutters?|maniacs?|clowns?|muppets?|morons?|"
    r"losers?|fools?|oddballs?|nutcases?)$",
    re.IGNORECASE,
)


def trim(value: str) -> str:
    """A value without trailing filler words and marks."""
    value = _AND_THAT_LOT.sub("", value.strip(" ,.!?;:()"))
    value = re.sub(
        r"\s*(?:\b(?:lol|haha|tho|though|anyway|btw|just now|now|too|again|"
        r"right now|at the moment|these days|"
        r"actually|obviously|sadly|i (?:think|guess|suppose)|apparently|probably|honestly|tbh|jeez|instead|"
        r"(?<!love )(?<!hate )(?<!like )myself|as well|even|of all things)\b[\s.]*)+$",
        "",
        value.strip(" ,.!?;:()"),
        flags=re.IGNORECASE,
    )
    return value.strip(' ,.!?;:()"')
