"""What a statement is about, as a noun or gerund phrase: "my dog", "playing the tuba".

Used for questions that name only the topic; empty where no phrase is sure to sound natural.
"""

from __future__ import annotations

import re

from data.grammar import activity, subject_in_sentence
from data.grammar_clauses import Clause
from data.grammar_gaps import UNSURE, complex_rest, names_an_object, split_rest
from data.lexicon import ADVERBS, PREPOSITIONS
from data.lexicon_verbs import VERBS, gerund, kinds


def topic(clause: Clause) -> str:
    """A noun or gerund phrase that names what the statement is about; empty when none is sure."""
    found = "" if complex_rest(clause) else _named(clause)
    verb, _, behind = found.partition(" ")
    # "Rowing and bake" is neither: the second verb was not turned into a gerund.
    second = re.search(r"(?:,| and) (?:to )?(\w+)", behind) if "gerund" in kinds(verb.lower()) else None
    return "" if second and "base" in kinds(second[1]) else found


# Amounts, comparisons and "a hard time" are nothing that "my" may stand before.
_NO_THING = re.compile(r"^(?:lot|bit|few|couple|hard|good|great|bad|tough)\b|\b(?:more|less|fewer|than)\b")


# What stands behind a verb only where it is denied.
_ONLY_DENIED = re.compile(
    r" (?:very (?:much|well|often)|much|so much|too much|that much|any ?more|yet|either|at all)$"
)


def _named(clause: Clause) -> str:
    if clause.subject not in {"I", "We"}:
        return (
            subject_in_sentence(clause.subject)
            if clause.subject.split()[0].lower() in {"my", "our"} and len(clause.subject.split()) <= 5
            else ""
        )
    base, target = clause.base, split_rest(clause.rest)[0]
    words = clause.rest.split()
    if not words or len(words) > 12 or clause.lead or words[0].lower() in {"or", "and", "but"}:
        return ""
    first = words[0].lower()
    if (
        base in {"like", "love", "enjoy", "hate", "dislike", "prefer", "want", "hope", "plan", "try"}
        and not clause.aux
        or clause.aux in {"do", "does"}
    ):
        if clause.aux and first in PREPOSITIONS:
            return f"{gerund(base)} {_ONLY_DENIED.sub('', clause.rest)}" if base in VERBS else ""
        if first == "to" and len(words) > 1 and "base" in kinds(words[1]):
            return f"{gerund(words[1].lower())} {' '.join(words[2:])}".strip()
        if first in ADVERBS or first in {
            "when",
            "how",
            "what",
            "it",
            "that",
            "them",
            "being",
            "many",
            "much",
            "enough",
            "any",
            "to",
        }:
            return ""
        named = re.sub(
            r" (?:very (?:much|well|often)|much|a lot|so much|too much|well|any ?more|often|at all)$",
            "",
            clause.rest,
        )
        named = re.split(r" (?:(?:more|less|better|rather) )than ", named)[0]
        named = re.split(r" (?:to|over|than) ", named)[0] if base == "prefer" else named
        if base == "have":
            return f"having {named}"
        return named if names_an_object(named) and first not in PREPOSITIONS else ""
    if clause.copula:
        if "gerund" in kinds(first) and len(words) > 1:
            return clause.rest if first not in {"going", "getting"} else ""
        if first in ADVERBS or clause.negative:
            return ""
        return activity(clause) if len(words) <= 8 and be_topic(first) else ""
    if clause.negative or clause.aux or base in {"find", "think", "believe", "feel", "say", "house"}:
        return ""
    if UNSURE.search(clause.rest) and len(words) > 8:
        return ""
    if base == "use" and clause.rest.startswith("to "):
        return activity(clause)
    if base == "have" and clause.tense != "past":
        named = clause.rest if UNSURE.search(clause.rest) else target
        kept = re.sub(r",? (?:that|who|which|called|named)\b.*$", "", named)
        owned = re.match(r"(?:an? |my |(?=(?:two|three|four|five|six|\d+) [a-z]))(.+)", kept)
        several = re.search(r"(?:,| and) (?:an?|one|two|three|four|\d+) ", kept)
        if owned and not several and not _NO_THING.search(owned[1]):
            return f"my {owned[1]}"
    return activity(clause)


def be_topic(first: str) -> bool:
    """Whether "being ..." with this first word sounds natural."""
    return first in {
        "a",
        "an",
        "the",
        "in",
        "from",
        "married",
        "vegan",
        "vegetarian",
        "single",
        "allergic",
        "retired",
        "left-handed",
        "afraid",
    }
