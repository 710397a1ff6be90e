"""Which rows are trained when: passes, rest for what is learnt, and the closing steps.

The first pass trains a share of every memory's rows. Before each later one all rows are asked, also those
never trained, and the pass takes what is answered worst, the closing steps what is still wrong: things
told and things never told balance by what the model gets wrong. A row rests once each token of its answer
is right and likely enough; a few resting rows stay in every pass so that a relapse shows. A memory is safe
once all its rows are. Pure and deterministic in the seed, so a resumed run plans the same batches. Knows
nothing of tensors.
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
    """How a row's answer looked when last seen: its least sure token, and whether all were right.

    `begun`: whether at least its first words were right, which is all a denial needs.
    """

    probability: float
    right: bool
    begun: bool = False


@dataclass(frozen=True, slots=True)
class GroupStatus:
    """Where a memory stands after training: its rows, its least sure token, and whether it may rest."""

    rows: int
    probability: float
    safe: bool


_UNSEEN = Seen(0.0, False)


def learnt(row: Row, seen: Mapping[str, Seen], threshold: float) -> bool:
    """Whether the row's answer was right and at least `threshold` sure, token by token, when last seen."""
    last = seen.get(row.id)
    return row.loss == "ce" and last is not None and last.right and last.probability >= threshold


def group_status(rows: Sequence[Row], seen: Mapping[str, Seen], threshold: float) -> dict[str, GroupStatus]:
    """The standing of every memory that has rows."""
    members: dict[str, list[Row]] = {}
    for row in rows:
        if row.loss == "ce" and _of_memory(row):
            members.setdefault(row.group, []).append(row)
    return {
        group: GroupStatus(
            rows=len(own),
            probability=min((seen[row.id].probability for row in own if row.id in seen), default=0.0),
            safe=all(learnt(row, seen, threshold) for row in own),
        )
        for group, own in sorted(members.items())
    }


def _of_memory(row: Row) -> bool:
    """Whether a row is about something told; the others are grouped by their kind."""
    return row.group != row.kind


def plan_pass(
    rows: Sequence[Row], number: int, seen: Mapping[str, Seen], s: Train, seed: int
) -> list[tuple[int, ...]]:
    """Batches of row indices for pass `number`; none when every row is learnt or the passes are used up."""
    if number >= s.passes:
        return []
    gold = [index for index, row in enumerate(rows) if row.loss == "ce"]
    opening = _opening(rows, gold, s.first_share, seed)
    draw = random.Random(f"{seed}:{number}")
    chosen = opening if number == 0 else _worst(rows, gold, len(opening), seen, s, draw)
    follow = [index for index, row in enumerate(rows) if row.loss == "kl"]
    share = len(chosen) / len(opening) if gold else 1.0
    if gold and not chosen:
        return []
    chosen += draw.sample(follow, min(len(follow), round(len(follow) * share)))
    return _deal(rows, chosen, s.batch_rows, draw)


def _opening(rows: Sequence[Row], gold: Sequence[int], share: float, seed: int) -> list[int]:
    """The rows of the first pass: `share` of every memory's rows of each kind, at least one."""
    draw = random.Random(f"{seed}:opening")
    alike: dict[tuple[str, str], list[int]] = {}
    for index in gold:
        alike.setdefault((rows[index].group, rows[index].kind), []).append(index)
    return sorted(
        index for _, own in sorted(alike.items()) for index in draw.sample(own, math.ceil(len(own) * share))
    )


def _worst(
    rows: Sequence[Row],
    gold: Sequence[int],
    count: int,
    seen: Mapping[str, Seen],
    s: Train,
    draw: random.Random,
) -> list[int]:
    """At most `count` rows: the least sure of what is not learnt and a few resting ones; none if all rest."""
    resting = [index for index in gold if learnt(rows[index], seen, s.safe_probability)]
    if len(resting) == len(gold):
        return []
    kept = draw.sample(resting, round(min(len(resting), count) * s.rest_share))
    unsure = {index: seen.get(rows[index].id, _UNSEEN) for index in {*gold} - {*resting}}
    worst = sorted(unsure, key=lambda index: (unsure[index].right, unsure[index].probability, index))
    return sorted([*worst[: max(1, count - len(kept))], *kept])


def plan_closing(
    rows: Sequence[Row], steps: int, seen: Mapping[str, Seen], s: Train, seed: int
) -> list[tuple[int, ...]]:
    """Last batches after `steps` steps, at a falling rate: what is still wrong, and some of everything.

    The wrong ones take half at most, about as many of told things as of others: these steps decide where the
    line between answering and denying lies, so neither side may outweigh the other. Of the others those that
    are not even denied come first, a denial in other words matters less. The rest keeps the
    mixture's own proportions: ending on abstention and grounding alone turned every told fact into "You
    haven't told me" in a measured run.
    """
    count = round(steps * s.closing_share / (1.0 - s.closing_share)) * s.batch_rows
    if not count:
        return []
    draw = random.Random(f"{seed}:closing")
    wrong = [
        index for index, row in enumerate(rows) if row.loss == "ce" and not seen.get(row.id, _UNSEEN).right
    ]
    told = [index for index in wrong if _of_memory(rows[index])]
    other = [index for index in wrong if not _of_memory(rows[index])]
    even = min(max(min(len(told), len(other)), count // 16), count // 4)
    answered = [index for index in other if not seen.get(rows[index].id, _UNSEEN).begun]
    reworded = [index for index in other if seen.get(rows[index].id, _UNSEEN).begun]
    other = [*_some(answered, even, draw), *_some(reworded, even, draw)][:even]
    wrong = sorted([*_some(told, even, draw), *other])
    kinds: dict[str, list[int]] = {}
    for index in {*range(len(rows))} - {*wrong}:
        kinds.setdefault(rows[index].kind, []).append(index)
    share = min(1.0, (count - len(wrong)) / len(rows))
    pool = [
        index
        for _, own in sorted(kinds.items())
        for index in draw.sample(sorted(own), math.ceil(len(own) * share))
    ]
    return _deal(rows, [*wrong, *pool], s.batch_rows, draw)


def _some(rows: Sequence[int], most: int, draw: random.Random) -> list[int]:
    return draw.sample(rows, min(len(rows), most))


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
