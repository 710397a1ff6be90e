"""What a statement is about, as a noun or gerund phrase: "my dog", "playing the tuba".

Used for questions that name only the topic; empty where no phrase is sure to sound natural.
"""

from __future__ import annotations

import re

from data.grammar import activity, subject_in_sentence
from data.grammar_clauses import Clause
from data.grammar_questions import UNSURE, complex_rest, names_an_object, split_rest
from data.lexicon import ADVERBS, PREPOSITIONS
from data.lexicon_verbs import gerund, kinds


def topic(clause: Clause) -> str:
    """A noun or gerund phrase that names what the statement is about; empty when none is sure."""
    if complex_rest(clause):
        return ""
    if clause.subject not in {"I", "We"}:
        return (
            subject_in_sentence(clause.subject)
            if clause.subject.split()[0].lower() in {"my", "our"} and len(clause.subject.split()) <= 5
            else ""
        )
    base = clause.base
    target, _ = split_rest(clause.rest)
    words = clause.rest.split()
    if not words or len(words) > 12 or clause.lead or words[0].lower() in {"or", "and", "but"}:
        return ""
    first = words[0].lower()
    if (
        base in {"like", "love", "enjoy", "hate", "dislike", "prefer", "want", "hope", "plan", "try"}
        and not clause.aux
        or clause.aux in {"do", "does"}
    ):
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
        return named if names_an_object(named) and first not in PREPOSITIONS else ""
    if clause.copula:
        if "gerund" in kinds(first) and len(words) > 1:
            return clause.rest if first not in {"going", "getting"} else ""
        if first in ADVERBS or clause.negative:
            return ""
        return activity(clause) if len(words) <= 8 and be_topic(first) else ""
    if clause.negative or clause.aux:
        return ""
    if UNSURE.search(clause.rest) and len(words) > 8:
        return ""
    if base == "use" and clause.rest.startswith("to "):
        return activity(clause)
    if base == "have" and UNSURE.search(clause.rest):
        return clause.rest
    if base == "have" and target and re.match(r"^(?:an?|two|three|my|four|five|many|some) ", target):
        return target
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
