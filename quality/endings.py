"""What a memory tells of somebody's doing, and whether a later telling says that this doing is over.

"I gave up the cello" ends "I play the cello", "I stopped swimming" ends "I swim in the river"; what was
done and is past stays true.
"""

from __future__ import annotations

import re

from data.grammar_clauses import parse
from data.lexicon_verbs import kinds
from data.records import Memory
from data.terms import stem
from quality.changes import stems

ENDING = frozenset(
    "sell quit leave lose stop drop cancel finish end complete give swap trade scrap switch".split()
)
HAVING = frozenset({"have", "own", "drive", "buy", "get", "use", "ride", "is"})
_UNTIL_HAD = frozenset("save look search hunt want hope plan need shop".split())
_UNTIL_DONE = frozenset(
    "build write knit sew read restore renovate paint train make prepare study learn watch".split()
)
_LEFT = {"drop": "study", "graduate": "study"}
_AFTERWARDS = re.compile(r" (?:in|on|at|last|this|after|before|because|since|when|to|for|from|for good) ")
_ONE_OF_MANY = re.compile(r"(?:an?|some|one|a few|half|\d+|two|three|another|up an?) ", re.IGNORECASE)


def ends(new: Memory, old: Memory) -> bool:
    """Whether the new telling says that what the old one tells is over, or the contrary of it."""
    if contrary(new, old) or _born(new, old):
        return True
    if new.relation.startswith("not ") or old.relation in ENDING or _past(old):
        return False
    doing, about = _doing(old)
    if _LEFT.get(new.relation) == doing and (new.relation != "drop" or new.value.lower() == "out"):
        return True
    if new.relation in {"buy", "get"}:
        return doing in _UNTIL_HAD and _meets(stems(new.value), about)
    if new.relation not in ENDING or new.relation == "give" and not new.value.lower().startswith("up "):
        return False
    value = _AFTERWARDS.split(new.value)[0]
    first, _, more = value.partition(" ")
    if base := kinds(first.lower()).get("gerund", ""):
        return stem(base) == stem(doing) and (not more or _meets(stems(more), about))
    if new.relation in {"finish", "complete", "end"}:
        return doing in _UNTIL_DONE and old.relation == "be" and _meets(stems(value), about)
    return owned(old) and not _ONE_OF_MANY.match(value) and _meets(stems(value), about)


def owned(old: Memory) -> bool:
    """Whether a memory tells of a having or a habit, which one may give up, and not of a being."""
    return old.relation != "be" or old.subject.startswith("my ")


def _born(new: Memory, old: Memory) -> bool:
    birth = re.search(r"\b(?:baby|birth|boy|girl|twins)\b", new.value)
    return old.value.startswith("pregnant") and new.relation in {"have", "give"} and bool(birth)


def contrary(new: Memory, old: Memory) -> bool:
    """Whether one memory denies what the other one says: "I eat meat", "I don't eat meat any more"."""
    one, other = new.relation, old.relation
    denied = one == f"not {other}" or other == f"not {one}"
    return denied and other not in HAVING and _meets(stems(_plain(new.value)), stems(_plain(old.value)))


def _plain(value: str) -> str:
    return re.sub(r"\b(?:any ?more|no more|again|now|at all)\b", "", value, flags=re.IGNORECASE)


def _meets(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of two wordings says no more than the other one."""
    return bool(words & others) and (words <= others or others <= words)


def _doing(memory: Memory) -> tuple[str, frozenset[str]]:
    """The verb of a memory, "learn" for "I am learning Welsh", and what it is done with."""
    first, _, more = memory.value.partition(" ")
    base = kinds(first.lower()).get("gerund", "") if memory.relation == "be" else ""
    return (base, stems(more)) if base else (memory.relation, stems(memory.value))


def _past(memory: Memory) -> bool:
    """Whether a memory tells of something that happened, which no news can end."""
    clause = parse(memory.statement)
    return clause is not None and clause.tense == "past" and memory.relation not in HAVING
