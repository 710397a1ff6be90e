"""The alarm over nights: losses too small for any one examination to see, added up.

Every night is rebuilt from the base and judged alone, so a slow decline passes each gate. Recall is
compared with the mean of the nights before, general knowledge with the base.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from data.records import GateResult
from data.settings import Gates
from quality.statistics import cusum

RECALL, KNOWLEDGE = "recall", "general knowledge"
NIGHTS = 14


def drift(before: Sequence[Mapping[str, GateResult]], tonight: Sequence[GateResult], s: Gates) -> GateResult:
    """The alarm gate on `tonight`, after the gates of the published nights `before` it, oldest first."""
    nights = [*before[-NIGHTS:], {gate.name: gate for gate in tonight}]
    if len(nights) == 1:
        nothing = "There is no earlier published night to compare with."
        return GateResult("drift", True, 0.0, s.drift_limit, 1, detail=nothing)
    sums = {
        RECALL: cusum(_below_the_mean(_figures(nights, RECALL)), s.drift_slack),
        KNOWLEDGE: cusum(_figures(nights, KNOWLEDGE), s.drift_slack),
    }
    told = ", ".join(f"{name} {total:.2f}" for name, total in sums.items())
    detail = f"Losses beyond {s.drift_slack:g} a night, added up over {len(nights)} nights: {told}."
    worst = max(sums.values())
    return GateResult("drift", worst <= s.drift_limit, worst, s.drift_limit, len(nights), detail=detail)


def _figures(nights: Sequence[Mapping[str, GateResult]], name: str) -> list[float]:
    return [night[name].figure for night in nights if name in night and night[name].n]


def _below_the_mean(shares: Sequence[float]) -> list[float]:
    """How far each share but the first lies below the mean of those before it."""
    return [sum(shares[:place]) / place - shares[place] for place in range(1, len(shares))]
