"""The views of one memory: every way the rule dreamer can ask about it, with the answer each deserves.

A view is a question with its answer before any is drawn; which of them are trained and which are held
out is decided in models/dreamer.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.grammar import embed, is_pet, polar, somebody, to_second_person
from data.grammar_backwards import backward
from data.grammar_clauses import parse
from data.grammar_questions import Ask
from data.grammar_who import among
from data.lexicon_verbs import kinds
from data.phrases import (
    BARE_FRAMES,
    FRAMES,
    LIST_FRAMES,
    PLAIN_FRAMES,
    POLAR_FRAMES,
    TOPIC_FRAMES,
    about,
    framed,
    odd,
    polar_framed,
    second_subject,
)
from data.records import Dream, Memory, Split
from models.dream_told import Told, asks


@dataclass(frozen=True, slots=True)
class View:
    """One way to ask with its answer; `negative` views rest on no memory, `plain` ones have next to no frame.

    `bare` ones have none at all, as most people ask.
    `core` is the question without its frame, so that a draw can cover every way to ask; `odd` ones come last
    in it; `renamed` ones call the subject by another word than the person did; `written` ones a model wrote.
    """

    kind: str
    question: str
    answer: str
    accept: tuple[str, ...] = ()
    reject: tuple[str, ...] = ()
    plain: bool = False
    bare: bool = False
    core: str = ""
    odd: bool = False
    renamed: bool = False
    written: bool = False


def normalise(text: str) -> str:
    """A string as scoring compares it: case folded, straight quotes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


def make(view: View, memories: Sequence[Memory], split: Split) -> Dream:
    """A dream from a view, citing memories and their turns, with a stable id."""
    ids = tuple(m.id for m in memories)
    digest = hashlib.sha256("|".join((*ids, view.kind, view.question)).encode()).hexdigest()[:16]
    sources = tuple(dict.fromkeys(source for m in memories for source in m.sources))
    accept, reject = tuple(map(normalise, view.accept)), tuple(map(normalise, view.reject))
    return Dream(digest, view.kind, view.question, view.answer, ids, sources, split, accept, reject)


# With so many ways to ask for what was told, few ask for its topic alone.
_WELL_ASKED, _FEW_TOPICS = 2, 6
# People ask plainly; frames keep a model from hanging on the plain form.
BARE, BARE_NEGATIVES = 0.8, 0.7
# With many ways to ask each has few turns, most of them plain: a frame would come to mean "not told".
PLAIN_DIRECT = 0.4
# Share of the plain questions that have no frame at all, on both sides.
UNFRAMED = 0.5
_PLAINEST = PLAIN_FRAMES[:3]
_CONTRACTIONS = (
    (" do not ", " don't "),
    (" does not ", " doesn't "),
    (" did not ", " didn't "),
    (" are not ", " aren't "),
    (" is not ", " isn't "),
)


def answer_of(memory: Memory) -> str:
    """What the model should say about a memory: the statement, said to the person."""
    text = to_second_person(memory.statement)
    for long, short in _CONTRACTIONS:
        if long not in memory.value:
            text = text.replace(long, short, 1)
    return text


def closed_answer(sentence: str, holds: bool) -> str:
    """The answer to a yes/no question: what was told, which says by itself whether it is so.

    A small model gets the word wrong more often than what it goes with ("You are saving up for a kiln, so
    no."), and spends on it what it would have for the telling (docs/experiments.md, "Yes and no without the
    word"). A sentence that itself denies is opened with the word, as no reader could tell its "no" from the
    answer's.
    """
    return (
        f"{'Yes' if holds else 'No'}, {embed(sentence).rstrip('.')}."
        if _DENIES.search(sentence)
        else sentence
    )


_DENIES = re.compile(r"\b(?:no|not|cannot|never|nope|yes|yeah)\b|n't\b", re.IGNORECASE)


def accepted(memory: Memory) -> tuple[str, ...]:
    """The strings that make an answer right: the value, without an article, said to the person."""
    value = to_second_person(memory.value.strip())
    if not memory.value[:1].isupper():
        value = value[:1].lower() + value[1:]
    bare = re.sub(r"^(?:the|an?) (?=\S)", "", value, flags=re.IGNORECASE)
    return (bare,) if answer_of(memory).casefold().find(bare.casefold()) >= 0 else ()


def direct(memory: Memory, told: Told) -> list[View]:
    """Plain questions for the value, in every register, naming the subject in every way."""
    answer, accept = answer_of(memory), accepted(memory)
    views = []
    for ask in (*asks(memory), *(Ask(q, "") for q in told.further(memory).direct)):
        if not told.clear(ask):
            continue
        names = told.variants(memory.subject) if ask.indirect else [memory.subject]
        for name in names:
            said = _renamed(ask, memory.subject, name)
            if memory.relation == "name" and name == memory.value:
                continue
            views += [
                View(
                    "direct",
                    framed(said, f),
                    answer,
                    accept,
                    plain=f in PLAIN_FRAMES,
                    bare=f in BARE_FRAMES,
                    core=ask.question,
                    odd=odd(ask.question),
                    renamed=name != names[0],
                    written=not ask.indirect,
                )
                for f in _frames(ask)
            ]
    subject = told.topic(memory)
    natural = len({view.core for view in views})
    if subject:
        views += [
            View("direct", about(name, frame), answer, accept)
            for name in (told.variants(memory.subject) if subject == memory.subject else [subject])
            for frame in _topic_frames(memory, natural)
            if "me and" not in frame or "gerund" not in kinds(name.split()[0])
        ]
    return views


def _frames(ask: Ask) -> tuple[str, ...]:
    """The frames a question is put into: few where a model wrote it, as it may be a poor one."""
    return FRAMES if ask.indirect else _PLAINEST


def _topic_frames(memory: Memory, natural: int) -> tuple[str, ...]:
    """The frames that ask for the topic alone: few, each memory its own, where people would ask otherwise."""
    if natural < _WELL_ASKED:
        return TOPIC_FRAMES
    own = sorted(TOPIC_FRAMES, key=lambda frame: hashlib.sha256(f"{memory.id}|{frame}".encode()).hexdigest())
    return tuple(own[:_FEW_TOPICS])


def _renamed(ask: Ask, subject: str, name: str) -> Ask:
    if subject == "I" or name == subject:
        return ask
    return Ask(ask.question.replace(subject, name), ask.indirect.replace(subject, name))


def backwards(memory: Memory, told: Told) -> list[View]:
    """Questions from the value back to the subject ("Who is Imke?", "What is my connection to Corbel?")."""
    named = memory.relation == "name" and memory.subject != "I"
    asks = backward(memory.subject, memory.relation, memory.value, memory.statement)
    if told.best_of_a_stranger(memory):
        asks.insert(0, Ask(f"Who is {memory.subject}?", f"who {memory.subject} is"))
    asks += [Ask(question, "") for question in told.further(memory).back]
    if named:
        role = memory.subject.removeprefix("my ")
        answer = f"{memory.value} is {embed(second_subject(memory.subject))}."
        accept: tuple[str, ...] = (role,)
    else:
        answer = answer_of(memory)
        mine = tuple(v.removeprefix("my ") for v in told.variants(memory.subject)[:2])
        accept = accepted(memory) if memory.subject == "I" else mine
    views = [
        # Bare and in the plainest words first; then in frames, or among those somebody belongs to.
        View(
            "reversed",
            framed(one, frame),
            answer,
            accept,
            plain=frame in PLAIN_FRAMES,
            bare=frame in BARE_FRAMES,
            core=one.question if frame in _PLAINEST else f"{one.question} framed",
            odd=one is not ask or frame not in _PLAINEST or odd(one.question),
            written=not ask.indirect,
        )
        for ask in asks
        if told.leads_back(ask)
        for one in (ask, *(_among(ask, memory, told) if ask.indirect and not named else ()))
        for frame in (_frames(ask) if one is ask else _PLAINEST)
    ]
    if named:
        views += [
            View("reversed", about(memory.value, frame), answer, accept, core="about", odd=True)
            for frame in TOPIC_FRAMES
            if "me and" not in frame
        ]
    return views


def _among(ask: Ask, memory: Memory, told: Told) -> list[Ask]:
    """The same question of somebody's circle, where the memory is of somebody else than the person."""
    role = told.role(memory.subject)
    if memory.subject in {"I", "We"} or not (somebody(memory.subject) or is_pet(role)):
        return []
    return among(ask, role)


def listed(memory: Memory, told: Told) -> list[View]:
    """Open requests about the subject; all values at once where several memories share a question."""
    group = [m for m in told.active if (m.subject, m.relation) == (memory.subject, memory.relation)]
    if memory.subject != "I" and len([m for m in told.active if m.subject == memory.subject]) == 1:
        return [
            View("list", about(embed(name), f), answer_of(memory), accepted(memory))
            for name in told.variants(memory.subject)
            for f in LIST_FRAMES
        ]
    together = _together(group)
    shared = [a for a in asks(memory) if not told.clear(a)]
    if not together or not shared or group[0].id != memory.id:
        return []
    return [View("list", framed(a, f), together, accepted(memory)) for a in shared for f in FRAMES]


def _together(group: Sequence[Memory]) -> str:
    """One sentence with the values of all memories of a group; empty when they do not line up."""
    if not 2 <= len(group) <= 5:
        return ""
    first = group[0]
    values = [m.value for m in group]
    if first.relation == "name":
        subject = second_subject(first.subject)
        plural = (
            subject + ("es" if subject.endswith(("s", "x", "ch")) else "s")
            if not subject.endswith("child")
            else "Your children"
        )
        return f"{plural} are called {', '.join(values[:-1])} and {values[-1]}."
    if any(
        not m.statement.rstrip(".").endswith(m.value) or m.statement.count(m.value) != 1 or " and " in m.value
        for m in group
    ):
        return ""
    heads = {m.statement.rstrip(".").removesuffix(m.value) for m in group}
    if len(heads) != 1:
        return ""
    return to_second_person(f"{heads.pop()}{', '.join(values[:-1])} and {values[-1]}.")


def contrasts(old: Memory, new: Memory) -> list[View]:
    """Questions that still believe an older value, answered with the newer one."""
    clause = parse(old.statement)
    if clause is None:
        return []
    answer = closed_answer(answer_of(new), False)
    still = (
        replace(clause, adverbs="still")
        if not clause.aux
        else replace(clause, rest=f"still {clause.rest}".strip())
    )
    questions = dict.fromkeys(q for q in (polar(still), polar(clause)) if q)
    views = [View("contrast", question, answer, ("no", *accepted(new)), ("yes",)) for question in questions]
    views += [
        View(
            "contrast",
            polar_framed(next(iter(questions), ""), embed(old.statement), f),
            answer,
            ("no", *accepted(new)),
            ("yes",),
        )
        for f in POLAR_FRAMES
        if "{s}" in f
    ][:2]
    return views
