"""Yes/no questions about a memory: as it was told, and with something else in its place."""

from __future__ import annotations

import re

from data.grammar import affirmative, embed, negation, polar, to_second_person
from data.grammar_clauses import Clause, parse
from data.grammar_gaps import complex_rest
from data.phrases import PLAIN_POLAR_FRAMES, POLAR_FRAMES, polar_framed
from data.records import Memory
from models.dream_decoys import decoys
from models.dream_told import Told
from models.dream_views import View, answer_of, verdict


def truth(memory: Memory) -> list[View]:
    """Yes/no questions that are answered the way the statement says."""
    clause = parse(memory.statement)
    said = answer_of(memory)
    denied = _denied(clause, said) if clause and clause.negative else []
    if denied:
        return denied
    plain = clause and not clause.negative and not _never(clause) and not complex_rest(clause)
    question = polar(clause) if clause and plain else ""
    frames = POLAR_FRAMES if question else [f for f in POLAR_FRAMES if "{s}" in f]
    sentence = embed(memory.statement)
    return [
        View(
            "yes_no",
            polar_framed(question, sentence, f),
            verdict(said, True),
            ("yes",),
            ("no",),
            plain=f in PLAIN_POLAR_FRAMES,
        )
        for f in frames
    ]


def _never(clause: Clause) -> bool:
    """Whether a clause denies without "not", so that neither yes nor no answers its question clearly."""
    said = f"{clause.adverbs} {clause.rest}".lower()
    return re.search(r"\b(?:never|no|nothing|nobody|none|nowhere|neither)\b", said) is not None


def falsehood(memory: Memory, told: Told) -> list[View]:
    """Yes/no questions with a wrong value, or the opposite of an open statement."""
    clause = parse(memory.statement)
    said = answer_of(memory)
    if clause is None or clause.negative or complex_rest(clause):
        return []
    views = []
    for decoy in decoys(memory, told.active, told.words):
        false, wrong = decoy.statement, parse(decoy.statement)
        if wrong is None or not decoy.excluded:
            continue
        views += [
            View(
                "yes_no",
                polar_framed(polar(wrong), embed(false), f),
                verdict(said, False),
                ("no",),
                ("yes",),
                plain=f in PLAIN_POLAR_FRAMES,
                core=false,
            )
            for f in POLAR_FRAMES
        ]
    if views:
        return views
    denied = negation(clause)
    if (
        denied
        and not clause.adverbs
        and not re.search(r"\b(?:some|any|no|never|not|too|either|also)\b", clause.rest)
    ):
        views = [
            View("yes_no", polar_framed("", embed(denied), f), verdict(said, False), ("no",), ("yes",))
            for f in POLAR_FRAMES
            if "{s}" in f
        ]
    return views


def _denied(clause: Clause, said: str) -> list[View]:
    """Questions about a negative statement ("Do I drink wine?" -> "No, you don't drink wine.")."""
    if (
        clause.aux not in {"do", "does", "did"}
        or complex_rest(clause)
        or re.search(r"\b(?:any|either|much|anymore|yet)\b", clause.rest)
    ):
        return []
    question = polar(clause, negative=False)
    positive = embed(affirmative(clause))
    return [
        View("yes_no", polar_framed(question, positive, f), verdict(said, False), ("no",), ("yes",))
        for f in POLAR_FRAMES
    ]


def twins(memory: Memory, told: Told) -> list[View]:
    """Yes/no questions about something that may be true beside what was told, and was not told."""
    clause = parse(memory.statement)
    if clause is None or clause.negative or complex_rest(clause):
        return []
    views = []
    for decoy in decoys(memory, told.active, told.words):
        other = parse(decoy.statement)
        if other is None or decoy.excluded:
            continue
        views += [
            View(
                "negative",
                polar_framed(polar(other), embed(decoy.statement), f),
                f"You haven't told me whether {embed(to_second_person(decoy.statement)).rstrip('.')}.",
                plain=f in PLAIN_POLAR_FRAMES,
                core="twin",
            )
            for f in POLAR_FRAMES
            if "{s}" not in f
        ]
    return views
