"""Which questions fit what was told: nobody who told a country is asked for a town.

Rules on the question's own words; the questions themselves come from data/phrases.py and the question rules.
"""

from __future__ import annotations

import re

from data.grammar_questions import Ask
from data.grammar_types import names_a_town
from data.lexicon import PREPOSITIONS
from data.lexicon_verbs import kinds

_PLACED = re.compile(
    r"\b(?:live|lives|living|reside|resides|based) (?:\w+ )?(?P<prep>in|near|on|at) (?P<place>.+)$"
)
_WORKED = re.compile(r"\b(?:at|for|with|by) (?P<firm>.+)$")
_COMPANY = re.compile(
    r"[A-Z]|\b(?:company|firm|agency|corporation|corp|business|startup|bank|chain|manufacturer|"
    r"airline|brewery)\b"
)

_BEING = re.compile(r"My (?P<thing>[a-z][\w -]*?) (?:is|are|was|were) (?P<what>.+)$")
# Things of which a bare adjective is as often told ("my job is dull") as what they are.
_OF_SHAPE = frozenset(
    "job work car bike van phone school church university street room desk shift route team band "
    "class course".split()
)


def fits(ask: Ask, statement: str) -> bool:
    """Whether the statement answers exactly what is asked."""
    text = statement.rstrip(".")
    if re.search(r"\b(?:town|city)\b", ask.question):
        found = _PLACED.search(text)
        return found is None or found["prep"] == "in" and names_a_town(found["place"])
    if re.search(r"\bcompany\b|name of the place", ask.question):
        hired = _WORKED.search(text)
        return hired is not None and bool(_COMPANY.search(hired["firm"]))
    being = _BEING.match(text)
    if being and ask.question.startswith("Wh") and not ask.question.startswith(("When", "Where")):
        thing, what = being["thing"].split()[-1], being["what"]
        shaped = re.match(r"(?:an? |the |my |being |to |[A-Z0-9£$€])", what) or "gerund" in kinds(
            what.split()[0]
        )
        return bool(shaped) or thing not in _OF_SHAPE and what.split()[0] not in PREPOSITIONS
    return True
