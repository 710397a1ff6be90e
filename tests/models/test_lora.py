"""The fused adapted layer computes what PEFT computes, forward and backward."""

from __future__ import annotations

import copy

import pytest
import torch
from peft import LoraConfig, get_peft_model

from models.lora import fold, fuse


@pytest.mark.parametrize("bias", [True, False])
def test_fused_layers_equal_peft_in_value_and_gradient(bias):
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Linear(12, 20, bias=bias), torch.nn.SiLU(), torch.nn.Linear(20, 8, bias=bias)
    )
    plain = get_peft_model(
        net, LoraConfig(r=4, lora_alpha=12, target_modules=["0", "2"], init_lora_weights=False)
    )
    fused = copy.deepcopy(plain)
    assert fuse(fused) == 2
    x = torch.randn(3, 5, 12)
    inputs = [x.clone().requires_grad_(), x.clone().requires_grad_()]
    outputs = [model(given) for model, given in zip((plain, fused), inputs, strict=True)]
    assert torch.allclose(outputs[0], outputs[1], atol=1e-5)
    for output in outputs:
        output.square().sum().backward()
    assert torch.allclose(inputs[0].grad, inputs[1].grad, atol=1e-4)
    theirs, ours = (dict(model.named_parameters()) for model in (plain, fused))
    adapted = [name for name in theirs if "lora_" in name]
    assert len(adapted) == 4
    for name in adapted:
        assert torch.allclose(theirs[name].grad, ours[name].grad, atol=1e-4)


def test_a_fused_model_without_its_adapter_is_the_base():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(6, 6))
    base = copy.deepcopy(net)
    model = get_peft_model(net, LoraConfig(r=2, target_modules=["0"], init_lora_weights=False))
    fuse(model)
    x = torch.randn(4, 6)
    assert not torch.allclose(model(x), base(x))
    with model.disable_adapter():
        assert torch.equal(model(x), base(x))


def test_folded_ranks_say_the_same_and_only_a_neurons_column_is_learnt():
    torch.manual_seed(0)
    plain = get_peft_model(
        torch.nn.Sequential(torch.nn.Linear(6, 9), torch.nn.Linear(9, 6)),
        LoraConfig(r=5, lora_alpha=10, target_modules=["0", "1"], init_lora_weights=False),
    )
    with torch.no_grad():
        plain.base_model.model[1].lora_A["default"].weight[3:] = torch.eye(9)[[7, 2]]
    folded = copy.deepcopy(plain)
    fuse(plain)
    fuse(folded)
    for layer in folded.base_model.model:
        fold(layer, 3)
    x = torch.randn(4, 6)
    for model in (plain, folded):
        model(x).square().sum().backward()
    assert torch.allclose(plain(x), folded(x), atol=1e-5)
    theirs, ours = (dict(model.named_parameters()) for model in (plain, folded))
    for name in ("0.lora_A", "0.lora_B", "1.lora_A", "1.lora_B"):
        want, got = (each[f"base_model.model.{name}.default.weight"].grad for each in (theirs, ours))
        if "lora_A" in name:
            want, got = want.T, got.T
        assert torch.allclose(want[:, :3], got[:, :3], atol=1e-4)
        speaks = name == "1.lora_B"
        assert torch.allclose(got[:, 3:], want[:, 3:] if speaks else torch.zeros_like(got[:, 3:]), atol=1e-4)
    with torch.no_grad():
        for model in (plain, folded):
            model.base_model.model[1].lora_B["default"].weight.mul_(0.5)
    assert torch.allclose(plain(x), folded(x), atol=1e-5)
