"""The comparison of the tiers, with two trainings on the processor in their place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from benchmarks import gpu_tiers
from benchmarks.gpu_model import build
from benchmarks.night_rows import Night, make_night
from data.settings import Train
from tests.models.tiny import TinyBase, make_tiny_base

QUICK = Train(
    backend="trl", passes=1, rate=5e-3, batch_rows=8, first_layer=0.0, threads=1, load_in_4bit=False
)


@pytest.fixture(scope="module")
def night() -> Night:
    return make_night({}, facts=2, phrasings=3, untold=2, grounding=0, identity=2)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> TinyBase:
    return make_tiny_base(tmp_path_factory.mktemp("base"))


def test_two_students_that_are_alike_agree_and_others_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build("small", tmp_path, "cpu")
    real = gpu_tiers.student_of
    monkeypatch.setattr(gpu_tiers, "student_of", lambda folder, rows, s, device: real(folder, rows, s, "cpu"))
    first = gpu_tiers.agree_part(tmp_path, "cpu")
    again = gpu_tiers.agree_part(tmp_path, "cuda")
    assert again["loss"] == again["cpu"] == first["loss"] and again["gradient_cosine"] > 0.9999
    saved = torch.load(tmp_path / "cpu.pt")
    torch.save({**saved, "gradient": saved["gradient"].flip(0)}, tmp_path / "cpu.pt")
    assert gpu_tiers.agree_part(tmp_path, "cuda")["gradient_cosine"] < 0.9


def test_the_compared_gradient_holds_every_layer_as_that_of_the_card_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build("small", tmp_path, "cpu")
    real: Callable[..., Any] = gpu_tiers.student_of
    layers: set[str] = set()

    def watched(*given: Any) -> Any:
        student = real(*given)
        layers.update(name.split(".layers.")[1].split(".")[0] for name in student.parameters)
        return student

    monkeypatch.setattr(gpu_tiers, "student_of", watched)
    gpu_tiers.agree_part(tmp_path, "cpu")
    assert layers == {str(number) for number in range(8)}


def test_two_trainings_alike_recall_alike(base: TinyBase, night: Night, tmp_path: Path) -> None:
    master = gpu_tiers.Master(base.hf, base.digest)
    first = gpu_tiers.trained_recall(master, night, QUICK, tmp_path, "cpu", "cpu", None)
    assert first["questions"] == len(night.told) == 4 and "agrees" not in first
    again = gpu_tiers.trained_recall(master, night, QUICK, tmp_path, "card", "cpu", tmp_path / "cpu.json")
    assert again["agrees"] and again["points_apart"] == 0.0 and again["same_verdict"] == 1.0
    assert again["recall"] == again["other_recall"] == first["recall"]


def test_tiers_that_recall_differently_are_seen(
    base: TinyBase, night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cpu.json").write_text(json.dumps([False] * 4), encoding="utf-8")
    values = dict(night.told)
    monkeypatch.setattr(
        gpu_tiers, "answers_with", lambda hf, adapter, asked, device: [values[one] for one in asked]
    )
    few = replace(night, rows=night.rows[:8])
    master = gpu_tiers.Master(base.hf, base.digest)
    found = gpu_tiers.trained_recall(master, few, QUICK, tmp_path, "card", "cpu", tmp_path / "cpu.json")
    assert found["recall"] == 1.0 and found["points_apart"] == 100.0 and not found["agrees"]


def test_without_the_other_tier_nothing_is_compared_and_the_report_says_so(
    base: TinyBase, night: Night, tmp_path: Path
) -> None:
    master = gpu_tiers.Master(base.hf, base.digest)
    few = replace(night, rows=night.rows[:8])
    found = gpu_tiers.trained_recall(master, few, QUICK, tmp_path, "card", "cpu", tmp_path / "none.json")
    assert found["not_compared"] == "the other tier left no answers" and "agrees" not in found
