"""The batches that bring questions together: pairs of a group, groups that share words, always the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from benchmarks import warm_alike
from benchmarks.warm_alike import Group, batches, groups_of, neighbours, sharing
from benchmarks.warm_start import heard
from data.mixture import load_seeds
from models.learner import Course, look
from models.packing import Row, encode
from models.progress import silent
from models.tokenizer import load_tokenizer
from models.trainer import train
from models.trl_backend import CpuStudent
from tests.models.test_trainer import FAST, night
from tests.models.tiny import make_tiny_base

THINGS = ("dog", "cat", "parrot", "car", "bicycle", "house", "landlord", "dentist")
PEOPLE = ("brother", "sister", "aunt", "cousin", "neighbour", "boss")
GROUPS = [
    Group(
        ("written", "heard", "slot")[n % 3], (f"What is my {who}'s {thing} called?", f"My {who}'s {thing}?")
    )
    for n, (who, thing) in enumerate((who, thing) for who in PEOPLE for thing in THINGS)
]


def test_a_batch_holds_two_questions_of_each_of_its_groups() -> None:
    made = list(batches(GROUPS, "You remember.", 5))
    assert len(made) == 5
    for batch in made:
        of = {}
        for row in batch:
            of.setdefault(row.group, []).append(row.question)
        assert len(of) == warm_alike.GROUPS and all(len(set(asked)) == 2 for asked in of.values())
    assert len({row.id for batch in made for row in batch}) == 5 * 2 * warm_alike.GROUPS
    assert {row.system for batch in made for row in batch} == {"You remember.", ""}
    assert made == list(batches(GROUPS, "You remember.", 5))


def test_groups_that_ask_the_same_question_are_never_each_others_opposites() -> None:
    twice = [*GROUPS, Group("written", ("What is my aunt's dog called?", "How is my aunt's dog named?"))]
    shared = sharing(twice)
    first = next(n for n, group in enumerate(GROUPS) if "aunt's dog" in group.questions[0])
    assert shared[first] == shared[len(GROUPS)] == {first, len(GROUPS)}
    near = neighbours(twice, shared)
    assert len(GROUPS) not in near[first] and first not in near[len(GROUPS)]
    assert all(n not in near[n] for n in range(len(twice)))


def test_the_nearest_groups_have_the_most_words_in_common() -> None:
    near = neighbours(GROUPS, sharing(GROUPS))
    first = GROUPS[near[0][0]].questions[0]
    assert "brother" in first or "dog" in first


def test_groups_come_from_all_three_sources_with_two_questions_at_least() -> None:
    found = groups_of(heard(40), load_seeds(), random.Random(1))
    assert {group.sort for group in found} == {"written", "heard", "slot"}
    assert all(len(set(group.every)) == len(group.every) >= 2 for group in found)
    closed = [one for one in found if any(q.startswith(("Is ", "Do ", "Does ")) for q in one.apart)]
    assert {group.sort for group in closed} == {"written", "heard"}


def test_a_riddle_and_a_closed_question_are_asked_without_a_frame() -> None:
    riddles = [Group("written", (), (f"Is it {n}?", f"Somebody has {n}. Who?")) for n in range(40)]
    asked = {row.question for batch in batches([*riddles, *GROUPS], "", 5) for row in batch}
    apart = {question for one in riddles for question in one.apart}
    assert {question for question in asked if any(one in question for one in apart)} <= apart


def test_training_brings_questions_of_a_group_together_and_keeps_the_answers(tmp_path: Path) -> None:
    base = make_tiny_base(tmp_path / "base")
    s = FAST.model_copy(update={"memory_layer": 0.0})
    learned = train(night(), base, tmp_path, s, seed=1)
    start = learned.adapter / "adapter_model.safetensors"
    rows = tuple(encode(night(), load_tokenizer(base.hf)))
    homes = []
    for steps in (1, 50):
        plan = warm_alike.lessons(GROUPS, base, "You remember.", steps)
        course = Course(base.hf, rows, s, 1, start)
        homes.append(warm_alike.train(course, GROUPS, plan, tmp_path / str(steps), silent))
    assert homes[1] > 2 * homes[0]
    student = CpuStudent(base.hf, s, 1, start=tmp_path / "50" / "adapter_model.safetensors")
    student.prepare(rows, silent)
    found = look(student, rows, s.batch_rows, silent)
    assert sum(one.right for one in found.values()) >= 0.9 * len(found)


@pytest.mark.parametrize("loss", ["ce", "kl"])
def test_what_is_kept_comes_round_before_any_of_it_comes_again(loss: str) -> None:
    rows = [Row(str(n), "g", "direct", loss, (1,), (2,), (3,), (1.0,)) for n in range(20)]
    drawn = [row.id for batch in warm_alike._kept(rows, loss, 5) for row in batch]
    assert len(drawn) == 5 * warm_alike.KEPT and len(set(drawn[:16])) == 16
