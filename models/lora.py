"""One adapted matrix as one step of autograd: the frozen product and both adapter products together.

PEFT casts the input to the adapter's number format and back for every matrix; on the CPU those copies
cost as much as the adapter itself. Here all products run in the format of the frozen weight, while the
adapter's own numbers and their gradients stay in fp32. Ranks that stand for neurons (models.neurons) are
worked out as places of the weight, which has room for them, instead of as ranks.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Folded:
    """The ranks from `rank` on as part of a layer's `weight` [out, in].

    Of these only what the neurons in the M `columns` say is learnt, by the ranks `rank` to `rank` + M.
    """

    rank: int
    weight: torch.Tensor
    columns: torch.Tensor


def fuse(model: Any) -> int:
    """Give every adapted linear layer of a PEFT model the fused forward; returns how many there were."""
    layers = adapted(model)
    for layer in layers:
        layer.folded = None
        layer.forward = _forward(layer)
    return len(layers)


def fold(layer: Any, rank: int) -> None:
    """Take the ranks from `rank` on into a fused layer's weight, as they are now.

    A rank that reads one input alone is a neuron's, whose column goes on learning; the others stay so.
    """
    import torch

    (name,) = layer.active_adapters
    down, up = layer.lora_A[name].weight.detach()[rank:], layer.lora_B[name].weight.detach()[:, rank:]
    weight, columns = layer.base_layer.weight.detach(), down.argmax(1)[(down != 0).sum(1) == 1]
    if len(columns):
        weight = weight.clone()
    elif up.any():
        weight = torch.addmm(weight.float(), up, down, alpha=layer.scaling[name]).to(weight.dtype)
    layer.folded = Folded(rank, weight, columns)


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
        if layer.folded is None:
            return _function().apply(x, base.weight, base.bias, down, up, scaling, len(down), None)
        rank, weight, columns = layer.folded.rank, layer.folded.weight, layer.folded.columns
        if len(columns):
            said = up.detach()[:, rank : rank + len(columns)] * scaling
            weight[:, columns] = (base.weight.detach()[:, columns] + said).to(weight.dtype)
        return _function().apply(x, weight, base.bias, down, up, scaling, rank, columns)

    return forward


@cache
def _function() -> type[torch.autograd.Function]:
    import torch

    class AdaptedLinear(torch.autograd.Function):
        """y = x W' + s (x A') B', with x [..., in], W [out, in], A [r, in], B [out, r].

        Of A and B the first `rank` ranks count; those behind them are columns of W already.
        """

        @staticmethod
        def forward(ctx, x, weight, bias, down, up, scaling, rank, columns):  # type: ignore[no-untyped-def]
            kind = weight.dtype
            flat = x.reshape(-1, x.shape[-1]).to(kind)
            low_down, low_up = down[:rank].to(kind), up[:, :rank].to(kind) * scaling
            inner = flat @ low_down.T
            y = flat @ weight.T if bias is None else torch.addmm(bias, flat, weight.T)
            y.addmm_(inner, low_up.T)
            ctx.save_for_backward(flat, weight, low_down, low_up, inner)
            ctx.scaling, ctx.shape, ctx.kind = scaling, x.shape, x.dtype
            ctx.ranks, ctx.columns = len(down), columns
            return y.view(*x.shape[:-1], -1)

        @staticmethod
        def backward(ctx, gradient):  # type: ignore[no-untyped-def]
            flat, weight, down, up, inner = ctx.saved_tensors
            gradient = gradient.reshape(-1, gradient.shape[-1]).to(weight.dtype)
            inward = gradient @ up
            by_up = (gradient.T @ inner).float() * ctx.scaling
            by_down = (inward.T @ flat).float()
            if ctx.columns is not None:
                said = (gradient.T @ flat[:, ctx.columns]).float() * ctx.scaling
                rest = ctx.ranks - by_up.shape[1] - said.shape[1]
                by_up = torch.cat([by_up, said, by_up.new_zeros(len(by_up), rest)], dim=1)
                by_down = torch.cat([by_down, by_down.new_zeros(ctx.ranks - len(by_down), by_down.shape[1])])
            by_x = None
            if ctx.needs_input_grad[0]:
                by_x = (gradient @ weight).addmm_(inward, down).to(ctx.kind).view(ctx.shape)
            return by_x, None, None, by_down, by_up, None, None, None

    return AdaptedLinear
