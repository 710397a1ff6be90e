"""Which judged exchanges of a night are kept: above the threshold, the best ones, and not all alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.records import Exchange, Verdict
from data.settings import Curate


def select(verdicts: Sequence[Verdict], exchanges: Sequence[Exchange], s: Curate) -> list[Verdict]:
    """The verdicts with `kept` decided over the whole night, in their order; reasons say why one fell out."""
    ranked = sorted((v for v in verdicts if v.score >= s.threshold), key=lambda v: (-v.score, v.turn_id))
    kept = {v.turn_id for v in ranked[: s.top_k]}
    return [replace(v, kept=v.turn_id in kept) for v in verdicts]
