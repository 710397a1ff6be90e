"""Adapted layers are held to what they say of general text: the gradient is right, and it holds."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from models.packing import encode
from models.trainer import train
from models.trl_backend import CpuStudent
from tests.models.test_trainer import FAST, night
from tests.models.tiny import TinyBase, make_tiny_base


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> TinyBase:
    return make_tiny_base(tmp_path_factory.mktemp("base"))


def read(base: Path, weight: float = 1.0, part: tuple[int, int] = (0, 1)) -> CpuStudent:
    """A student, or one of several, whose base view of the general rows was read."""
    from transformers import AutoTokenizer

    rows = encode(night(), AutoTokenizer.from_pretrained(base))
    student = CpuStudent(base, FAST.model_copy(update={"nullspace_weight": weight}), 1, half=False)
    student.hold_part(*part)
    student.prepare(rows, lambda share, line: None)
    student.base_hidden(student.pack([row for row in rows if row.loss == "kl"]))
    return student


def test_the_gradient_is_that_of_the_mean_shift_of_the_layers(base: TinyBase) -> None:
    student = read(base.hf)
    layers = student.nullspace.layers
    shift = torch.tensor(0.0)
    for number, layer in enumerate(layers):
        down, up = layer.lora_A["default"].weight, layer.lora_B["default"].weight
        with torch.no_grad():
            up.copy_(torch.randn(up.shape) * 0.1)
        moments = student.nullspace.moments[number].to(torch.bfloat16).float()
        weight = layer.base_layer.weight.detach()
        change = layer.scaling["default"] * up @ down
        whole = (weight @ student.nullspace.moments[number] * weight).sum()
        shift = shift + (change @ moments * change).sum() / whole / len(layers)
    (shift * 3.0).backward()
    wanted = {name: value.grad for name, value in student.parameters.items()}
    for value in student.parameters.values():
        value.grad = torch.zeros_like(value)
    assert student.nullspace.pull(3.0) == pytest.approx(shift.item(), rel=2e-2)
    for name, value in student.parameters.items():
        assert value.grad is not None
        assert torch.allclose(
            value.grad, wanted[name], rtol=5e-2, atol=2e-2 * float(wanted[name].abs().max())
        )


def test_two_that_share_the_layers_hold_each_once(base: TinyBase) -> None:
    shifts = []
    for parts in ([(0, 1)], [(0, 2), (1, 2)]):
        shift = 0.0
        for part in parts:
            student = read(base.hf, part=part)
            for value in student.parameters.values():
                with torch.no_grad():
                    value.copy_(torch.randn(value.shape, generator=torch.Generator().manual_seed(1)))
                value.grad = torch.zeros_like(value)
            shift += student.nullspace.pull(1.0)
        shifts.append(shift)
    assert shifts[0] == pytest.approx(shifts[1], rel=1e-4)


def test_what_gate_and_up_both_read_is_gathered_once(base: TinyBase) -> None:
    nullspace = read(base.hf).nullspace
    for number in range(0, len(nullspace.layers), 3):
        gate, up, down = (nullspace.moments[number + place] for place in range(3))
        assert up is gate and down is not gate


def test_a_held_run_moves_general_text_less(base: TinyBase, tmp_path: Path) -> None:
    moved = {}
    for weight in (0.0, 3000.0):
        recipe = FAST.model_copy(update={"nullspace_weight": weight, "passes": 12})
        made = train(night(), base, tmp_path / str(weight), recipe, seed=5)
        student = read(base.hf)
        saved = load_file(made.adapter / "adapter_model.safetensors")
        with torch.no_grad():
            for name, value in student.parameters.items():
                value.copy_(saved[name.replace(".default", "")])
                value.grad = torch.zeros_like(value)
        moved[weight] = student.nullspace.pull(1e-9)
    assert moved[3000.0] < 0.5 * moved[0.0]


def test_without_general_text_nothing_is_held(base: TinyBase) -> None:
    student = read(base.hf, weight=0.0)
    assert student.nullspace.moments == {} and student.nullspace.pull(1.0) == 0.0
