"""A team of processes learns a batch as one student would, and fails and ends with its members."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BackendError
from data.settings import CHECKOUT, Train
from models import cores
from models import team as teams
from models.learner import Course, Lesson, Solo
from models.packing import Row, encode
from models.team import Team, cpu_learner, deal, member_bytes
from models.trl_backend import CpuStudent
from tests.models.test_trainer import FAST, night
from tests.models.tiny import make_tiny_base

RECIPE = FAST.model_copy(update={"first_layer": 0.5})


def silent(share: float, text: str) -> None:
    """Nobody watches."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_base(tmp_path_factory.mktemp("base")).hf


@pytest.fixture(scope="module")
def rows(base: Path) -> list[Row]:
    from transformers import AutoTokenizer

    return encode(night(), AutoTokenizer.from_pretrained(base))


def lesson_of(learner: Solo | Team, rows: list[Row]) -> tuple[Lesson, torch.Tensor]:
    """What one batch of all rows teaches, and the gradient it leaves."""
    with torch.no_grad():
        for number, value in enumerate(learner.parameters.values()):
            value.copy_(torch.randn(value.shape, generator=torch.Generator().manual_seed(number)) * 0.05)
    learner.prepare(rows, silent)
    learner.read_base(rows, silent)
    lesson = learner.learn(rows)
    return lesson, torch.cat([value.grad.flatten() for value in learner.parameters.values()])


def test_a_team_learns_a_batch_as_one_student_does(base: Path, rows: list[Row]) -> None:
    alone, gradient = lesson_of(Solo(CpuStudent(base, RECIPE, 3), RECIPE), rows)
    with Team.of(Course(base, tuple(rows), RECIPE, 3), 2, 1) as team:
        together, shared = lesson_of(team, rows)
    assert together.loss == pytest.approx(alone.loss, rel=2e-2)
    assert together.answer_tokens == alone.answer_tokens
    assert together.seen.keys() == alone.seen.keys()
    assert torch.nn.functional.cosine_similarity(gradient, shared, dim=0) > 0.999
    assert shared.norm() == pytest.approx(float(gradient.norm()), rel=1e-2)


def test_a_team_asks_every_row_with_an_answer_of_its_own(base: Path, rows: list[Row]) -> None:
    student = Solo(CpuStudent(base, RECIPE, 3), RECIPE)
    lesson_of(student, rows)
    alone = student.look(rows, silent)
    with Team.of(Course(base, tuple(rows), RECIPE, 3), 2, 1) as team:
        lesson_of(team, rows)
        together = team.look(rows, silent)
    assert alone.keys() == together.keys() == {row.id for row in rows if row.loss == "ce"}
    assert all(together[name].right == seen.right for name, seen in alone.items())
    assert all(
        together[name].probability == pytest.approx(one.probability, rel=0.1) for name, one in alone.items()
    )


def test_the_same_run_of_a_team_gives_the_same_bytes(base: Path, rows: list[Row]) -> None:
    found = []
    for _ in range(2):
        with Team.of(Course(base, tuple(rows), RECIPE, 3), 2, 1) as team:
            found.append(lesson_of(team, rows))
    assert found[0][0] == found[1][0] and torch.equal(found[0][1], found[1][1])


def test_a_killed_helper_fails_the_run_with_a_remedy(base: Path, rows: list[Row]) -> None:
    with Team.of(Course(base, tuple(rows), RECIPE, 3), 2, 1) as team:
        team.prepare(rows, silent)
        team.read_base(rows, silent)
        team.helpers[0].process.kill()
        with pytest.raises(BackendError, match="TRAIN__THREADS=1"):
            team.learn(rows)


def test_helpers_end_with_the_process_that_started_them(base: Path) -> None:
    words = (
        "import sys, time; from pathlib import Path; from models.team import Team;"
        "from tests.models.test_team import *; from transformers import AutoTokenizer;"
        f"base = Path({str(base)!r}); rows = encode(night(), AutoTokenizer.from_pretrained(base));\n"
        "with Team.of(Course(base, tuple(rows), RECIPE, 3), 2, 1) as team:\n"
        "    print(team.helpers[0].process.pid, flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", words], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    helper = psutil.Process(int(parent.stdout.readline()))
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 20
    while helper.is_running() and helper.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not helper.is_running() or helper.status() == psutil.STATUS_ZOMBIE


def test_a_short_run_or_one_thread_needs_no_team(
    base: Path, rows: list[Row], monkeypatch: pytest.MonkeyPatch
) -> None:
    two = Train(threads=2, passes=2)
    before = torch.get_num_threads()
    with (
        cpu_learner(Course(base, tuple(rows), two, 1)) as short,
        cpu_learner(Course(base, tuple(rows), FAST, 1)) as single,
    ):
        assert isinstance(short, Solo) and isinstance(single, Solo)
    monkeypatch.setattr(teams, "LEAST_VISITS", 1)
    with cpu_learner(Course(base, tuple(rows), two, 1)) as long:
        assert isinstance(long, Team) and torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_processes_are_no_more_than_cores_and_memory_allow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cores.psutil, "virtual_memory", lambda: SimpleNamespace(total=8_000_000_000))
    assert cores.split(1, 8) == (4, 2) and cores.split(1, 8, 3_000_000_000) == (2, 4)
    small, middle = 269_000_000, 724_000_000
    assert cores.split(small, 8, member_bytes(small)) == (2, 4)
    assert cores.split(middle, 8, member_bytes(middle)) == (1, 8)
    assert cores.split(1, 8, 9_000_000_000) == (1, 8) and cores.split(cores.SMALL_BYTES + 1, 8) == (1, 8)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=40), st.integers(1, 4))
def test_every_row_is_dealt_once_and_loads_differ_by_one_row_at_most(lengths: list[int], count: int) -> None:
    rows = [Row(str(n), "g", "direct", "ce", (), (1,) * k, (2,), (1.0,)) for n, k in enumerate(lengths)]
    shares = deal(rows, count)
    loads = [sum(len(row.own) for row in share) for share in shares]
    assert sorted(row.id for share in shares for row in share) == sorted(row.id for row in rows)
    assert shares[0] and max(loads) - min(loads) <= max(len(row.own) for row in rows)
