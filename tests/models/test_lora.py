"""The fused adapted layer computes what PEFT computes, forward and backward."""

from __future__ import annotations

import copy

import pytest
import torch
from peft import LoraConfig, get_peft_model

from models.lora import fuse


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
