"""Holding every adapted layer to what it says of general text, beside the divergence of whole answers.

The second moments of a layer's inputs on general prompts tell which directions general text lives in; an
adapter that stays out of those changes what is said of the person and little else. The null-space
projection of AlphaEdit (Fang et al., 2025) as a penalty. Knows nothing of rows, schedules or the loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@dataclass
class Nullspace:
    """How far `layers`, PEFT's adapted linear layers, move their output on general text, as a share of it.

    Of each adapter the first `rank` ranks count: neurons planted behind them (models.neurons) are silent
    there. The share is a mean over `count` layers, of which these may be some.
    """

    layers: Sequence[Any]
    rank: int
    count: int
    moments: dict[int, torch.Tensor] = field(default_factory=dict)
    scales: list[float] = field(default_factory=list)
    _read: tuple[torch.Tensor, int] | None = field(default=None, init=False)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Add up what passes through the layers while their adapters are off."""
        hooks = [
            layer.base_layer.register_forward_pre_hook(self._adder(number))
            for number, layer in enumerate(self.layers)
        ]
        self.scales = []
        try:
            yield
        finally:
            self._read = None
            for hook in hooks:
                hook.remove()

    def _adder(self, number: int) -> Any:
        import torch

        def add(_: Any, inputs: tuple[torch.Tensor, ...]) -> None:
            if self._read and inputs[0] is self._read[0]:  # gate and up read the same
                self.moments[number] = self.moments[self._read[1]]
                return
            self._read = inputs[0], number
            seen = inputs[0].detach().reshape(-1, inputs[0].shape[-1]).to(torch.bfloat16)
            moment = (seen.T @ seen).float()
            self.moments[number] = self.moments[number] + moment if number in self.moments else moment

        return add

    def _settle(self) -> None:
        """Divide by the energy of each layer's own output; half the bits are enough from here on."""
        import torch

        for number, layer in enumerate(self.layers):
            weight = layer.base_layer.weight.float()
            moment = self.moments[number].float()
            self.scales.append(float(((weight @ moment) * weight).sum()) * self.count)
            self.moments[number] = moment.to(torch.bfloat16)

    def pull(self, weight: float) -> float:
        """Add the gradient of `weight` times the mean shift to the adapters; returns that shift.

        With A [r, in], B [out, r], scaling s and moments C the shift of a layer W is
        s^2 tr(B A C A' B') / tr(W C W'). Nothing happens before any general text was seen.
        """
        import torch

        if not self.moments or not weight:
            return 0.0
        total = 0.0
        with torch.no_grad():
            if not self.scales:
                self._settle()
            for number, (layer, scale) in enumerate(zip(self.layers, self.scales, strict=True)):
                (name,) = layer.active_adapters
                down, up = layer.lora_A[name].weight, layer.lora_B[name].weight
                pulls = down.grad[: self.rank], up.grad[:, : self.rank]
                down, up = down[: self.rank], up[:, : self.rank]
                factor = layer.scaling[name] ** 2 / scale
                moved = (down.to(torch.bfloat16) @ self.moments[number]).float()
                inner, outer = moved @ down.T, up.T @ up
                total += factor * float((inner * outer).sum())
                pulls[0].add_(outer @ moved, alpha=2 * weight * factor)
                pulls[1].add_(up @ inner, alpha=2 * weight * factor)
        return total
