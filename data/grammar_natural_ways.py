"""Questions about the way a thing is done: its vehicle, its event, its programming language."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.synonyms import is_code

_MOVING = frozenset("go get travel come ride move return commute arrive".split())
_VEHICLES = (
    "bike bicycle e-bike bus tram train car metro tube subway underground ferry boat ship plane scooter taxi "
    "cab coach motorbike motorcycle moped skateboard rail sleeper van minibus"
)
_BY = re.compile(
    r"^(?P<where>.*?) ?\b(?:by (?:my |a |the )?(?:[a-z-]+ )?(?:"
    + "|".join(_VEHICLES.split())
    + r")|on foot)$"
)
_TO = re.compile(r"to (?:work|school|college|university|uni|the (?:office|station|shops|gym))")
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
    by = _BY.match(rest)
    if not by or clause.base not in _MOVING:
        return
    to.own("how", by["where"])
    if _TO.fullmatch(by["where"]) and clause.base not in {"get", "come"}:
        to.verb("how", "get", by["where"])
    if by["where"] == "around" and clause.base == "get":
        to.verb("how", "travel")


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
