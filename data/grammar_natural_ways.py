"""Questions about the way a thing is done: its vehicle, its event, its programming language."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.synonyms import is_code

_MOVING = frozenset("go get travel come ride move return commute arrive".split())
_RIDDEN = frozenset("take catch use ride".split())
_DRIVEN = frozenset("cycle drive walk bike run row".split())
_VEHICLES = "|".join(
    (
        "bike bicycle e-bike bus tram train car metro tube subway underground ferry boat ship plane scooter "
        "taxi cab coach motorbike motorcycle moped skateboard rail sleeper van minibus"
    ).split()
)
_BY = re.compile(rf"^(?P<where>.*?) ?\b(?:by (?:my |a |the )?(?:[a-z-]+ )?(?:{_VEHICLES})|on foot)$")
_VEHICLE = re.compile(rf"\b(?:{_VEHICLES})\b")
_TO = re.compile(r"\bto (?:work|school|college|university|uni|the (?:office|station|shops|gym))\b")
_HOME = re.compile(r"\b(?:home(?: from work)?|after work|from work)\b")
_EVENT = re.compile(r"^(?P<before>training |up )?for (?:the |my first |a )?(?P<name>[A-Z].*|\d+ ?k\b.*)$")
_RACE = re.compile(
    r"\b(?:marathon|half|ultra|triathlon|ironman|\d+ ?km?|race|run|relay|sprint|trail|regatta|rally|derby)\b",
    re.IGNORECASE,
)
_SAID_OF = re.compile(
    r"^(?P<to>to )?(?:the )?[A-Z].*? "
    r"(?P<noun>podcast|series|show|magazine|newspaper|blog|channel|newsletter|radio station)$"
)
_FOLLOWED = frozenset("listen read watch follow like love write run".split())
_ENTERED = {"up ": frozenset({"sign"}), "": frozenset({"train", "register"})}


def ways(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about the way something is done."""
    _means(clause, rest, to)
    _events(clause, rest, to)
    _languages(clause, rest, to)
    told = _SAID_OF.match(rest) if clause.base in _FOLLOWED else None
    if told:
        for word in ("which", "what"):
            to.own(f"{word} {told['noun']}", "to" if told["to"] else "")


def _means(clause: Clause, rest: str, to: Asking) -> None:
    """How one gets somewhere: by what, on what, or by one's own strength."""
    base = clause.base
    by = _BY.match(rest) if base in _MOVING else None
    ridden = base in _RIDDEN and _VEHICLE.search(clause.rest)
    if by:
        to.own("how", by["where"])
    goal, home = _TO.search(clause.rest), _HOME.search(clause.rest)
    if goal and (by or ridden or base in _DRIVEN):
        to.verb("how", "get", goal[0])
        if goal[0] == "to work":
            to.verb("how", "commute")
    elif by and base == "commute":
        to.verb("how", "get", "to work")
    elif by and base == "get" and by["where"] == "around":
        to.verb("how", "travel")
    elif ridden and home:
        to.verb("how", "get", "home from work" if "work" in home[0] else "home")


def _events(clause: Clause, rest: str, to: Asking) -> None:
    told = _EVENT.match(rest)
    if told is None:
        return
    before = told["before"] or ""
    if not (clause.copula if before == "training " else clause.base in _ENTERED[before]):
        return
    for noun in ("event", *(["race"] if _RACE.search(told["name"]) else [])):
        for word in ("which", "what"):
            to.own(f"{word} {noun}", f"{before}for")


def _languages(clause: Clause, rest: str, to: Asking) -> None:
    named = re.match(r"^(?:(?P<thing>.*) )?in (?P<name>\S+)$", rest)
    used = re.match(r"^(?P<name>\S+?)(?: (?:for|at) .+)?$", rest) if clause.base == "use" else None
    coded = used or named
    if coded is None or not is_code(coded["name"], clause.base):
        return
    for word in ("which", "what"):
        to.verb(f"{word} programming language", "use")
    if named and not named["thing"]:
        to.own("which language", "in")
