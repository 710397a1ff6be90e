"""Questions about where: the place as a whole, and the town of a place that is named beside it."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_types import names_a_town
from data.synonyms import COUNTRIES, is_code, is_country, kind_of

_TOWN = re.compile(r"(?:^|\s)in (?P<town>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)$")
_INNER = re.compile(r"\b(?:at|from) (?P<place>(?:the|my|our) [a-z][a-z -]*?) (?:in|near) [A-Z][\w'’-]+$")
_HOUSE = re.compile(r"^in an? (?P<kind>.+?) (?:in|near) [A-Z]")
_ASKED_IN = frozenset(
    "open start run own study meet marry buy rent volunteer teach train camp build perform".split()
)
_SCHOOLED = re.compile(
    r"^(?P<done>to (?:\w+ )?(?:school|university|college|church|uni|kindergarten)|married|engaged|divorced) "
    r"(?:in|at|on) (?:the )?[A-Z]"
)
_STORED = re.compile(
    r"^(?P<done>stabled|parked|stored|kept|buried|moored|docked|berthed|located|based|hidden|enrolled) "
    r"(?:in|at|on|under|behind|near) "
)
_PUT = re.compile(
    r"^(?P<thing>(?:my|our|the) [a-z][a-z -]*?) "
    r"(?P<where>(?:in|on|under|behind|inside|at) (?:my|our|the|an?) .+)$"
)
_THERE = re.compile(
    r"^(?:upstairs|downstairs|next door|abroad|nearby|opposite|across the .+|next to .+|above .+)$"
)


def _kept(clause: Clause, rest: str, to: Asking) -> None:
    """Where something is kept, was done once, or somebody is told to be without a name of the place."""
    base = clause.base
    done, stored = _SCHOOLED.match(rest), _STORED.match(rest)
    if done and base in {"go", "get"} and not clause.aux:
        to.own("where", done["done"])
    if stored and clause.copula:
        to.own("where", stored["done"])
        to.be("where", to.subject, plural=clause.aux in {"are", "were"})
    put = _PUT.match(rest) if base in {"keep", "store", "hide", "park"} and not clause.aux else None
    if put:
        to.own("where", put["thing"])
        if clause.tense == "base":
            to.be("where", put["thing"], plural=put["thing"].endswith("s"))
        to.own("what", put["where"])
    if base in {"live", "sit", "work", "sleep", "stay"} and not clause.aux and _THERE.match(rest):
        to.own("where")


_OVER_FROM = re.compile(
    r"^(?P<how>over|here|back|visiting|down|up) from (?P<where>(?:the )?[A-Z][\w'-]*(?: [A-Z][\w'-]*)*)"
    r"(?P<span> (?:for|until|till) .+)?$"
)


def _from_afar(clause: Clause, to: Asking) -> None:
    """Where a visitor comes from, and for how long they are there."""
    found = _OVER_FROM.match(clause.rest) if clause.copula else None
    if found:
        to.own("where", f"{found['how']} from")
        if clause.aux == "is" and found["how"] in {"over", "here", "visiting"}:
            to.verb("where", "come", "from")
        if found["span"]:
            lasting = found["span"].startswith(" for ")
            to.own(
                "how long" if lasting else "until when", f"{found['how']} for" if lasting else found["how"]
            )


_THITHER = re.compile(
    r"^(?:going |moving |flying |travelling |to visit )?(?:to |from |in )?(?P<land>[A-Z]\S*)$"
)


def _by_country(clause: Clause, rest: str, to: Asking) -> None:
    """Which country or city it is, by what the place is."""
    found = _THITHER.match(rest)
    grown = rest.startswith("up in ") and clause.base == "grow"
    place = found["land"] if found else rest.removeprefix("up in ")
    noun = "country" if place.lower() in COUNTRIES else "city" if names_a_town(place) else ""
    if not noun or not (found or grown):
        return
    if grown:
        to.own(f"which {noun}", "up in")
        if noun == "city":
            to.own("which town", "up in")
    elif rest.startswith("to visit ") and clause.base in {"want", "hope", "plan"}:
        to.own(f"which {noun}", "to visit")
        to.own("which place", "to visit")
        to.own("where", "to go")
    elif clause.copula and rest.startswith("from "):
        to.be(f"which {noun}", to.subject, "from", plural=clause.aux in {"are", "were"})
    elif clause.copula and " to " in rest:
        to.own(f"which {noun}", f"{rest.split()[0]} to")
        to.own("where", f"{rest.split()[0]} to")
    elif rest.startswith("to ") and clause.base in {"move", "go", "emigrate", "fly", "travel"}:
        to.own(f"which {noun}", "to")


def placed(clause: Clause, rest: str, to: Asking) -> None:
    """All questions about the place in a clause."""
    base = clause.base
    found = _TOWN.search(rest)
    # Not what is spoken, as in "teaches kids in Spanish", or written.
    elsewhere = found and (
        is_country(found["town"])
        or kind_of(found["town"]) == "language"
        or is_code(found["town"], base or "be")
    )
    town = None if elsewhere else found
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
        to.own("where")
        to.own("which place", "to")
    elif clause.copula and town and re.match(r"(?:in|at|near) ", rest):
        to.be("which town", to.subject, "in")
        to.be("in which town", to.subject)
    elif (
        found
        and found.start() == 0
        and kind_of(rest) != "language"
        and rest.startswith("in ")
        and base
        and base not in {"be", "believe"}
    ):
        to.own("where")
    _kept(clause, rest, to)
    _from_afar(clause, to)
    _by_country(clause, rest, to)
    if town and inner:
        to.be("in which town", inner["place"])
        to.be("where", inner["place"])
    elif town and town.start() > 2 and base == "work":
        to.own("in which town")
        to.own("which city", "in")
    elif town and town.start() > 2 and base in _ASKED_IN:
        to.own("in which town", re.sub(r" (?:out|over|up|down|back)$", "", rest[: town.start()]))
        if base in {"study", "teach", "train", "volunteer"}:
            to.own("which city", "in")
        lives = base in {"study", "teach"} and to.tense != "past" and to.subject != "I"
        if lives and names_a_town(town["town"]):
            to.verb("where", "live")
            to.verb("which city", "live", "in")
