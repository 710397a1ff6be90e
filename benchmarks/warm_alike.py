"""The second half of a starting adapter: questions that ask for the same are brought together.

Groups of questions for one thing come from `data/questions` (written by hand), from what the rules ask of
what they hear in `data/exchanges`, and from the slots of `data/grounding/untold.jsonl`. Those for yes or no
are among them, because what was told answers them too. A batch holds two questions of each of 32 groups, most
of them in fours that share words, because those are the ones taken for each other. What the start knew
already is kept by a batch of its own rows in every step.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import log
from pathlib import Path

import numpy as np

from data.grammar_questions import Ask
from data.mixture import Seeds
from data.phrases import FRAMES, framed
from data.records import Example, Memory
from data.text import plain
from data.written import load_written
from models.base import Base
from models.cores import kept_memory
from models.dream_polar import falsehood, truth
from models.dream_told import Told
from models.dream_views import View, backwards, direct
from models.learner import Course, learn, references
from models.likeness import Keys, bring_together
from models.loop import adamw, move
from models.packing import Row, encode
from models.progress import Progress
from models.tokenizer import load_tokenizer
from models.trl_backend import CpuStudent

STEPS, WEIGHT = 400, 0.5
LAYERS = (0.5, 0.6, 0.7, 0.8, 0.9)
GROUPS, FOURS, KEPT = 32, 3, 8
VIEWS, BACK, CLOSED = 8, 3, 2
# Of the three sorts of groups the written ones are as people ask.
SHARES = {"written": 6, "heard": 2, "slot": 2}
FRAMED, NEAREST, TOO_NEAR = 0.35, 30, 0.9
WARM_UP, FLOOR = 8, 0.05
PERSONA_SHARE, ANSWER, LAST = 0.8, "x", 20
SEED = 3


@dataclass(frozen=True)
class Group:
    """Questions that ask for one thing, and where they come from.

    Those of `apart` stand as they are: a frame fits neither a riddle nor a question for yes or no.
    """

    sort: str
    questions: tuple[str, ...]
    apart: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[str, ...]:
        """All of its questions."""
        return (*self.questions, *self.apart)


def groups_of(memories: Sequence[Memory], seeds: Seeds, rng: random.Random) -> list[Group]:
    """All groups of at least two questions."""
    found = [Group("written", fact.questions, (*fact.indirect, *fact.closed)) for fact in load_written()]
    for memory in memories:
        told = Told([memory])
        views = [*_some(direct(memory, told), VIEWS, rng), *_some(backwards(memory, told), BACK, rng)]
        views += [*_some(truth(memory, told), CLOSED, rng), *_some(falsehood(memory, told), CLOSED, rng)]
        found.append(Group("heard", (), tuple(view.question for view in views)))
    slots: dict[tuple[str, str], list[str]] = defaultdict(list)
    for slot in seeds.untold:
        slots[slot.subject, slot.relation] += [slot.question, slot.question2]
    found += [Group("slot", tuple(questions)) for questions in slots.values()]
    once = [Group(one.sort, _once(one.questions), _once(one.apart)) for one in found]
    return [group for group in once if len(group.every) > 1]


def _once(questions: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(questions))


def _some(views: Sequence[View], count: int, rng: random.Random) -> list[View]:
    return rng.sample(views, min(len(views), count))


def sharing(groups: Sequence[Group]) -> dict[int, set[int]]:
    """The groups that have a question in common with each, itself among them."""
    asking: dict[str, set[int]] = defaultdict(set)
    for number, group in enumerate(groups):
        for question in group.every:
            asking[plain(question)].add(number)
    found: dict[int, set[int]] = defaultdict(set)
    for same in asking.values():
        for number in same:
            found[number] |= same
    return found


def neighbours(groups: Sequence[Group], shared: Mapping[int, AbstractSet[int]]) -> list[list[int]]:
    """For each group those with the most words in common, rare words counting more (tf-idf, cosine)."""
    texts = [Counter(plain(" ".join(group.every)).split()) for group in groups]
    among = Counter(word for words in texts for word in words)
    places = {word: place for place, word in enumerate(word for word, n in among.items() if n > 1)}
    weights = np.zeros((len(groups), len(places)), dtype=np.float32)
    for row, words in zip(weights, texts, strict=True):
        for word, count in words.items():
            if word in places:
                row[places[word]] = count * log(len(groups) / among[word])
    weights /= np.linalg.norm(weights, axis=1, keepdims=True) + 1e-6
    found = []
    for number, row in enumerate(weights):
        near = weights @ row
        found.append(
            [int(n) for n in np.argsort(-near)[:NEAREST] if n not in shared[number] and near[n] < TOO_NEAR]
        )
    return found


def batches(groups: Sequence[Group], persona: str, steps: int) -> Iterator[list[Example]]:
    """Two questions of each of GROUPS groups a step, many framed and most with the memory persona."""
    rng = random.Random(SEED)
    near = neighbours(groups, sharing(groups))
    sorts = {sort: [n for n, group in enumerate(groups) if group.sort == sort] for sort in SHARES}
    frames = [frame for frame in FRAMES if "{i}" not in frame]
    for step in range(steps):
        chosen: dict[int, None] = {}
        while len(chosen) < GROUPS:
            first = rng.choice(sorts[rng.choices([*SHARES], [*SHARES.values()])[0]])
            chosen |= dict.fromkeys([first, *rng.sample(near[first], min(FOURS, len(near[first])))])
        rows: list[Example] = []
        for number in [*chosen][:GROUPS]:
            system = persona if rng.random() < PERSONA_SHARE else ""
            group = groups[number]
            for question in rng.sample(group.every, 2):
                if rng.random() < FRAMED and question in group.questions:
                    question = framed(Ask(question, ""), rng.choice(frames))
                rows.append(Example(f"{step}-{len(rows)}", "direct", str(number), system, question, ANSWER))
        yield rows


def lessons(groups: Sequence[Group], base: Base, persona: str, steps: int = STEPS) -> list[list[Row]]:
    """The batches of `steps` steps as tokens; a row's group is the number of its own."""
    tokenizer = load_tokenizer(base.hf)
    return [encode(batch, tokenizer) for batch in batches(groups, persona, steps)]


def train(
    course: Course, groups: Sequence[Group], plan: Sequence[Sequence[Row]], out: Path, progress: Progress
) -> float:
    """Train the course's start on by `plan`, beside its rows; writes the adapter to `out`.

    Returns the share of questions of the last batches whose nearest asks for the same.
    """
    steps, own = len(plan), course.s
    alike = {str(n): {str(other) for other in same} for n, same in sharing(groups).items()}
    with kept_memory():
        student = CpuStudent(course.base, own, course.seed, start=course.start)
        student.prepare([*(row for batch in plan for row in batch), *course.rows], progress)
        followed = list(_kept(course.rows, "kl", steps))
        once = {row.id: row for batch in followed for row in batch}
        known = references(student, list(once.values()), own.batch_rows, progress)
        top = len(student.layers) - 1
        keys = Keys(student, sorted({min(top, round(share * (top + 1))) for share in LAYERS}))
        optimizer = adamw(student.parameters, own)
        homes = []
        for step, (batch, follow, gold) in enumerate(
            zip(plan, followed, _kept(course.rows, "ce", steps), strict=True)
        ):
            learn(student, [*follow, *gold], known, own.kl_weight)
            loss, home = bring_together(keys, batch, alike, WEIGHT)
            student.hold()
            move(optimizer, student.parameters, own.rate * _rate_share(step, steps))
            homes.append(home)
            progress(step / steps, f"step {step + 1}/{steps}, apart {loss:.2f}, home {home:.2f}")
        student.save(out)
    last = homes[-LAST:]
    return sum(last) / len(last)


def _rate_share(step: int, steps: int) -> float:
    return min(1.0, (step + 1) / WARM_UP) * (1.0 - (1.0 - FLOOR) * step / steps)


def _kept(rows: Iterable[Row], loss: str, steps: int) -> Iterator[list[Row]]:
    """KEPT rows with this loss for each step, all of them once before any comes again."""
    rng = random.Random(f"{SEED}:{loss}")
    own = [row for row in rows if row.loss == loss]
    waiting: list[Row] = []
    for _ in range(steps):
        if len(waiting) < KEPT:
            waiting += rng.sample(own, len(own))
        yield waiting[:KEPT]
        del waiting[:KEPT]
