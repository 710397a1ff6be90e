"""A fact found in a clause, the trimming of its value, and the memory it becomes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Literal

from data.grammar_clauses import capitalise
from data.night import Night
from data.records import Memory

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


def memory_of(fact: Found, turn_id: str, night: Night) -> Memory:
    """A fact as a memory of its turn; the same fact of the same slot has the same id on every night."""
    key = fact.slot or f"{fact.subject}|{fact.relation}"
    value = " ".join(fact.value.lower().split())
    digest = hashlib.sha256(f"{key}|{value}".encode()).hexdigest()[:12]
    return Memory(
        digest, capitalise(fact.statement), fact.subject, fact.relation, fact.value, night.date, (turn_id,),
        fact.kind, fact.slot, confidence=fact.confidence,
    )  # fmt: skip
