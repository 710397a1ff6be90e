"""Nights that begin with an adapter: what it knew stays, a wrong one is refused, a kill changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from data.errors import BackendError, ModelFileError
from models.files import sha256_file
from models.preset import Start
from models.trainer import Trained, train
from models.warm_start import checked
from tests.models.test_trainer import FAST, PERSONA, fact, night
from tests.models.tiny import make_tiny_base

ONE_PASS = FAST.model_copy(update={"passes": 1})


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return make_tiny_base(tmp_path_factory.mktemp("base"))


def start_from(adapter: Path, out: Path, rank: int = 16) -> Start:
    """An adapter as a preset would carry it."""
    save_file(
        load_file(adapter / "adapter_model.safetensors"), out, {"rank": str(rank), "alpha": str(FAST.alpha)}
    )
    return Start(file=str(out), sha256=sha256_file(out))


@pytest.fixture(scope="module")
def start(base, tmp_path_factory) -> Start:
    folder = tmp_path_factory.mktemp("start")
    learned = train(night(), base, folder, FAST, seed=5, persona=PERSONA)
    return start_from(learned.adapter, folder / "start.safetensors", FAST.rank)


def first_loss(trained: Trained) -> float:
    return trained.losses[0]


def test_a_night_begins_where_the_starting_adapter_stood(base, start, tmp_path):
    rows = fact(0, "dog", "Bo") + fact(1, "tea", "mint")
    cold = train(rows, base, tmp_path / "cold", ONE_PASS, seed=5)
    warm = train(rows, base, tmp_path / "warm", ONE_PASS, seed=5, start=start)
    assert first_loss(warm) < first_loss(cold) / 5
    refused = ONE_PASS.model_copy(update={"warm_start": False})
    assert train(rows, base, tmp_path / "off", refused, seed=5, start=start).digest == cold.digest


def test_a_killed_warm_night_ends_with_the_same_adapter(base, start, tmp_path):
    recipe = FAST.model_copy(update={"passes": 4, "checkpoint_seconds": 0})
    whole = train(night(), base, tmp_path / "whole", recipe, seed=5, start=start)

    def die(share: float, line: str) -> None:
        if "pass 2" in line:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(night(), base, tmp_path / "killed", recipe, seed=5, start=start, progress=die)
    again = train(night(), base, tmp_path / "killed", recipe, seed=5, start=start)
    assert again.digest == whole.digest


def test_a_start_of_another_shape_is_refused_with_the_way_out(base, start, tmp_path):
    narrow = ONE_PASS.model_copy(update={"rank": 4})
    with pytest.raises(BackendError, match="WARM_START=false"):
        train(night(), base, tmp_path, narrow, seed=5, start=start)
    above = ONE_PASS.model_copy(update={"first_layer": 0.6})
    with pytest.raises(BackendError, match="does not fit"):
        train(night(), base, tmp_path, above, seed=5, start=start)


def test_a_changed_or_missing_start_is_never_trained_on(base, start, tmp_path):
    changed = tmp_path / "changed.safetensors"
    changed.write_bytes(Path(start.file).read_bytes()[:-1] + b"x")
    with pytest.raises(ModelFileError, match="not the one it names"):
        train(night(), base, tmp_path, ONE_PASS, seed=5, start=Start(file=str(changed), sha256=start.sha256))
    with pytest.raises(ModelFileError, match="missing"):
        checked(Start(file=str(tmp_path / "nothing"), sha256=start.sha256))
