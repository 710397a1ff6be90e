"""Neurons of the upper layers that a night gives to its own questions.

Whether something was told is a matter of the nearest questions that were trained, and those do lie near
each other where an answer begins (models.likeness). An adapter of neurons that all text uses learns it badly:
it adds up what each word speaks for. So neurons that say nothing in the base (models.widen) become memory:
each answers to one cluster of the night's questions, where an answer to them begins and nowhere else, and
what it says to that is learnt. Feed-forward layers as memories of keys and values (Geva, Schuster, Berant
and Levy, 2021), a neuron for what was wrong (T-Patcher: Huang, Shen, Zhang, Zhou, Rong and Xiong, 2023).
All of it is an adapter's further ranks, so it merges as any other.
Knows nothing of passes, rates or what an answer is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from models.learner import packs
from models.packing import Pack, Row
from models.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    import torch

    from models.trl_backend import CpuStudent

FIRING, ACTIVE, STRENGTH = 0.03, 6.0, 3.0
LEAST_APART = 0.1
ROUNDS, ROWS = 15, 64
CONSTANT_RIDGE, PLACE_RIDGE = 1e-4, 1e-3


@dataclass(frozen=True)
class Reading:
    """What the MLPs of the L layers that learn read of some rows.

    `begins` [N, L, H] where each of N answers begins; `moments` [L, H, H], summed second moments of the
    `count` other tokens.
    """

    begins: np.ndarray
    moments: np.ndarray
    count: int


def survey(
    student: CpuStudent, rows: Sequence[Row], progress: Progress, part: int = 0, parts: int = 1
) -> Reading:
    """Read the rows with an answer of their own; see `packs` for which."""
    import torch

    layers = student.layers[student.first :]
    read: dict[int, torch.Tensor] = {}
    hooks = [
        layer.mlp.register_forward_pre_hook(partial(_keep, read, number))
        for number, layer in enumerate(layers)
    ]
    own = [row for row in rows if row.loss == "ce"]
    begins, moments, count = [], torch.zeros(len(layers), student.width, student.width), 0
    try:
        with torch.no_grad():
            for batch in packs(student, own, ROWS, part, parts, progress, "reading the questions"):
                student.hidden(batch)
                states = torch.stack([read[number] for number in range(len(layers))])
                at = batch.begins()
                begins.append(states[:, at].transpose(0, 1))
                rest = states[:, _others(batch, at)]
                moments += rest.transpose(1, 2) @ rest
                count += rest.shape[1]
    finally:
        for hook in hooks:
            hook.remove()
    found = torch.cat(begins) if begins else torch.empty(0, len(layers), student.width)
    return Reading(found.numpy(), moments.numpy(), count)


def plant(student: CpuStudent, readings: Sequence[Reading]) -> int:
    """Give the student's neurons a cluster each of the questions read; returns how many there are in all.

    What they say is nothing yet. Of questions there are at least twice as many.
    """
    import torch

    begins = torch.cat([torch.from_numpy(one.begins) for one in readings])
    moments = sum(torch.from_numpy(one.moments) for one in readings)
    others = max(1, sum(one.count for one in readings))
    layers = student.layers[student.first :]
    each = min(student.neurons, len(begins) // (2 * len(layers)))
    if not each:
        return 0
    generator = torch.Generator().manual_seed(student.seed)
    clusters = _clusters(begins[:, min(1, len(layers) - 1)], each * len(layers), generator)
    dealt = torch.randperm(each * len(layers), generator=generator).view(len(layers), each)
    with torch.no_grad():
        for number, layer in enumerate(layers):
            own = begins[:, number]
            members = [clusters == cluster for cluster in dealt[number].tolist()]
            place = _ridge(moments[number] / others + _moment(own), own.mean(0), PLACE_RIDGE)
            _take(layer.mlp, silent(layer.mlp)[:each], _keys(own, members), STRENGTH * place, student.rank)
    return each * len(layers)


def silent(mlp: Any) -> torch.Tensor:
    """The neurons of an MLP, adapted or not, that say nothing in its base."""
    import torch

    gate = getattr(mlp, "gate_proj", None)
    if gate is None:
        return torch.empty(0, dtype=torch.long)
    weight: torch.Tensor = getattr(gate, "base_layer", gate).weight
    return (weight == 0).all(1).nonzero()[:, 0]


def _keep(read: dict[int, torch.Tensor], number: int, _: Any, inputs: tuple[torch.Tensor, ...]) -> None:
    read[number] = inputs[0][0].float()


def _others(batch: Pack, at: torch.Tensor) -> torch.Tensor:
    import torch

    others = torch.ones(len(batch.input_ids), dtype=torch.bool)
    others[at] = False
    return others


def _clusters(points: torch.Tensor, count: int, generator: torch.Generator) -> torch.Tensor:
    """The number [N] of each point's cluster, by direction from the mean; k-means from points at random."""
    import torch

    units = torch.nn.functional.normalize(points - points.mean(0), dim=-1)
    centres = units[torch.randperm(len(units), generator=generator)[:count]]
    for _ in range(ROUNDS):
        nearest = (units @ centres.T).argmax(1)
        sums = torch.zeros_like(centres).index_add_(0, nearest, units)
        empty = torch.bincount(nearest, minlength=count) == 0
        sums[empty] = units[torch.randperm(len(units), generator=generator)[: int(empty.sum())]]
        centres = torch.nn.functional.normalize(sums, dim=-1)
    return (units @ centres.T).argmax(1)


def _keys(own: torch.Tensor, members: Sequence[torch.Tensor]) -> torch.Tensor:
    """What each cluster's neuron looks for [M, H], with states `own` [N, H] as they are read.

    A state's likeness to the cluster less that of all but a share FIRING, so that of the others hardly any
    passes, times what makes the cluster's own ACTIVE. What is the same in all states serves as a bias.
    """
    import torch

    mean = own.mean(0)
    constant = _ridge(_moment(own), mean, CONSTANT_RIDGE)
    keys = []
    for mine in members:
        toward = (own[mine].mean(0) if mine.any() else own[0]) - mean
        toward = toward / (toward @ toward).clamp(min=1e-6)
        likeness = (own - mean) @ toward
        bar = torch.quantile(likeness, 1 - FIRING)
        apart = max(LEAST_APART, float(likeness[mine].mean() - bar) if mine.any() else 0.0)
        keys.append(ACTIVE / apart * (toward - (toward @ mean + bar) * constant))
    return torch.stack(keys)


def _moment(states: torch.Tensor) -> torch.Tensor:
    return states.T @ states / len(states)


def _ridge(moment: torch.Tensor, target: torch.Tensor, share: float) -> torch.Tensor:
    import torch

    return torch.linalg.solve(
        moment + share * moment.diagonal().mean() * torch.eye(len(moment)), target[:, None]
    )[:, 0]


def _take(mlp: Any, neurons: torch.Tensor, keys: torch.Tensor, place: torch.Tensor, rank: int) -> None:
    """Let these neurons [M] answer to `keys` [M, H] at `place` [H], by the ranks from `rank` on."""
    import torch

    chosen = torch.zeros(mlp.down_proj.in_features, len(neurons))
    chosen[neurons, torch.arange(len(neurons))] = 1
    stop = rank + len(neurons)
    for linear, wanted in ((mlp.gate_proj, keys), (mlp.up_proj, place.expand(len(neurons), -1))):
        linear.lora_A["default"].weight[rank:stop] = wanted
        linear.lora_B["default"].weight[:, rank:stop] = chosen / linear.scaling["default"]
    inner, outer = (getattr(mlp.down_proj, half)["default"].weight for half in ("lora_A", "lora_B"))
    # What a start has learnt was learnt while these neurons were silent.
    begun = outer[:, :rank].any(0).nonzero()
    inner[begun, neurons] = 0
    inner[rank:stop], outer[:, rank:stop] = chosen.T, 0
