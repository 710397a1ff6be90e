"""Questions about where: the place as a whole, and the town of a place that is named beside it."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_types import names_a_town
from data.synonyms import is_country

_TOWN = re.compile(r"(?:^|\s)in (?P<town>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)$")
_INNER = re.compile(r"\b(?:at|from) (?P<place>(?:the|my|our) [a-z][a-z -]*?) (?:in|near) [A-Z][\w'’-]+$")
_HOUSE = re.compile(r"^in an? (?P<kind>.+?) (?:in|near) [A-Z]")
_ASKED_IN = frozenset(
    "open start run own study meet marry buy rent volunteer teach train camp build perform".split()
)


_WAYS = re.compile(r"\b(?:bus|tram|train|ferry|tube|metro|boat|underground|bike|car)\b")


def _way(base: str, rest: str, to: Asking) -> None:
    """How one gets to work or home."""
    to_work = re.search(r"\bto (?:work|the office|school|university)\b", rest)
    ridden = base in {"take", "catch", "use", "ride"} and _WAYS.search(rest)
    told = base in {"cycle", "drive", "walk", "bike", "run", "row"} or base == "commute" and " by " in rest
    if to_work and (ridden or told):
        to.verb("how", "get", to_work[0])
    elif ridden and re.search(r"\b(?:home|after work|from work)\b", rest):
        to.verb("how", "get", "home from work" if "work" in rest else "home")


def placed(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about the place in a clause."""
    base = clause.base
    found = _TOWN.search(rest)
    town = found if found and not is_country(found["town"]) else None
    inner = _INNER.search(rest)
    if base == "come" and rest.startswith("from ") and not clause.aux:
        to.verb("where", "come", "from")
        to.be("where", to.subject, "from")
    elif base in {"live", "stay", "reside"} and not clause.aux and re.match(r"(?:in|at|on|near) ", rest):
        to.verb("where", base)
        if town and names_a_town(town["town"]):
            to.verb("which town", base, "in")
            to.be("where", f"{to.whose} home")
        house = _HOUSE.match(rest)
        if house:
            to.verb(f"what kind of {house['kind'].split()[-1]}", base, "in")
    elif base in {"move", "emigrate", "relocate"} and rest.startswith("to "):
        to.own("where", "to")
        to.own("which place", "to")
    elif clause.copula and town and re.match(r"(?:in|at|near) ", rest):
        to.be("which town", to.subject, "in")
        to.be("in which town", to.subject)
    elif found and found.start() == 0 and rest.startswith("in ") and base and base not in {"be", "believe"}:
        to.own("where")
    _way(base, rest, to)
    if town and inner:
        to.be("in which town", inner["place"])
        to.be("where", inner["place"])
    elif town and town.start() > 2 and base == "work":
        to.own("in which town")
    elif town and town.start() > 2 and base in _ASKED_IN:
        to.own("in which town", rest[: town.start()])
