"""Simpler clauses that a clause entails, so that it can be asked about in more than its own form.

"I am trying to learn Rust" also answers "What am I learning?"; the answer stays what was said.
"""

from __future__ import annotations

import re
from dataclasses import replace

from data.grammar_clauses import Clause, takes_base
from data.lexicon import MODALS
from data.lexicon_verbs import gerund, kinds, third

_TRYING = frozenset("trying learning hoping planning starting".split())
_WANTING = frozenset("want hope plan try need intend start love like".split())
# What is liked is done now and then, not at the moment.
_LIKING = frozenset({"like", "love"})
_CUT = re.compile(r"(?:, | (?:and|but|because|since|so|although) | (?=every ))(?=\S)", re.IGNORECASE)
# What goes on now and is also done again and again.
_HABITS = frozenset(
    "play work take use drink eat watch read write make build teach train live drive wear collect grow paint "
    "cook bake sell run study".split()
)
_ANOTHER = re.compile(r"(?:and )?(?:an?|one|two|three|four|five|six|\d+|some|many|several) [a-z]")
_SHORTEST = 2


def simpler(clause: Clause) -> list[Clause]:
    """The clause without its tail, in the simple present, and without its wanting or trying."""
    found = []
    short = _trimmed(clause)
    if short is not None:
        found.append(short)
    found += [inner for one in (clause, *found) if (inner := _inner(one)) is not None]
    found += [plain for one in (clause, *found) if (plain := _simple(one)) is not None]
    return list(dict.fromkeys(found))


def _trimmed(clause: Clause) -> Clause | None:
    cut = _CUT.search(clause.rest)
    if clause.negative or clause.lead or cut is None or cut.start() < _SHORTEST:
        return None
    # Who has a cat and two dogs has no one pet.
    if clause.base in {"have", "own", "keep"} and _ANOTHER.match(clause.rest[cut.end() :]):
        return None
    return replace(clause, rest=clause.rest[: cut.start()].rstrip(" ,"))


def _simple(clause: Clause) -> Clause | None:
    """ "X is playing Y" as "X plays Y", and "I have been taking Y" as "I take Y"."""
    words = clause.rest.split()
    perfect = clause.verb == "been" and clause.aux in {"have", "has"}
    if len(words) < 2 or not (clause.copula or perfect):
        return None
    verb, words = words[0], words[1:]
    base = kinds(verb).get("gerund", "")
    if clause.negative or base not in _HABITS:
        return None
    rest = re.sub(r" (?:for|since) .*$", "", " ".join(words)) if perfect else " ".join(words)
    return replace(clause, aux="", verb=_finite(clause.subject, base), rest=rest)


def _inner(clause: Clause) -> Clause | None:
    """ "I am trying to learn Y" and "I want to learn Y" as "I am learning Y"."""
    words = clause.rest.split()
    if clause.copula and words[:1] and words[0].lower() in _TRYING:
        words = words[1:]
    elif clause.base not in _WANTING or clause.aux in MODALS:
        return None
    over = clause.negative or clause.tense == "past"
    if over or len(words) < 3 or words[0] != "to" or "base" not in kinds(words[1]):
        return None
    if words[1] not in {"learn", "study", "read", "write", "build", "save"}:
        return None
    if clause.base in _LIKING:
        verb = _finite(clause.subject, words[1])
        return replace(clause, adverbs="", aux="", verb=verb, rest=" ".join(words[2:]))
    be = "am" if clause.subject == "I" else "are" if clause.subject == "We" else "is"
    return replace(clause, aux=be, verb="", rest=" ".join([gerund(words[1]), *words[2:]]))


def _finite(subject: str, base: str) -> str:
    return base if takes_base(subject) else third(base)
