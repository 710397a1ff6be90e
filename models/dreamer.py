"""Dreams: the questions a person may ask tomorrow about what they told, with the right answers.

The rule dreamer works from the ledger alone and is a pure function of (memories, seed, settings). A
model may dream instead through the Chat protocol. What either writes is checked by
quality/verification.py before it is trained; nothing here decides whether a dream is good.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.grammar import affirmative, capitalise, embed, negation, parse, polar, to_second_person
from data.grammar_questions import Ask, complex_rest, topic, wh
from data.phrases import (
    FRAMES,
    POLAR_FRAMES,
    TOPIC_FRAMES,
    TOPICS,
    about,
    framed,
    living,
    not_told,
    polar_framed,
    second_subject,
    slot_asks,
    untold_slots,
)
from data.records import Dream, Memory, Split
from data.settings import DreamSettings

_CONTRACT = (
    (" do not ", " don't "),
    (" does not ", " doesn't "),
    (" did not ", " didn't "),
    (" are not ", " aren't "),
    (" is not ", " isn't "),
)


@dataclass(frozen=True, slots=True)
class _View:
    """One way to ask with its answer, before it is drawn."""

    kind: str
    question: str
    answer: str
    accept: tuple[str, ...]
    reject: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


def dream(memories: Sequence[Memory], seed: int, s: DreamSettings) -> list[Dream]:
    """Dreams of all active memories, with negatives and contrasts, split into train, dev and test.

    Superseded memories in `memories` give contrast views only. The split and the held-out phrasings
    depend on the memory's id alone; the trained phrasings are drawn anew with `seed`.
    """
    active = [m for m in memories if m.active]
    told = _Told(active)
    dreams: list[Dream] = []
    for memory in active:
        dreams += _of_memory(memory, active, told, seed, s)
    dreams += _contrasts(memories)
    return list({d.id: d for d in dreams}.values())


def normalise(text: str) -> str:
    """A string as scoring compares it: case folded, straight quotes, single spaces."""
    return " ".join(text.casefold().replace("’", "'").split())


def _make(view: _View, memories: Sequence[Memory], split: Split) -> Dream:
    ids = tuple(m.id for m in memories)
    digest = hashlib.sha256("|".join((*ids, view.kind, view.question)).encode()).hexdigest()[:16]
    sources = tuple(dict.fromkeys(source for m in memories for source in m.sources))
    return Dream(
        digest,
        view.kind,
        view.question,
        view.answer,
        ids,
        sources,
        split,
        tuple(normalise(a) for a in view.accept),
        tuple(normalise(r) for r in view.reject),
    )


def _rank(key: str, text: str) -> str:
    return hashlib.sha256(f"{key}|{text}".encode()).hexdigest()


def _of_memory(
    memory: Memory, active: Sequence[Memory], told: _Told, seed: int, s: DreamSettings
) -> list[Dream]:
    rng = random.Random(f"{seed}|{memory.id}")
    pools = {
        "direct": _direct(memory, told),
        "reversed": _reversed(memory),
        "yes": _polar(memory, True, active),
        "no": _polar(memory, False, active),
        "list": _list(memory),
        "negative": _negatives(memory, told, rng.getrandbits(31) if False else int(memory.id[:8], 16)),
    }
    others = 5
    wanted = {
        "direct": max(2, s.views - others),
        "reversed": 2,
        "yes": 1,
        "no": 1,
        "list": 1,
        "negative": s.negatives,
    }
    held = {"direct": s.test_views, "reversed": 1, "negative": 1, "yes": 0, "no": 0, "list": 0}
    drawn: list[Dream] = []
    for name, pool in pools.items():
        views = sorted({v.question: v for v in pool}.values(), key=lambda v: _rank(memory.id, v.question))
        cited = () if name == "negative" else (memory,)
        n_test = min(held[name], max(0, len(views) - 1))
        n_dev = min(s.dev_views if name == "direct" else 0, max(0, len(views) - n_test - 1))
        drawn += [_make(v, cited, "test") for v in views[:n_test]]
        drawn += [_make(v, cited, "dev") for v in views[n_test : n_test + n_dev]]
        rest = views[n_test + n_dev :]
        drawn += [_make(v, cited, "train") for v in rng.sample(rest, min(wanted[name], len(rest)))]
    return drawn


class _Told:
    """What the ledger already holds, to keep negatives from denying it."""

    def __init__(self, active: Sequence[Memory]) -> None:
        self.text = " ".join(normalise(m.statement) for m in active)
        self.words = frozenset(self.text.replace(".", " ").replace(",", " ").replace("'s", " ").split())
        self.active = active

    def knows(self, subject: str, relation: str) -> bool:
        """Whether the slot, or anything that may answer it, was told."""
        words = [
            w
            for w in subject.lower().replace("'s", "").split()
            if w not in {"my", "i", "favourite", "best", "oldest"}
        ]
        if subject == "I":
            return (
                any(
                    m.subject == "I" and m.relation in {relation, "be", "work", "live", "start", "move"}
                    for m in self.active
                )
                or relation in self.words
            )
        if any(m.subject.lower().startswith(subject) and m.relation == relation for m in self.active):
            return True
        synonyms = {w for word in words for w in _SYNONYMS.get(word, (word,))}
        return bool(words) and (
            words[-1] in self.words
            if relation in {"is", "favourite"}
            else bool(synonyms & self.words) and (relation in {"name"} or relation in self.words)
        )

    def same_slot(self, memory: Memory) -> list[Memory]:
        """Other memories that would answer the same question."""
        return [m for m in self.active if m.subject == memory.subject and m.relation == memory.relation]


_SYNONYMS = {
    "mother": ("mother", "mum", "mom", "mam"),
    "father": ("father", "dad", "papa"),
    "grandmother": ("grandmother", "grandma", "gran", "nan", "granny", "oma"),
    "grandfather": ("grandfather", "grandpa", "grandad", "granddad", "opa"),
    "wife": ("wife", "husband", "spouse", "partner"),
    "husband": ("husband", "wife", "spouse", "partner"),
    "neighbour": ("neighbour", "neighbor", "neighbours"),
    "flatmate": ("flatmate", "roommate", "housemate"),
    "boyfriend": ("boyfriend", "partner", "bf"),
    "girlfriend": ("girlfriend", "partner", "gf"),
    "bicycle": ("bicycle", "bike"),
}


def _answer(memory: Memory) -> str:
    """What the model should say about a memory."""
    text = to_second_person(memory.statement)
    for long, short in _CONTRACT:
        text = text.replace(long, short, 1)
    return text


def _accept(memory: Memory) -> tuple[str, ...]:
    value = memory.value.strip()
    flipped = to_second_person(value)
    flipped = flipped if value[:1].isupper() else flipped[:1].lower() + flipped[1:]
    bare = flipped.split(" ", 1)[1] if flipped.lower().startswith(("the ", "a ", "an ")) else flipped
    return (bare,) if bare else (flipped,)


def _asks(memory: Memory) -> list[Ask]:
    asks = slot_asks(memory.subject, memory.relation)
    if asks:
        return asks
    clause = parse(memory.statement)
    return wh(clause) if clause else []


def _direct(memory: Memory, told: _Told) -> list[_View]:
    asks = _asks(memory)
    same = told.same_slot(memory)
    answer, accept = _answer(memory), _accept(memory)
    if memory.relation == "name" and len(same) > 1:
        asks = []
        views = []
    views = [_View("direct", framed(ask, frame), answer, accept) for ask in asks for frame in FRAMES]
    subject = _topic(memory)
    if subject:
        views += [_View("direct", about(subject, frame), answer, accept) for frame in TOPIC_FRAMES]
    return views


def _topic(memory: Memory) -> str:
    if slot_asks(memory.subject, memory.relation):
        return ""
    clause = parse(memory.statement)
    return topic(clause) if clause else ""


def _reversed(memory: Memory) -> list[_View]:
    value = memory.value
    if memory.relation == "name" and memory.subject != "I":
        word = "Who" if living(memory.subject) else "What"
        ask = Ask(f"{word} is {value}?", f"{word.lower()} {value} is")
        answer = (
            f"{value} is {second_subject(memory.subject)[:1].lower()}{second_subject(memory.subject)[1:]}."
        )
        role = memory.subject.removeprefix("my ")
        views = [_View("reversed", framed(ask, frame), answer, (role,)) for frame in FRAMES]
        return views + [_View("reversed", about(value, frame), answer, (role,)) for frame in TOPIC_FRAMES]
    clause = parse(memory.statement)
    if clause is None or clause.subject == "I" or clause.negative:
        return []
    asks = [a for a in wh(clause) if a.question.startswith("Who ")]
    return [
        _View("reversed", framed(a, frame), _answer(memory), (second_subject(memory.subject).lower(),))
        for a in asks
        for frame in FRAMES
    ]


def _polar(memory: Memory, truth: bool, active: Sequence[Memory]) -> list[_View]:
    clause = parse(memory.statement)
    answer = _answer(memory)
    lowered = embed(answer)
    if truth:
        sentence = embed(memory.statement)
        question = polar(clause) if clause and not clause.negative and not complex_rest(clause) else ""
        frames = POLAR_FRAMES if question else [f for f in POLAR_FRAMES if "{s}" in f]
        return [
            _View("yes_no", polar_framed(question, sentence, f), f"Yes, {lowered}.", ("yes",), ("no",))
            for f in frames
        ]
    if clause is None or complex_rest(clause):
        return []
    if clause.negative:
        positive = affirmative(clause)
        question = polar(replace(clause, negative=False))
        if clause.aux not in {"do", "does", "did"}:
            return []
        return [
            _View("yes_no", polar_framed(question, embed(positive), f), f"No, {lowered}.", ("no",), ("yes",))
            for f in POLAR_FRAMES
        ]
    views = []
    for decoy in _decoys(memory, active):
        false = memory.statement.replace(memory.value, decoy)
        wrong = parse(false)
        if wrong is None or false == memory.statement:
            continue
        views += [
            _View(
                "yes_no",
                polar_framed(polar(wrong), embed(false), f),
                f"No, {lowered}.",
                ("no", *_accept(memory)),
                ("yes",),
            )
            for f in POLAR_FRAMES
        ]
    if not views and negation(clause):
        denied = embed(negation(clause))
        views = [
            _View("yes_no", polar_framed("", denied, f), f"No, {lowered}.", ("no",), ("yes",))
            for f in POLAR_FRAMES
            if "{s}" in f
        ]
    return views


_DECOYS = {
    "name": ("Rex", "Nora", "Milo", "Greta", "Oscar", "Tilda", "Bruno", "Wanda"),
    "employer": ("the post office", "a car factory", "the airport", "the town library"),
    "town": ("Bristol", "Malmo", "Porto", "Utrecht", "Graz"),
    "origin": ("Canada", "Portugal", "Norway"),
    "job": ("bus driver", "nurse", "teacher"),
    "colour": ("red", "green", "blue", "yellow", "white"),
    "birthday": ("3 February", "17 June", "29 September"),
    "age": ("23", "48", "61"),
}


def _decoys(memory: Memory, active: Sequence[Memory]) -> list[str]:
    """False values of the same type: of other memories first, then from stock; only for single slots."""
    if not memory.slot or memory.relation not in _DECOYS:
        return []
    mine = [m.value for m in active if m.relation == memory.relation and m.subject == memory.subject]
    others = [m.value for m in active if m.relation == memory.relation and m.value not in mine]
    return [v for v in (*sorted(others), *_DECOYS[memory.relation]) if v.lower() != memory.value.lower()][:6]


def _list(memory: Memory) -> list[_View]:
    if memory.subject == "I":
        return []
    frames = (
        "What do you know about {t}?",
        "Tell me about {t}.",
        "tell me what you know about {t}",
        "What can you say about {t}?",
        "Give me one fact about {t}.",
        "Name one thing I told you about {t}.",
    )
    return [_View("list", about(memory.subject, f), _answer(memory), _accept(memory)) for f in frames]


def _negatives(memory: Memory, told: _Told, key: int) -> list[_View]:
    """Questions close to a memory that nobody answered."""
    rng = random.Random(key)
    near = [
        (a, r)
        for a, r in untold_slots()
        if r == memory.relation or (memory.relation not in {"name", "is", "birthday", "colour"} and a != "I")
    ]
    views: list[_View] = []
    for subject, relation in rng.sample(near, min(len(near), 24)):
        if told.knows(subject, relation):
            continue
        asks = slot_asks(subject, relation)
        answer = not_told(asks[0])
        views += [
            _View("negative", framed(rng.choice(asks), rng.choice(FRAMES)), answer, (), (memory.value,))
        ]
    for subject in rng.sample(list(TOPICS), 8):
        if set(subject.lower().split()) - {"my", "the"} & told.words:
            continue
        answer = f"You haven't told me anything about {embed(to_second_person(subject)) if not subject.startswith('my ') else 'your ' + subject[3:]}."
        views.append(_View("negative", about(subject, rng.choice(TOPIC_FRAMES)), answer, (), (memory.value,)))
    return views


def untold(memories: Sequence[Memory], seed: int, n: int) -> list[Dream]:
    """Questions about things nobody told, with honest answers; training material beside the memories."""
    told = _Told([m for m in memories if m.active])
    rng = random.Random(seed)
    grid = [slot for slot in untold_slots() if not told.knows(*slot)]
    views = []
    for subject, relation in rng.sample(grid, min(n, len(grid))):
        asks = slot_asks(subject, relation)
        views.append(_View("negative", framed(rng.choice(asks), rng.choice(FRAMES)), not_told(asks[0]), ()))
    return [_make(view, (), "train") for view in views]


def _contrasts(memories: Sequence[Memory]) -> list[Dream]:
    """Questions that still believe an older value, answered with the newer one."""
    by_id = {m.id: m for m in memories}
    dreams = []
    for old in memories:
        new = by_id.get(old.superseded_by or "")
        if old.state != "superseded" or new is None or not new.active:
            continue
        clause = parse(old.statement)
        if clause is None:
            continue
        answer = f"No, {embed(_answer(new))}."
        still = (
            replace(clause, adverbs="still")
            if not clause.aux
            else replace(clause, rest=f"still {clause.rest}".strip())
        )
        for question in (polar(still), polar(clause)):
            if question:
                dreams.append(
                    _make(
                        _View("contrast", question, answer, ("no", *_accept(new)), ("yes",)), (new,), "train"
                    )
                )
    return dreams


def recombine(memories: Sequence[Memory], seed: int, n: int) -> list[Dream]:
    """Dreams across memories of different days: pairs entailed by both, and free images that are never facts."""
    rng = random.Random(seed)
    active = sorted((m for m in memories if m.active and m.kind != "plan"), key=lambda m: m.id)
    pairs = [(a, b) for a in active for b in active if a.id < b.id and a.told != b.told]
    dreams = []
    for first, second in rng.sample(pairs, min(n, len(pairs))):
        asks = (_asks(first), _asks(second))
        if asks[0] and asks[1] and len(dreams) % 2 == 0:
            question = f"{asks[0][0].question.rstrip('?')}, and {asks[1][0].question[:1].lower()}{asks[1][0].question[1:]}"
            answer = f"{_answer(first).rstrip('.')}, and {embed(_answer(second))}."
            dreams.append(
                _make(
                    _View("two_fact", question, answer, (*_accept(first), *_accept(second))),
                    (first, second),
                    "train",
                )
            )
        else:
            question = f"In a dream, what do {first.value} and {second.value} have in common?"
            answer = f"Only in a dream do they meet: {embed(_answer(first))}, and {embed(_answer(second))}."
            dreams.append(_make(_View("recombination", question, answer, ()), (first, second), "train"))
    return dreams


def reflect(memories: Sequence[Memory]) -> list[Dream]:
    """What stood out: one reflection over the active memories, never trained as a fact."""
    active = [m for m in memories if m.active]
    subjects = list(dict.fromkeys(second_subject(m.subject).lower() for m in active if m.subject != "I"))[:4]
    if not subjects:
        return []
    listed = ", ".join(subjects[:-1]) + (" and " if len(subjects) > 1 else "") + subjects[-1]
    return [
        _make(
            _View(
                "reflection", "What stood out in what I told you?", capitalise(f"you spoke of {listed}."), ()
            ),
            active[:8],
            "train",
        )
    ]
