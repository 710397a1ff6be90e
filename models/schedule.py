"""Which rows are trained when: passes, rest for what is learnt, and the closing steps.

A unit is a memory with all its rows, or a single row where rows do not belong together. A unit is safe
once every one of its rows was predicted with each token right and likely enough; safe units rest, with
a few of their rows kept so that a relapse shows. Pure and deterministic in the seed, so a resumed run
plans the same batches. Knows nothing of tensors.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from data.settings import Train
from models.packing import Row


@dataclass(frozen=True, slots=True)
class Seen:
    """How a row's answer looked when last trained: its least sure token, and whether all were right."""

    probability: float
    right: bool


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """Where a memory stands after training: its rows, its least sure token, and whether it may rest."""

    rows: int
    probability: float
    safe: bool


def unit(row: Row) -> str:
    """What a row is judged with: its memory, or itself when its group is only the name of a share."""
    return row.id if row.group == row.kind else row.group


def safe_units(rows: Sequence[Row], seen: Mapping[str, Seen], threshold: float) -> set[str]:
    """Units whose every cross-entropy row was right and at least `threshold` sure when last trained."""
    learnt = {unit(row) for row in rows if row.loss == "ce"}
    for row in rows:
        last = seen.get(row.id)
        if row.loss == "ce" and (last is None or not last.right or last.probability < threshold):
            learnt.discard(unit(row))
    return learnt


def group_status(rows: Sequence[Row], seen: Mapping[str, Seen], threshold: float) -> dict[str, GroupStatus]:
    """The standing of every memory that has rows."""
    safe = safe_units(rows, seen, threshold)
    members: dict[str, list[Row]] = {}
    for row in rows:
        if row.loss == "ce" and row.group != row.kind:
            members.setdefault(row.group, []).append(row)
    return {
        group: GroupStatus(
            rows=len(own),
            probability=min((seen[row.id].probability for row in own if row.id in seen), default=0.0),
            safe=group in safe,
        )
        for group, own in sorted(members.items())
    }


def plan_pass(
    rows: Sequence[Row], number: int, seen: Mapping[str, Seen], s: Train, seed: int
) -> list[tuple[int, ...]]:
    """Batches of row indices for pass `number`; none when every unit is safe or the passes are used up."""
    if number >= s.passes:
        return []
    safe = safe_units(rows, seen, s.safe_probability)
    gold = [index for index, row in enumerate(rows) if row.loss == "ce"]
    awake = [index for index in gold if unit(rows[index]) not in safe]
    if gold and not awake:
        return []
    draw = random.Random(f"{seed}:{number}")
    resting = [index for index in gold if unit(rows[index]) in safe]
    awake += draw.sample(resting, round(len(resting) * s.rest_share))
    follow = [index for index, row in enumerate(rows) if row.loss == "kl"]
    share = len(awake) / len(gold) if gold else 1.0
    awake += draw.sample(follow, min(len(follow), round(len(follow) * share)))
    return _deal(rows, awake, s.batch_rows, draw)


def plan_closing(rows: Sequence[Row], steps: int, s: Train, seed: int) -> list[tuple[int, ...]]:
    """Last batches after `steps` steps, in the mixture's own proportions while the rate falls to nothing.

    Ending on abstention and grounding alone turned every told fact into "You haven't told me" in a
    measured run, so told facts keep their share.
    """
    count = round(steps * s.closing_share / (1.0 - s.closing_share)) * s.batch_rows
    draw = random.Random(f"{seed}:closing")
    kinds: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        kinds.setdefault(row.kind, []).append(index)
    share = min(1.0, count / len(rows))
    pool = [
        index for _, own in sorted(kinds.items()) for index in draw.sample(own, math.ceil(len(own) * share))
    ]
    return _deal(rows, pool, s.batch_rows, draw) if count else []


def _deal(
    rows: Sequence[Row], chosen: Sequence[int], size: int, draw: random.Random
) -> list[tuple[int, ...]]:
    """Batches of about `size` rows in which every kind is spread evenly over the pass."""
    kinds: dict[str, list[int]] = {}
    for index in sorted(chosen):
        kinds.setdefault(rows[index].kind, []).append(index)
    placed = []
    for kind in sorted(kinds):
        members = kinds[kind]
        draw.shuffle(members)
        offset = draw.random()
        placed += [((place + offset) / len(members), index) for place, index in enumerate(members)]
    order = [index for _, index in sorted(placed)]
    batches = max(1, round(len(order) / size))
    cuts = [len(order) * number // batches for number in range(batches + 1)]
    return [tuple(order[low:high]) for low, high in pairwise(cuts) if high > low]
