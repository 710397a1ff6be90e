"""Bringing together what a base makes of questions that ask for the same, whatever their words.

What a night teaches hangs on the states behind a question's last token. In a plain base the states of two
ways to ask for one thing are often further apart than those of two things asked for in one way, so a fact
learnt in some words is not known in others. Contrastive learning as of sentences (InfoNCE: van den Oord, Li
and Vinyals, 2018; SimCSE: Gao, Yao and Chen, 2021), on what several layers' MLP and their adapters read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from models.packing import Pack, Row
from models.trl_backend import CpuStudent

if TYPE_CHECKING:
    import torch

TEMPERATURE = 0.1
FAR = -1e4


class Keys:
    """What the MLP of some layers reads behind the last token of each question, in the last pack."""

    def __init__(self, student: CpuStudent, layers: Sequence[int]) -> None:
        self.student, self.layers = student, layers
        self._read: dict[int, torch.Tensor] = {}
        for number in layers:
            student.layers[number].mlp.register_forward_pre_hook(self._reader(number))

    def _reader(self, number: int) -> Any:
        def read(_: Any, inputs: tuple[torch.Tensor, ...]) -> None:
            self._read[number] = inputs[0][0]

        return read

    def of(self, batch: Pack) -> list[torch.Tensor]:
        """States [N, H] of the pack's N rows in order, one tensor a layer, ready for backward."""
        self.student.hidden(batch)
        at = batch.begins()
        return [self._read[number][at].float() for number in self.layers]


def bring_together(
    keys: Keys, rows: Sequence[Row], alike: Mapping[str, AbstractSet[str]], weight: float
) -> tuple[float, float]:
    """Add the gradient of `weight` times the loss of `rows`; returns the loss and the share brought home.

    Rows of one group ask for the same. `alike` names the other groups that share a question with a group and
    are therefore neither brought near it nor pushed away. A row is home when the nearest other one is of its
    group.
    """
    import torch

    batch = keys.student.pack(rows)
    groups = [row.group for row in batch.rows]
    same = torch.tensor([[a == b for b in groups] for a in groups])
    between = torch.tensor([[a != b and b in alike.get(a, ()) for b in groups] for a in groups])
    itself = torch.eye(len(groups), dtype=torch.bool)
    states = keys.of(batch)
    losses = [_contrast(state, same & ~itself, between | itself) for state in states]
    total = sum(loss for loss, _ in losses) / len(losses)
    (weight * total).backward()
    return float(total.detach()), sum(home for _, home in losses) / len(losses)


def _contrast(state: torch.Tensor, same: torch.Tensor, aside: torch.Tensor) -> tuple[torch.Tensor, float]:
    """InfoNCE of states [N, H] around their mean, and the share of rows whose nearest is of their group."""
    import torch

    units = torch.nn.functional.normalize(state - state.mean(0).detach(), dim=-1)
    near = (units @ units.T / TEMPERATURE).masked_fill(aside, FAR)
    home = same.gather(1, near.argmax(-1, keepdim=True)).float().mean()
    return -(near.log_softmax(-1) * same).sum() / same.sum(), float(home)
