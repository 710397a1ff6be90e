"""The adapter a night leaves is the mean over its last pass and closing steps."""

from __future__ import annotations

import io

import pytest
import torch
from safetensors.torch import load_file

from models import loop
from models.average import Average
from models.trainer import train
from tests.models.test_trainer import FAST, night
from tests.models.tiny import make_tiny_base

THREE = FAST.model_copy(
    update={"passes": 3, "batch_rows": 2, "safe_probability": 0.999, "closing_share": 0.3}
)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return make_tiny_base(tmp_path_factory.mktemp("base"))


def stand(number: float) -> dict[str, torch.nn.Parameter]:
    return {
        "a": torch.nn.Parameter(torch.full((2,), number)),
        "b": torch.nn.Parameter(torch.tensor([-number])),
    }


def test_a_mean_counts_what_was_added_since_it_was_emptied():
    average, adapter = Average(), stand(9.0)
    average.add(adapter)
    average.empty()
    for number in (1.0, 2.0, 6.0):
        average.add(stand(number))
    average.put_into(adapter)
    assert adapter["a"].tolist() == [3.0, 3.0] and adapter["b"].tolist() == [-3.0]


def test_a_mean_without_steps_leaves_the_adapter_alone():
    adapter = stand(4.0)
    Average().put_into(adapter)
    assert adapter["a"].tolist() == [4.0, 4.0]


def test_a_saved_mean_goes_on_where_it_was():
    first = Average()
    first.add(stand(1.0))
    file = io.BytesIO()
    torch.save(first.saved(), file)
    file.seek(0)
    second = Average()
    second.restore(torch.load(file, weights_only=True), "cpu")
    first.add(stand(2.0))
    second.add(stand(2.0))
    assert second.steps == first.steps == 2
    assert all(torch.equal(second.sums[name], first.sums[name]) for name in first.sums)


def test_a_night_leaves_the_mean_of_its_last_pass_and_closing_steps(base, tmp_path, monkeypatch):
    after: list[tuple[bool, dict[str, torch.Tensor]]] = []
    plain = loop._step

    def noted(learner, optimizer, rows, rate, state):
        plain(learner, optimizer, rows, rate, state)
        late = state.closing or state.pass_number == THREE.passes - 1
        after.append((late, {name: value.detach().clone() for name, value in learner.parameters.items()}))

    monkeypatch.setattr(loop, "_step", noted)
    made = train(night(), base, tmp_path / "mean", THREE, seed=5)
    last = [adapter for late, adapter in after if late]
    assert 2 < len(last) < len(after)
    after.clear()
    other = train(night(), base, tmp_path / "last", THREE.model_copy(update={"average": False}), seed=5)
    assert other.losses == made.losses
    saved = load_file(made.adapter / "adapter_model.safetensors")
    for name, ended in load_file(other.adapter / "adapter_model.safetensors").items():
        key = next(long for long in last[0] if long.replace(".default", "") == name)
        torch.testing.assert_close(saved[name], sum(adapter[key] for adapter in last) / len(last))
        torch.testing.assert_close(ended, after[-1][1][key])
        assert not torch.equal(saved[name], ended)
