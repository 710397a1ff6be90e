"""Slots a statement fills without naming them: "I upholster seats at Corbel" tells of trade and employer.

What is implied may be asked for in the words of the slot and must never be denied; a statement that fills the
slot outright has the better answer, so the dreamer asks it first.
"""

from __future__ import annotations

import re

from data.grammar import is_pet, role_of, somebody
from data.grammar_clauses import Clause, parse
from data.grammar_professions import former, profession, trade
from data.grammar_types import ages, is_age
from data.grammar_variants import simpler
from data.lexicon import MONTH_NAMES
from data.synonyms import breed_of, kind_of

# Verbs that, said of what somebody regularly does, tell of a trade.
_TRADES = frozenset(
    "teach nurse weld upholster translate interpret lecture edit audit tutor design program "
    "plumb tile plaster roof "
    "glaze survey cater typeset solder groom engrave restore tune manufacture supervise inspect "
    "dispatch proofread "
    "bookbind bricklay thatch officiate moderate curate transcribe".split()
)
_DRIVEN = re.compile(
    r"^(?:an? |the )?(?:[\w-]+ ){0,2}(?:bus|tram|lorry|truck|taxi|cab|train|forklift|ambulance|"
    r"crane|coach|digger|"
    r"excavator|snowplough|minibus|hearse)(?:es|s)?\b",
    re.IGNORECASE,
)
BUSINESS = re.compile(
    r"^(?:an? |the |my own |our )(?:[\w'-]+ ){0,3}(?:bakery|shop|café|cafe|garage|farm|stall|"
    r"studio|practice|salon|"
    r"business|firm|company|workshop|restaurant|pub|brewery|nursery|hotel|guesthouse|bookshop|"
    r"agency|forge|dairy|"
    r"bar|kiosk|laundrette|sawmill|vineyard)\b",
    re.IGNORECASE,
)
_HIRED = re.compile(
    r"\b(?:at|for) (?!home\b|weekends?\b|nights?\b|\d|an? (?:living|while|year)|money\b|fun\b|"
    r"free\b|minimum\b|"
    r"(?:my|a|an) (?:\w+ )?(?:job|work)\b|myself\b|the (?:past|last|money)|about\b|over\b|almost\b|nearly\b|"
    r"many\b|\w+ (?:years?|months?|hours?|days?)\b)"
)
# What is sold without an article and not on some site is sold by trade.
_SOLD = re.compile(
    r"(?!(?:my|our|his|her|their|the|an?|it|them|some|old|most|more|everything|things|stuff|out|used)\b)"
    r"(?:[a-z-]+ ){0,2}[a-z-]+"
)
_WORKPLACE = re.compile(
    r"(?:at|in|for) (?:the|a|an) (?:[\w'-]+ ){0,2}(?:hospital|school|hotel|restaurant|canteen|prison|college|"
    r"university|factory|office|hospice|nursery|care home|café|cafe|pub|bakery|barracks|ministry)\b"
)
_EMPLOYED = re.compile(r"\b(?:at|for) (?:the )?[A-Z]")
# Done at places with names, yet nobody's work.
_LEISURE = frozenset(
    "study train swim sing play dance learn volunteer shop eat meet live stay drink run go come "
    "be have like love "
    "enjoy want get see visit watch wear buy bank book skate climb ski row box jog exercise "
    "lunch dine read wait "
    "stop start pray worship sit park attend graduate support follow save pay plan hope leave "
    "fly sail camp walk vote root cheer care search hunt hike fish date fall "
    "met look ask apply interview sleep grow move marry celebrate".split()
)


def implied(statement: str) -> tuple[str, ...]:
    """The relations a statement fills for its subject beside its own."""
    clause = parse(statement)
    forms = (clause, *simpler(clause)) if clause else ()
    return tuple(dict.fromkeys(relation for one in forms for relation in of_clause(one)))


def of_clause(clause: Clause) -> tuple[str, ...]:
    """The relations a clause fills for its subject; only what holds today."""
    if clause.negative or clause.lead or not clause.rest:
        return ()
    base, rest = clause.base, clause.rest
    if base == "grow" and rest.startswith("up in ") or base in {"come", "be"} and rest.startswith("from "):
        return ("origin",)
    if base in {"open", "start", "found"} and clause.aux in {"", "have", "has"} and BUSINESS.match(rest):
        return ("job",)
    if clause.tense == "past" or clause.aux not in {"", "am", "is", "are"}:
        return ()
    if clause.copula:
        return _being(rest, clause.subject)
    found: list[str] = []
    if base == "work":
        found += ["job"] if re.match(r"(?:as|in [a-z]+(?: [a-z]+)?$|with )", rest) else []
        found += ["employer"] if _HIRED.search(rest) and not rest.startswith("out ") else []
    elif base == "live" and re.search(r"\b(?:in|near|at) (?:[\w'-]+ ){0,5}[A-Z]", rest):
        found.append("town")
    elif (
        base in _TRADES
        and not rest.startswith("my ")
        or base == "drive"
        and _DRIVEN.match(rest)
        or base in {"run", "own", "manage"}
        and BUSINESS.match(rest)
        or f" {rest}".endswith(" for a living")
        or base == "sell"
        and _SOLD.fullmatch(rest)
        or base in {"cook", "bake", "clean", "cater"}
        and _WORKPLACE.match(rest)
    ):
        found += ["job", *(["employer"] if _EMPLOYED.search(rest) else [])]
    elif base == "have" and re.match(r"an? (?:[\w-]+ )?allergy\b", rest):
        found.append("allergy")
    elif base == "have" and re.match(r"an? (?:[\w-]+ )?job (?:at|with) ", rest):
        found.append("employer")
    elif _EMPLOYED.search(rest) and base and base not in _LEISURE and not _EMPLOYED.match(rest):
        found += ["job", "employer"]
    return tuple(found)


def touched(statement: str) -> tuple[str, ...]:
    """All slots and kinds of things a statement says something of, so that none is called untold."""
    clause = parse(statement)
    if clause is None:
        return ()
    target = re.split(r" (?:in|on|at|for|with|every|to|from|since) ", clause.rest)[0]
    kind = kind_of(target)
    found = [*implied(statement), *_may_be(clause), *([kind] if kind else [])]
    found += (
        ["hobby"]
        if kind in {"instrument", "dance", "game", "sport", "craft"} or clause.base in _HOBBIES
        else []
    )
    found += ["team"] if clause.base in {"support", "follow"} or re.search(r"\bteam\b", clause.rest) else []
    found += (
        ["holiday plan"] if re.search(r"\bto (?:travel|go|fly|visit)\b|\btravelling\b", clause.rest) else []
    )
    found += (
        ["medicine"]
        if re.search(r"\b(?:tablets?|pills?|inhaler|mg|drops|injections?)\b", clause.rest)
        else []
    )
    found += ["car"] if clause.base == "drive" else []
    if clause.subject not in {"I", "We"} and _PLACED.search(clause.rest):
        found += ["town", "origin", "country"]
    if clause.subject.lower().startswith("my "):
        found.append(clause.subject[3:].lower())
        found += ["brand", "model"] if clause.copula else []
    return tuple(dict.fromkeys(found))


_PLACED = re.compile(rf"\b(?:in|from|near|to) (?:the )?(?!(?:{'|'.join(MONTH_NAMES)})\b)[A-Z]")
_HOBBIES = frozenset("knit collect paint sew crochet bake garden climb swim ski surf row sing dance".split())


def _may_be(clause: Clause) -> tuple[str, ...]:
    """What "is a ..." may tell of its subject: a person's trade, even an unknown one, or a pet's breed."""
    if not clause.copula or not re.match(r"an? ", clause.rest):
        return ()
    return ("breed",) if is_pet(role_of(clause.subject)) or breed_of(clause.rest) else ("job", "hobby")


def _being(rest: str, subject: str) -> tuple[str, ...]:
    if former(rest):
        return ()
    if (trade if somebody(subject) else profession)(rest):
        return ("job", *(["employer"] if _EMPLOYED.search(rest) else []))
    if re.match(r"employed (?:at|by|with) ", rest):
        return ("employer",)
    return ("age",) if is_age(rest) and ages(subject, rest) else ()
