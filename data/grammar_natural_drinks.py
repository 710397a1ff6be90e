"""Questions about what one drinks, how one takes it, and what goes into a cup."""

from __future__ import annotations

import re

from data.grammar_asking import Asking
from data.grammar_clauses import Clause
from data.grammar_gaps import names_an_object

_INTO_CUP = re.compile(
    r"^(?P<what>.+) in (?P<cup>my (?:\w+ )?(?:coffee|tea|porridge|muesli|latte|espresso|toast))$"
)
_CUP_HOW = re.compile(
    r"^(?P<cup>my (?:\w+ )?(?:coffee|tea|porridge|steak|eggs|pizza)) (?:with |black|white|without )"
)
_COFFEE = re.compile(
    r"^(?:(?:an?|my|one|two) )?(?:[a-z-]+ ){0,2}"
    r"(?:lattes?|cappuccinos?|flat whites?|espressos?|americanos?|macchiatos?|mochas?|cortados?)\b"
)


def drunk(clause: Clause, rest: str, to: Asking) -> None:
    """What goes into a cup, how one takes it, and what one drinks."""
    if clause.aux or clause.base not in {"take", "have", "put", "like", "drink", "want", "eat"}:
        return
    cup, how = _INTO_CUP.match(rest), _CUP_HOW.match(rest)
    if cup:
        for base in ("take", "put", "have", "like"):
            to.verb("what", base, f"in {cup['cup']}")
    elif how and " with " in rest:
        for base in ("take", "put"):
            to.verb("what", base, f"in {how['cup']}")
    if clause.base in {"have", "drink"} and _COFFEE.match(rest):
        to.verb("what coffee", "drink")
    if match := cup or how:
        hot = re.search(r"coffee|tea|latte|espresso", match["cup"])
        to.verb("how", "take" if hot else "eat", match["cup"])
        to.verb("how", "like", match["cup"])
    elif clause.base == "drink" and names_an_object(rest):
        to.verb("what", "drink")
        to.verb("what", "like to drink")
        to.be("what", f"{to.whose} usual drink")
