"""Nights that begin with an adapter: what it knew stays, a wrong one is refused, a kill changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from data.errors import BackendError, ModelFileError
from data.settings import Train
from models.files import sha256_file
from models.learner import Course
from models.loop import run
from models.packing import encode
from models.preset import Shipped, load_preset
from models.progress import silent
from models.team import learner_of
from models.tokenizer import load_tokenizer
from models.trainer import Trained, train
from models.trl_backend import CpuStudent
from models.warm_start import checked, description
from tests.models.test_trainer import FAST, PERSONA, fact, night
from tests.models.tiny import make_tiny_base

ONE_PASS = FAST.model_copy(update={"passes": 1})


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return make_tiny_base(tmp_path_factory.mktemp("base"))


def start_from(adapter: Path, out: Path, s: Train) -> Shipped:
    """An adapter as a preset would carry it, said to be of that recipe's shape."""
    save_file(load_file(adapter / "adapter_model.safetensors"), out, description(s))
    return Shipped(file=str(out), sha256=sha256_file(out))


@pytest.fixture(scope="module")
def start(base, tmp_path_factory) -> Shipped:
    folder = tmp_path_factory.mktemp("start")
    learned = train(night(), base, folder, FAST, seed=5, persona=PERSONA)
    return start_from(learned.adapter, folder / "start.safetensors", FAST)


def first_loss(trained: Trained) -> float:
    return trained.losses[0]


def test_a_night_begins_where_the_starting_adapter_stood(base, start, tmp_path):
    rows = fact(0, "dog", "Bo") + fact(1, "tea", "mint")
    cold = train(rows, base, tmp_path / "cold", ONE_PASS, seed=5)
    warm = train(rows, base, tmp_path / "warm", ONE_PASS, seed=5, start=start)
    assert first_loss(warm) < first_loss(cold) / 5
    refused = ONE_PASS.model_copy(update={"warm_start": False})
    assert train(rows, base, tmp_path / "off", refused, seed=5, start=start).digest == cold.digest


def test_a_start_of_a_lower_rank_begins_a_wider_adapter_where_it_stood(base, start, tmp_path):
    rows = fact(0, "dog", "Bo") + fact(1, "tea", "mint")
    warm = train(rows, base, tmp_path / "warm", ONE_PASS, seed=5, start=start)
    wider = ONE_PASS.model_copy(update={"rank": 2 * FAST.rank, "alpha": 2 * FAST.alpha})
    wide = train(rows, base, tmp_path / "wide", wider, seed=5, start=start)
    assert first_loss(wide) == pytest.approx(first_loss(warm), rel=0.01)


def test_a_start_of_fewer_matrices_a_layer_begins_an_adapter_of_all_where_it_stood(base, start, tmp_path):
    every = ONE_PASS.model_copy(update={"targets": "all"})
    rows = fact(0, "dog", "Bo") + fact(1, "tea", "mint")
    few, all_of_them = (
        train(rows, base, tmp_path / s.targets, s, seed=5, start=start) for s in (ONE_PASS, every)
    )
    assert first_loss(all_of_them) == pytest.approx(first_loss(few), rel=0.01)
    whole = start_from(all_of_them.adapter, tmp_path / "whole.safetensors", every)
    with pytest.raises(BackendError, match="does not fit"):
        train(rows, base, tmp_path / "refused", ONE_PASS, seed=5, start=whole)


def test_a_killed_warm_night_ends_with_the_same_adapter(base, start, tmp_path):
    recipe = FAST.model_copy(update={"passes": 4, "checkpoint_seconds": 0, "safe_probability": 0.999})
    whole = train(night(), base, tmp_path / "whole", recipe, seed=5, start=start)

    def die(share: float, line: str) -> None:
        if "pass 2" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(night(), base, tmp_path / "killed", recipe, seed=5, start=start, progress=die)
    again = train(night(), base, tmp_path / "killed", recipe, seed=5, start=start)
    assert again.digest == whole.digest


@pytest.mark.parametrize("processes", [1, 2])
def test_layers_below_the_memories_stay_as_the_start_has_them(base, start, tmp_path, processes):
    recipe = ONE_PASS.model_copy(update={"memory_layer": 0.5})
    rows = encode(night(), load_tokenizer(base.hf))
    with learner_of(Course(base.hf, tuple(rows), recipe, 5, Path(start.file)), processes, 1) as learner:
        run(learner, rows, recipe, 5, tmp_path / "checkpoint", "mark", silent)
        learner.save(tmp_path / "adapter")
    before, after = load_file(start.file), load_file(tmp_path / "adapter" / "adapter_model.safetensors")
    known = {name: value[: before[name].shape[0], : before[name].shape[1]] for name, value in after.items()}
    moved = {name for name, value in before.items() if not torch.equal(value, known[name])}
    assert moved and before.keys() == after.keys()
    assert moved == {name for name in before if ".layers.2." in name}


def test_what_the_base_says_is_read_with_the_whole_start_off(base, start):
    rows = encode(night(), load_tokenizer(base.hf))
    plain = CpuStudent(base.hf, FAST, 5, half=False)
    warm = CpuStudent(
        base.hf, FAST.model_copy(update={"memory_layer": 0.5}), 5, half=False, start=Path(start.file)
    )
    plain.prepare(rows, silent)
    batch = plain.pack(rows[:6])
    assert torch.allclose(plain.base_hidden(batch), warm.base_hidden(batch), atol=1e-5)


def test_a_read_row_stands_where_the_whole_model_puts_it(base, start):
    rows = encode(night(), load_tokenizer(base.hf))[:6]
    found = []
    for layer in (0.0, 0.5):
        recipe = FAST.model_copy(update={"memory_layer": layer})
        student = CpuStudent(base.hf, recipe, 5, half=False, start=Path(start.file))
        student.prepare(rows, silent)
        found.append(student.hidden(student.pack(rows)).detach())
    assert torch.allclose(*found, atol=1e-5)


def test_a_start_of_another_shape_is_refused_with_the_way_out(base, start, tmp_path):
    narrow = ONE_PASS.model_copy(update={"rank": 4})
    with pytest.raises(BackendError, match="WARM_START=false"):
        train(night(), base, tmp_path, narrow, seed=5, start=start)
    strong = ONE_PASS.model_copy(update={"rank": 2 * FAST.rank})
    with pytest.raises(BackendError, match="does not fit"):
        train(night(), base, tmp_path, strong, seed=5, start=start)
    above = ONE_PASS.model_copy(update={"first_layer": 0.6})
    with pytest.raises(BackendError, match="does not fit"):
        train(night(), base, tmp_path, above, seed=5, start=start)


def test_a_changed_or_missing_start_is_never_trained_on(base, start, tmp_path):
    changed = tmp_path / "changed.safetensors"
    changed.write_bytes(Path(start.file).read_bytes()[:-1] + b"x")
    with pytest.raises(ModelFileError, match="not the one it names"):
        train(
            night(), base, tmp_path, ONE_PASS, seed=5, start=Shipped(file=str(changed), sha256=start.sha256)
        )
    with pytest.raises(ModelFileError, match="missing"):
        checked(Shipped(file=str(tmp_path / "nothing"), sha256=start.sha256), FAST)


def test_a_start_of_another_base_is_refused(start, tmp_path):
    other = make_tiny_base(tmp_path / "other", hidden=32)
    with pytest.raises(BackendError, match="another base"):
        train(night(), other, tmp_path / "out", ONE_PASS, seed=5, start=start)


def test_the_start_of_the_preset_is_the_file_it_names_and_fits_its_recipe():
    preset = load_preset("smollm2-135m")
    assert preset.start is not None and checked(preset.start, preset.train).is_file()
