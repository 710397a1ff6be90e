"""The mean of an adapter over its last steps, which is served in place of wherever the last step left it.

The last steps of a night swing between answering and denying; their mean does neither (docs/experiments.md).
Averaging weights along one run: Izmailov et al., "Averaging Weights Leads to Wider Optima", 2018.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@dataclass
class Average:
    """Sum of every matrix of an adapter after each of `steps` steps; a checkpoint keeps it."""

    steps: int = 0
    sums: dict[str, torch.Tensor] = field(default_factory=dict)

    def empty(self) -> None:
        """Begin anew: what was added belongs to an earlier pass."""
        self.steps = 0
        self.sums.clear()

    def add(self, parameters: Mapping[str, torch.nn.Parameter]) -> None:
        """Count the adapter as it stands after a step."""
        self.steps += 1
        for name, value in parameters.items():
            if name in self.sums:
                self.sums[name].add_(value.data)
            else:
                self.sums[name] = value.data.clone()

    def put_into(self, parameters: Mapping[str, torch.nn.Parameter]) -> None:
        """Leave the mean in the adapter; without a step the adapter stays as it is."""
        for name, total in self.sums.items():
            parameters[name].data.copy_(total / self.steps)

    def saved(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {"steps": self.steps, "sums": {name: total.cpu() for name, total in self.sums.items()}}

    def restore(self, saved: Mapping[str, Any], device: Any) -> None:
        """Take up a checkpoint's sum."""
        self.steps = saved["steps"]
        self.sums = {name: total.to(device) for name, total in saved["sums"].items()}
