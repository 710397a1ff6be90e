"""The few statistics the gates and the study rest on, each exact where counts are small."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache


def wilson(right: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson score interval of a share (Wilson 1927); (0, 1) when there is nothing to count."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = right / n, z * z
    centre = share + z2 / (2 * n)
    spread = z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return (max(0.0, (centre - spread) / (1 + z2 / n)), min(1.0, (centre + spread) / (1 + z2 / n)))


@lru_cache(maxsize=4096)
def sign_test(lost: int, gained: int) -> float:
    """One-sided exact McNemar p: the chance of so many losses among the changed pairs if none was due."""
    changed = lost + gained
    if changed == 0:
        return 1.0
    return float(sum(math.comb(changed, k) for k in range(lost, changed + 1)) / 2**changed)


def binomial_tail(count: int, n: int, share: float) -> float:
    """The chance of `count` or more hits among `n` when each is one with probability `share`."""
    return float(sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(count, n + 1)))


def detectable_drop(n: int, alpha: float = 0.01, power: float = 0.8) -> float:
    """Smallest pure loss (share of `n` paired items) that `sign_test` at `alpha` sees with `power`.

    With nothing gained, k losses give p = 2^-k; the drop is the smallest share whose binomial count
    reaches that k with the wanted power. Infinite when even losing all items would not be significant.
    """
    needed = math.floor(-math.log2(alpha)) + 1
    if needed > n:
        return math.inf
    for step in range(1, 201):
        share = step / 200
        missed = sum(math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(needed))
        if 1 - missed >= power:
            return share
    return 1.0


def bootstrap(
    groups: Sequence[Sequence[float]],
    statistic: Callable[[Sequence[float]], float],
    *,
    seed: int = 0,
    draws: int = 1000,
    level: float = 0.95,
) -> tuple[float, float]:
    """Percentile interval of `statistic`, drawing whole groups (facts), as probes of one fact go together."""
    filled = [group for group in groups if group]
    if not filled:
        return 0.0, 1.0
    generator = random.Random(seed)
    figures = sorted(
        statistic([value for group in generator.choices(filled, k=len(filled)) for value in group])
        for _ in range(draws)
    )
    tail = (1 - level) / 2
    return figures[int(tail * draws)], figures[min(draws - 1, int((1 - tail) * draws))]


def cusum(losses: Iterable[float], slack: float) -> float:
    """Page's one-sided CUSUM: the present sum of what each loss exceeds `slack` by, never below zero.

    A night sees only large drops; small ones in the same direction add up here, and good nights pay back.
    """
    total = 0.0
    for loss in losses:
        total = max(0.0, total + loss - slack)
    return total


def entropy(words: Sequence[str]) -> float:
    """Shannon entropy of a word sequence in bits; falls towards zero when a model repeats itself."""
    if not words:
        return 0.0
    counts: dict[str, int] = {}
    for word in words:
        counts[word] = counts.get(word, 0) + 1
    return -sum(count / len(words) * math.log2(count / len(words)) for count in counts.values())
