"""Yes/no questions about a memory: as it was told, and with something else in its place."""

from __future__ import annotations

import re

from data.grammar import affirmative, embed, is_person, negation, polar, to_second_person
from data.grammar_clauses import Clause, capitalise, parse
from data.grammar_closed import Closed, closed, opposite
from data.grammar_gaps import complex_rest
from data.lexicon import KIN_UNIQUE
from data.phrases import BARE_POLAR_FRAMES, PLAIN_POLAR_FRAMES, POLAR_FRAMES, polar_framed
from data.records import Memory
from models.dream_decoys import decoys
from models.dream_told import Told
from models.dream_views import View, accepted, answer_of, closed_answer, normalise


def truth(memory: Memory, told: Told) -> list[View]:
    """Yes/no questions that are answered the way the statement says."""
    clause = parse(memory.statement)
    said = answer_of(memory)
    denied = _denied(clause, said) if clause and clause.negative else []
    if denied:
        return denied
    asked = _asked(memory, told, memory.statement, memory.value) if clause and not _never(clause) else []
    return _framed(asked, memory.statement, closed_answer(said, True), _right("yes", memory))


def _asked(memory: Memory, told: Told, statement: str, value: str) -> list[tuple[Closed, bool]]:
    """A statement as yes/no questions, under every name of its subject; whether under another than it has."""
    subject = memory.subject
    names = [subject] if subject in {"I", "We"} else told.variants(subject)
    asked: dict[str, tuple[Closed, bool]] = {}
    for name in (subject, *names):
        if name == memory.value:
            continue
        of_name = _of(statement, subject, name)
        for one in closed(name, memory.relation, value, of_name) if of_name else ():
            asked.setdefault(one.question, (one, name != subject))
    return list(asked.values())


def _of(statement: str, subject: str, name: str) -> str:
    """A statement with its subject called otherwise; empty where it does not begin with its subject."""
    if name == subject:
        return statement
    begins = statement.casefold().startswith(f"{subject.casefold()} ")
    return capitalise(f"{name}{statement[len(subject) :]}") if begins else ""


def _right(word: str, memory: Memory) -> tuple[str, ...]:
    """What makes an answer right: the word, or what was told."""
    return (word, *(accepted(memory) or _whole(memory)))


def _whole(memory: Memory) -> tuple[str, ...]:
    return (normalise(answer_of(memory)).rstrip("."),)


def _framed(
    asked: list[tuple[Closed, bool]],
    statement: str,
    answer: str,
    right: tuple[str, ...],
) -> list[View]:
    """Views of yes/no questions: the statement's own words in every frame, others mostly bare."""
    wrong = ("no" if "yes" in right else "yes",)
    own = next((one.question for one, _ in asked if one.way == "said"), "")
    said = [
        (polar_framed(own, embed(statement), frame), frame in BARE_POLAR_FRAMES, "said", False)
        for frame in POLAR_FRAMES
        if own or "{s}" in frame
    ]
    others = [
        # By another name each wording has a turn of its own: "Does Imke teach?", "Does my sister teach?".
        (
            polar_framed(one.question, "", frame),
            frame in BARE_POLAR_FRAMES,
            f"{one.way} renamed" if renamed else one.way,
            renamed,
        )
        for one, renamed in asked
        if one.question != own
        for frame in (_OPEN_FRAMES if not renamed else PLAIN_POLAR_FRAMES)
    ]
    return [
        View("yes_no", question, answer, right, wrong, plain=plain, core=way, renamed=renamed)
        for question, plain, way, renamed in (*said, *others)
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
    true = {one.question for one, _ in _asked(memory, told, memory.statement, memory.value)}
    answer = closed_answer(said, False)
    views = []
    for decoy in decoys(memory, told.active, told.words):
        if decoy.excluded:
            asked = _asked(memory, told, decoy.statement, decoy.value)
            false = [a for a in asked if a[0].question not in true and not _one_of_several(a[0], memory)]
            views += _framed(false, decoy.statement, answer, _right("no", memory))
    against = [(one, False) for one in opposite(memory.statement)]
    if not views and against:
        right = ("no", *_whole(memory))
        views = [view for view in _framed(against, "", answer, right) if view.core != "said"]
    if views:
        return views
    denied = negation(clause)
    if (
        denied
        and not clause.adverbs
        and not re.search(r"\b(?:some|any|no|never|not|too|either|also)\b", clause.rest)
    ):
        views = [
            View("yes_no", polar_framed("", embed(denied), f), answer, ("no", *_whole(memory)), ("yes",))
            for f in POLAR_FRAMES
            if "{s}" in f
        ]
    return views


def _one_of_several(one: Closed, memory: Memory) -> bool:
    """Whether a question asks after one of whom there may be more: another friend may be called Greta."""
    role = memory.subject.split()
    several = is_person(memory.subject) and role[-1] not in KIN_UNIQUE
    return one.way == "is it" and memory.relation == "name" and several and not _THE_ONE & set(role)


_THE_ONE = frozenset("best oldest closest eldest youngest only".split())


def _denied(clause: Clause, said: str) -> list[View]:
    """Questions about a negative statement ("Do I drink wine?" -> "No, you don't drink wine.")."""
    if (
        clause.aux not in {"do", "does", "did", "can", "am", "is", "are"}
        or complex_rest(clause)
        or re.search(r"\b(?:any|either|much|anymore|yet)\b", clause.rest)
    ):
        return []
    question = polar(clause, negative=False)
    positive = embed(affirmative(clause))
    return [
        View(
            "yes_no",
            polar_framed(question, positive, f),
            closed_answer(said, False),
            ("no",),
            ("yes",),
            plain=f in PLAIN_POLAR_FRAMES,
        )
        for f in POLAR_FRAMES
    ]


def twins(memory: Memory, told: Told) -> list[View]:
    """Yes/no questions about something that may be true beside what was told, and was not told."""
    clause = parse(memory.statement)
    if clause is None or clause.negative or complex_rest(clause):
        return []
    true = {one.question for one, _ in _asked(memory, told, memory.statement, memory.value)}
    return [
        View(
            "negative",
            polar_framed(one.question, "", frame),
            f"You haven't told me whether {_whether(decoy.statement, one.question, memory, told)}.",
            plain=frame in BARE_POLAR_FRAMES,
            core="twin",
        )
        for decoy in decoys(memory, told.active, told.words)
        if not decoy.excluded
        for one, renamed in _asked(memory, told, decoy.statement, decoy.value)
        if one.question not in true
        for frame in (_OPEN_FRAMES if not renamed else PLAIN_POLAR_FRAMES)
    ]


def _whether(statement: str, question: str, memory: Memory, told: Told) -> str:
    """What was not told, its subject called as in the question, so that no other name is given away."""
    names = sorted({memory.subject, *told.variants(memory.subject)}, key=len, reverse=True)
    name = next((one for one in names if one in question), memory.subject)
    said = _of(statement, memory.subject, name) if name != "I" else ""
    return embed(to_second_person(said or statement)).rstrip(".")


_OPEN_FRAMES = tuple(frame for frame in POLAR_FRAMES if "{s}" not in frame)
