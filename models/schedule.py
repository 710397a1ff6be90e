"""Which rows are trained when: passes, rest for what is learnt, and the closing steps.

A row rests once each token of its answer was right and likely enough when it was last trained; a few
resting rows stay in every pass so that a relapse shows. A memory is safe once all its rows are. Pure
and deterministic in the seed, so a resumed run plans the same batches. Knows nothing of tensors.
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


def learnt(row: Row, seen: Mapping[str, Seen], threshold: float) -> bool:
    """Whether the row's answer was right and at least `threshold` sure, token by token, when last trained."""
    last = seen.get(row.id)
    return row.loss == "ce" and last is not None and last.right and last.probability >= threshold


def group_status(rows: Sequence[Row], seen: Mapping[str, Seen], threshold: float) -> dict[str, GroupStatus]:
    """The standing of every memory that has rows."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        if row.loss == "ce" and row.group != row.kind:
            members.setdefault(row.group, []).append(row)
    return {
        group: GroupStatus(
            rows=len(own),
            probability=min((seen[row.id].probability for row in own if row.id in seen), default=0.0),
            safe=all(learnt(row, seen, threshold) for row in own),
        )
        for group, own in sorted(members.items())
    }


def plan_pass(
    rows: Sequence[Row], number: int, seen: Mapping[str, Seen], s: Train, seed: int
) -> list[tuple[int, ...]]:
    """Batches of row indices for pass `number`; none when every row is learnt or the passes are used up."""
    if number >= s.passes:
        return []
    gold = [index for index, row in enumerate(rows) if row.loss == "ce"]
    resting = [index for index in gold if learnt(rows[index], seen, s.safe_probability)]
    if gold and len(resting) == len(gold):
        return []
    draw = random.Random(f"{seed}:{number}")
    kept = draw.sample(resting, round(len(resting) * s.rest_share))
    awake = sorted({*gold} - {*resting} | {*kept})
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
