"""What belongs to somebody of the person's and has a name ("my sister's dog is called Bo"), and their home.

A home is told where one visits it, too: "saw mum at Larkhaven, the care home".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from data.grammar_clauses import capitalise
from quality import clauses as cut
from quality.found import Found
from quality.names import FAMILY, NAME, PERSON_ROLE, clean_name, is_name, named, role_subject

_WHOSE = (
    rf"(?:\b(?:[Mm]y|[Oo]ur) (?P<role>(?i:{PERSON_ROLE}))(?: [A-Z][\w-]+)?|"
    rf"(?:^|[.!?,;:] |\b(?:and|but|so) )(?P<bare>(?i:{FAMILY})))"
)
_THING = r"(?P<thing>(?:[a-z][a-z-]+ ){0,2}?[a-z][a-z-]+)"
_NAMED = re.compile(
    rf"{_WHOSE}['’]s {_THING}"
    rf"(?: (?:is|was|are) (?:called|named) |(?:['’]?s)? name(?: is|'s) )(?P<name>{NAME})"
)
_HOME = r"(?P<home>(?:care|nursing|retirement|rest|residential) home|hospice)"
_KIN = rf"\b(?:(?:my|our) )?(?P<role>{PERSON_ROLE})\b(?!['’]s)"
_BETWEEN = r"(?:(?! and | or |[.!?;,]).){0,40}?"
_IN_CARE = tuple(
    re.compile(rf"(?i:{_KIN}){_BETWEEN} (?:at|in|into|to) {place}")
    for place in (
        rf"(?P<name>{NAME}),? \(?(?:the|an?|her|his|their) (?:[a-z]+ ){{0,2}}?{_HOME}\b",
        rf"(?:the|an?|her|his|their) (?:[a-z]+ ){{0,2}}?{_HOME},? (?:called |named )?"
        rf"(?P<name>{NAME})(?=[,.;!?)]|$)",
    )
)
_NO_MORE = re.compile(
    r"\b(?:used to|no longer|never|not|n't|(?:was|were) (?:at|in)|left|moved out|died|passed away)\b|\?",
    re.IGNORECASE,
)
_NO_THING = frozenset("name surname nickname middle first last full birthday".split())


def belonging(sentence: str) -> list[Found]:
    """Names of what somebody of the person's has, and the care homes they are in."""
    if cut.is_hypothetical(sentence):
        return []
    return [*_named(sentence), *_in_care(sentence)]


def fullest(found: Sequence[Found]) -> list[Found]:
    """The facts without those that another one says with more behind a comma."""
    statements = [fact.statement for fact in found]
    return [
        fact
        for fact in found
        if not any(other.startswith(f"{fact.statement.rstrip('.')}, a ") for other in statements)
    ]


def _named(sentence: str) -> list[Found]:
    found = []
    for match in _NAMED.finditer(sentence) if "called" in sentence or "name" in sentence else ():
        if not is_name(match["name"].removeprefix("The ")) or not _NO_THING.isdisjoint(
            match["thing"].split()
        ):
            continue
        fact = named(f"{match['role'] or match['bare']}'s {match['thing']}", match["name"])
        found.append(replace(fact, slot=f"{fact.subject}|name"))
    return found


def _in_care(sentence: str) -> list[Found]:
    if not (" home" in sentence or "hospice" in sentence) or _NO_MORE.search(sentence):
        return []
    found = []
    for pattern in _IN_CARE:
        for match in pattern.finditer(sentence):
            if not is_name(match["name"]):
                continue
            who, value = role_subject(match["role"]), f"at {clean_name(match['name'])}, a {match['home']}"
            found.append(Found(who, "live", value, f"{capitalise(who)} lives {value}.", "fact"))
    return found
