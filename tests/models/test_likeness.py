"""Questions for the same thing come nearer to each other, whatever their words and their pack."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from data.records import Example
from models.likeness import Keys, bring_together
from models.packing import Row, encode
from models.progress import silent
from models.trl_backend import CpuStudent
from tests.models.test_trainer import FAST
from tests.models.tiny import make_tiny_base

THINGS = ("dog", "cat", "tea", "town", "job", "car")
WAYS = ("What is my {}?", "And what is my {}?", "hey, what is my {}?")
RECIPE = FAST.model_copy(update={"nullspace_weight": 0.0})


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_base(tmp_path_factory.mktemp("base")).hf


@pytest.fixture(scope="module")
def rows(base: Path) -> list[Row]:
    from transformers import AutoTokenizer

    asked = [
        Example(f"{thing}-{way}", "direct", thing, "", words.format(thing), "x y z")
        for thing in THINGS
        for way, words in enumerate(WAYS)
    ]
    return encode(asked, AutoTokenizer.from_pretrained(base))


@pytest.fixture
def student(base: Path, rows: list[Row]) -> CpuStudent:
    made = CpuStudent(base, RECIPE, 1, half=False)
    made.prepare(rows, silent)
    return made


def test_a_question_has_the_same_key_in_every_pack(student: CpuStudent, rows: list[Row]) -> None:
    keys = Keys(student, [2])
    packed = student.pack(rows)
    (together,) = keys.of(packed)
    for place, row in enumerate(packed.rows):
        (alone,) = keys.of(student.pack([row]))
        assert torch.allclose(together[place], alone[0], atol=1e-5)


def test_learning_brings_home_what_asks_for_the_same(student: CpuStudent, rows: list[Row]) -> None:
    keys = Keys(student, [2])
    moved = torch.optim.Adam(student.parameters.values(), lr=0.003)
    course = []
    for _ in range(60):
        course.append(bring_together(keys, rows, {}, 1.0))
        moved.step()
        moved.zero_grad()
    assert course[-1][0] < course[0][0] / 4
    assert course[-1][1] > max(0.9, course[0][1])


def test_groups_that_share_a_question_are_not_pushed_apart(student: CpuStudent, rows: list[Row]) -> None:
    keys = Keys(student, [2])
    everybody = {thing: set(THINGS) for thing in THINGS}
    loss, home = bring_together(keys, rows, everybody, 1.0)
    alone, _ = bring_together(keys, rows, {}, 1.0)
    assert loss < alone and home == 1.0
