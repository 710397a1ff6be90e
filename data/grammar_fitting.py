"""Which questions fit what was told: nobody who told a country is asked for a town.

Rules on the question's own words; the questions themselves come from data/phrases.py and the question rules.
"""

from __future__ import annotations

import re

from data.grammar_professions import profession
from data.grammar_questions import Ask
from data.grammar_types import names_a_town
from data.lexicon import KIN, PETS, PREPOSITIONS
from data.lexicon_verbs import kinds

_PLACED = re.compile(
    r"\b(?:live|lives|living|reside|resides|based) (?:\w+ )?(?P<prep>in|near|on|at) (?P<place>.+)$"
    r"|\b(?:move|moves|moved|moving|relocated|emigrated) to (?P<there>.+)$"
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


_SOMEBODY = re.compile(r"\b(?:he|she|him|her|his|hers)\b")
_PEOPLE = KIN | PETS | frozenset("who whose whom person man woman guy girl boy lady mine".split())


def means_somebody(question: str) -> bool:
    """Whether every "she" and "his" stands behind whom it may mean, so that the question is clear alone."""
    found = _SOMEBODY.search(question)
    if found is None:
        return True
    before = question[: found.start()]
    if re.search(r"(?<!^)(?<![.!?:] )\b[A-Z]\w", before):
        return True
    return any(word.removesuffix("s") in _PEOPLE for word in re.findall(r"[\w-]+", before.casefold()))


def fits(ask: Ask, statement: str) -> bool:
    """Whether the statement answers exactly what is asked."""
    text = statement.rstrip(".")
    if re.match(r"(?:What|Which) (?:colour|date|day|time)\b|What is the colour\b", ask.question):
        return True
    if re.search(r"\b(?:town|city)\b", ask.question):
        found = _PLACED.search(text)
        place = (found["place"] or found["there"]) if found else ""
        return found is None or found["prep"] in {"in", None} and names_a_town(place)
    beside = _PLACED.search(text)
    if beside and beside["prep"] == "near" and re.search(r"\bplace\b|\bhome\b", ask.question):
        return False
    if re.search(r"\bcompany\b|name of the place", ask.question):
        hired = _WORKED.search(text)
        firm = re.split(r" (?:in|on|near|as|and|since|by|where|with|but) ", hired["firm"])[0] if hired else ""
        named = re.search(r"[A-Z]", firm)
        return bool(named) or "company" in ask.question and bool(_COMPANY.search(firm)) and " " in firm[4:]
    being = _BEING.match(text)
    # A coat comes from a shop, but it did not grow up there.
    if being and "grow up" in ask.question and not set(being["thing"].split()) & (KIN | PETS):
        return False
    stranded = ask.question.rstrip("?").split()[-1] in PREPOSITIONS
    if (
        being
        and not stranded
        and " do for " not in ask.question
        and ask.question.startswith("Wh")
        and not ask.question.startswith(("When", "Where"))
    ):
        thing, what = being["thing"].split()[-1], being["what"]
        if re.match(r"(?:called|named) ", what) or profession(f"a {what}"):
            return True
        shaped = re.match(r"(?:an? |the |my |being |to |[A-Z0-9£$€])", what) or "gerund" in kinds(
            what.split()[0]
        )
        return bool(shaped) or thing not in _OF_SHAPE and what.split()[0] not in PREPOSITIONS
    return True
