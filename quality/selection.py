"""Which judged exchanges of a night are kept: above the threshold, the best ones, and not all alike."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import replace

from data.records import Exchange, Verdict
from data.settings import Curate
from quality.reading import read

SAMENESS = 0.3
TOPIC_LIMIT = 3
DENSITY = 0.7


def select(verdicts: Sequence[Verdict], exchanges: Sequence[Exchange], s: Curate) -> list[Verdict]:
    """The verdicts with `kept` decided over the whole night, in their order; reasons say why one fell out.

    When more pass the threshold than `s.top_k`, each next one is the best after a discount for
    topics that were kept three times already (maximal marginal relevance), so that one long talk does not
    take the whole night. The same input gives the same choice.
    """
    passed = [i for i, v in enumerate(verdicts) if v.score >= s.threshold]
    room = len(passed) <= s.top_k
    chosen = set(passed if room else _diverse(passed, verdicts, exchanges, s.top_k))
    decided = []
    for i, verdict in enumerate(verdicts):
        if i in chosen:
            decided.append(verdict if verdict.kept else replace(verdict, kept=True))
        elif verdict.score >= s.threshold:
            reason = f"{verdict.reason}; left out because the night holds {s.top_k} that tell more"
            decided.append(replace(verdict, kept=False, reason=reason))
        else:
            decided.append(replace(verdict, kept=False) if verdict.kept else verdict)
    return decided


def within_words(verdicts: Sequence[Verdict], exchanges: Sequence[Exchange], words: float) -> list[int]:
    """Indices of the exchanges that tell most within a budget of words, best first.

    Ranked by strength per words^0.7: between the most per turn and the most per word, because a very
    short turn needs its surroundings to be understood. Training cost follows words.
    """
    lengths = [len(exchange.user.text.split()) for exchange in exchanges]
    order = sorted(
        range(len(verdicts)),
        key=lambda i: (-_strength(verdicts[i]) / max(1, lengths[i]) ** DENSITY, verdicts[i].turn_id),
    )
    chosen, used = [], 0
    for i in order:
        if used + lengths[i] <= words:
            chosen.append(i)
            used += lengths[i]
    return chosen


def _strength(verdict: Verdict) -> float:
    return verdict.signals.get("strength", verdict.score)


def _diverse(
    passed: Sequence[int], verdicts: Sequence[Verdict], exchanges: Sequence[Exchange], k: int
) -> list[int]:
    """The greedy choice of `k`; discounts only grow, so a stale entry of the heap is rescored when met."""
    topics = {i: frozenset(read(exchanges[i].user.text).stems) for i in passed}
    times: dict[str, int] = {}
    heap = [(-verdicts[i].score, verdicts[i].turn_id, i) for i in passed]
    heapq.heapify(heap)
    chosen: list[int] = []
    while heap and len(chosen) < k:
        worth, turn_id, i = heapq.heappop(heap)
        known = sum(times.get(topic, 0) >= TOPIC_LIMIT for topic in topics[i])
        now = -verdicts[i].score * (1.0 - SAMENESS * known / max(1, len(topics[i])))
        if now > worth + 1e-12:
            heapq.heappush(heap, (now, turn_id, i))
            continue
        chosen.append(i)
        for topic in topics[i]:
            times[topic] = times.get(topic, 0) + 1
    return chosen
