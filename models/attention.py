"""Attention for packed rows: every row looks at its prefix and itself, and nothing else is computed.

A block mask over the whole pack would have the processor multiply mostly masked products. Here rows of
similar length form buckets; in each, queries are the rows' own tokens and keys the prefix followed by
them. Installed as an attention implementation of transformers, so any decoder that uses that interface
trains this way. CPU only; knows nothing of losses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from models.packing import Pack

if TYPE_CHECKING:
    import torch

NAME = "nocturne_packed"
STRETCH = 1.6


@dataclass(frozen=True)
class Bucket:
    """`count` rows of at most `length` tokens; `families` [count] names each row's prefix.

    `mask` [count, 1, groups * length, prefix + length] is added to the scores. The bucket of the prefixes
    themselves has no families.
    """

    count: int
    length: int
    families: torch.Tensor | None
    mask: torch.Tensor


@dataclass(frozen=True)
class Layout:
    """Where the tokens of a pack stand in its buckets; the first bucket holds the prefixes.

    `slots` [N] is the token in each place (0 in unused ones), `places` [T] the place of each token.
    """

    slots: torch.Tensor
    places: torch.Tensor
    buckets: tuple[Bucket, ...]


def layout(batch: Pack, groups: int, kind: torch.dtype) -> Layout:
    """The buckets of `batch`, built once and used by every layer.

    `groups` query heads share a key head; masks are repeated for them, in the number format `kind`.
    """
    import torch

    tokens: dict[int, list[int]] = {}
    for at, segment in enumerate(batch.segment.tolist()):
        tokens.setdefault(segment, []).append(at)
    families = batch.family.tolist()
    prefixes = [tokens.get(-1 - number, []) for number in range(max(families) + 1)]
    width = max(1, *(len(own) for own in prefixes))
    slots: list[int] = []
    places = [0] * len(families)
    buckets = []
    for rows in [prefixes, *_alike([own for segment, own in tokens.items() if segment >= 0])]:
        length = max(1, *(len(own) for own in rows))
        for own in rows:
            for at, token in enumerate(own):
                places[token] = len(slots) + at
            slots += own + [0] * (length - len(own))
        whose = None if rows is prefixes else [families[own[0]] for own in rows]
        before = None if whose is None else torch.tensor([len(prefixes[number]) for number in whose])
        mask = _mask(torch.tensor([len(own) for own in rows]), length, before, width)
        buckets.append(
            Bucket(
                len(rows),
                length,
                None if whose is None else torch.tensor(whose),
                mask.to(kind).repeat(1, 1, groups, 1),
            )
        )
    return Layout(torch.tensor(slots), torch.tensor(places), tuple(buckets))


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    packed: Layout,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attention output [1, T, heads, width] of a pack in the shape transformers expects."""
    import torch

    kind = value.dtype
    heads, groups = key.shape[1], query.shape[1] // key.shape[1]
    spread, collect, lend = _moves()
    parts = [
        spread.apply(x[0].transpose(0, 1).to(kind), packed.slots, packed.places) for x in (query, key, value)
    ]
    sizes = [bucket.count * bucket.length for bucket in packed.buckets]
    queries, keys, values = (part.split(sizes) for part in parts)
    shared: tuple[torch.Tensor, torch.Tensor] | None = None
    results = []
    for bucket, q, k, v in zip(packed.buckets, queries, keys, values, strict=True):
        k, v = (x.view(bucket.count, bucket.length, heads, -1).transpose(1, 2) for x in (k, v))
        if bucket.families is None:
            shared = k, v
        elif shared is not None:
            k, v = (
                torch.cat([lend.apply(own, bucket.families), x], dim=2)
                for own, x in zip(shared, (k, v), strict=True)
            )
        q = q.view(bucket.count, bucket.length, heads, groups, -1).permute(0, 2, 3, 1, 4)
        q = (q * scaling).reshape(bucket.count, heads, groups * bucket.length, -1)
        scores = (q @ k.transpose(-1, -2)) + bucket.mask
        out = scores.softmax(-1).to(kind) @ v
        out = out.view(bucket.count, heads, groups, bucket.length, -1).permute(0, 3, 1, 2, 4)
        results.append(out.reshape(bucket.count * bucket.length, heads * groups, -1))
    return collect.apply(torch.cat(results), packed.slots, packed.places)[None], None


def install() -> None:
    """Make `attend` known to transformers under NAME."""
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, attend)


@cache
def _moves() -> tuple[type[torch.autograd.Function], ...]:
    """Tokens to their places, and back, each the other's gradient; and a prefix to all its rows.

    torch's own gradient of `prefix[families]` lets threads add in any order, so that two runs differ.
    """
    import torch

    class Spread(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, slots, places):  # type: ignore[no-untyped-def]
            ctx.places = places
            return x.index_select(0, slots)

        @staticmethod
        def backward(ctx, gradient):  # type: ignore[no-untyped-def]
            return gradient.index_select(0, ctx.places), None, None

    class Collect(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, slots, places):  # type: ignore[no-untyped-def]
            ctx.slots, ctx.places = slots, places
            return x.index_select(0, places)

        @staticmethod
        def backward(ctx, gradient):  # type: ignore[no-untyped-def]
            spread = torch.zeros((len(ctx.slots), *gradient.shape[1:]), dtype=gradient.dtype)
            return spread.index_copy_(0, ctx.places, gradient), None, None

    class Lend(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, families):  # type: ignore[no-untyped-def]
            ctx.families, ctx.count = families, len(x)
            return x.index_select(0, families)

        @staticmethod
        def backward(ctx, gradient):  # type: ignore[no-untyped-def]
            whole = torch.zeros((ctx.count, *gradient.shape[1:]))
            return whole.index_add_(0, ctx.families, gradient.float()).to(gradient.dtype), None

    return Spread, Collect, Lend


def _alike(rows: Sequence[list[int]]) -> list[list[list[int]]]:
    """Rows in groups whose longest is at most STRETCH times as long as their shortest."""
    groups: list[list[list[int]]] = []
    for row in sorted(rows, key=len):
        if groups and len(row) <= STRETCH * len(groups[-1][0]):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _mask(lengths: torch.Tensor, length: int, before: torch.Tensor | None, width: int) -> torch.Tensor:
    """Zero where a query may look and minus infinity elsewhere; unused queries may look everywhere."""
    import torch

    order = torch.arange(length)
    seen = (order[:, None] >= order[None, :])[None].expand(len(lengths), length, length)
    if before is not None:
        prefix = (torch.arange(width)[None, :] < before[:, None])[:, None, :].expand(-1, length, width)
        seen = torch.cat([prefix, seen], dim=2)
    seen = seen | (order[None, :] >= lengths[:, None])[:, :, None]
    return torch.zeros(seen.shape).masked_fill_(~seen, float("-inf"))[:, None]
