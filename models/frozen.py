"""What the layers below the adapter make of every row: they never change, so their work is done once.

The states lie in one flat memory, which several processes can map and fill together.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from models.packing import Pack, Row

if TYPE_CHECKING:
    import torch


class Frozen:
    """States [T, width] of all rows' own tokens and of their prefixes, each prefix once."""

    def __init__(self, rows: Sequence[Row], width: int, memory: torch.Tensor | None = None) -> None:
        """Places for `rows` in `memory`, of `numbers(rows, width)` float32, or in memory of its own."""
        import torch

        self.rows, self.prefixes, tokens = _places(rows)
        self.bringers = {row.prefix: row.id for row in reversed(rows)}
        own = memory if memory is not None else torch.empty(tokens * width)
        self.states = own.view(tokens, width)

    @staticmethod
    def numbers(rows: Sequence[Row], width: int) -> int:
        """How many numbers the states of `rows` are."""
        return _places(rows)[2] * width

    def put(self, batch: Pack, states: torch.Tensor) -> None:
        """Keep the states [T, width] of a pack; a prefix is kept from its first row's pack only."""
        starts = _starts(batch)
        for number, row in enumerate(batch.rows):
            self.states[self.rows[row.id]] = states[starts[number] : starts[number] + len(row.own)]
            if self.bringers[row.prefix] == row.id:
                before = starts[-1 - int(batch.family[starts[number]])] if row.prefix else 0
                self.states[self.prefixes[row.prefix]] = states[before : before + len(row.prefix)]

    def of(self, batch: Pack) -> torch.Tensor:
        """The states [T, width] of a pack."""
        import torch

        parts = []
        last: tuple[int, ...] | None = None
        for row in batch.rows:
            if row.prefix != last:
                parts.append(self.states[self.prefixes[row.prefix]])
                last = row.prefix
            parts.append(self.states[self.rows[row.id]])
        return torch.cat(parts)


def _places(rows: Sequence[Row]) -> tuple[dict[str, slice], dict[tuple[int, ...], slice], int]:
    prefixes = list(dict.fromkeys(row.prefix for row in rows))
    at = [0]
    for length in (*(len(row.own) for row in rows), *(len(prefix) for prefix in prefixes)):
        at.append(at[-1] + length)
    slices = [slice(low, high) for low, high in pairwise(at)]
    own = {row.id: one for row, one in zip(rows, slices[: len(rows)], strict=True)}
    return own, dict(zip(prefixes, slices[len(rows) :], strict=True)), at[-1]


def _starts(batch: Pack) -> dict[int, int]:
    """Where each segment of a pack begins."""
    starts: dict[int, int] = {}
    for at, segment in enumerate(batch.segment.tolist()):
        starts.setdefault(segment, at)
    return starts
