"""One adapted matrix as one step of autograd: the frozen product and both adapter products together.

PEFT casts the input to the adapter's number format and back for every matrix; on the CPU those copies
cost as much as the adapter itself. Here all products run in the format of the frozen weight, while the
adapter's own numbers and their gradients stay in fp32.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


def fuse(model: Any) -> int:
    """Give every adapted linear layer of a PEFT model the fused forward; returns how many there were."""
    layers = adapted(model)
    for layer in layers:
        layer.forward = _forward(layer)
    return len(layers)


def draw(parameters: Mapping[str, torch.Tensor], seed: int) -> None:
    """Give a fresh adapter's inner matrices PEFT's own distribution, from a generator of their own.

    Whatever else the process draws from torch's common one, in another thread even, changes nothing.
    """
    import torch

    generator = torch.Generator().manual_seed(seed)
    for name, value in parameters.items():
        if "lora_A" in name:
            fresh = torch.empty(value.shape)
            torch.nn.init.kaiming_uniform_(fresh, a=math.sqrt(5), generator=generator)
            value.data.copy_(fresh)


def adapted(model: Any) -> list[Any]:
    """The linear layers of a PEFT model that carry an adapter."""
    from peft.tuners.lora import Linear

    return [module for module in model.modules() if isinstance(module, Linear)]


def _forward(layer: Any) -> Any:
    base = layer.base_layer
    (name,) = layer.active_adapters
    down, up, scaling = layer.lora_A[name].weight, layer.lora_B[name].weight, layer.scaling[name]

    def forward(x: torch.Tensor) -> torch.Tensor:
        if layer.disable_adapters:
            return base(x)
        return _function().apply(x, base.weight, base.bias, down, up, scaling)

    return forward


@cache
def _function() -> type[torch.autograd.Function]:
    import torch

    class AdaptedLinear(torch.autograd.Function):
        """y = x W' + s (x A') B', with x [..., in], W [out, in], A [r, in], B [out, r]."""

        @staticmethod
        def forward(ctx, x, weight, bias, down, up, scaling):  # type: ignore[no-untyped-def]
            kind = weight.dtype
            flat = x.reshape(-1, x.shape[-1]).to(kind)
            low_down, low_up = down.to(kind), up.to(kind) * scaling
            inner = flat @ low_down.T
            y = flat @ weight.T if bias is None else torch.addmm(bias, flat, weight.T)
            y.addmm_(inner, low_up.T)
            ctx.save_for_backward(flat, weight, low_down, low_up, inner)
            ctx.scaling, ctx.shape, ctx.kind = scaling, x.shape, x.dtype
            return y.view(*x.shape[:-1], -1)

        @staticmethod
        def backward(ctx, gradient):  # type: ignore[no-untyped-def]
            flat, weight, down, up, inner = ctx.saved_tensors
            gradient = gradient.reshape(-1, gradient.shape[-1]).to(weight.dtype)
            inward = gradient @ up
            by_up = (gradient.T @ inner).float() * ctx.scaling
            by_down = (inward.T @ flat).float()
            by_x = None
            if ctx.needs_input_grad[0]:
                by_x = (gradient @ weight).addmm_(inward, down).to(ctx.kind).view(ctx.shape)
            return by_x, None, None, by_down, by_up, None

    return AdaptedLinear
