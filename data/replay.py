"""Which memories get how many rows when a night cannot hold them all.

A memory that was corrected or praised (reward, stress) and one that is new or slipping (lapse risk)
gets more. Pure; the caller brings the memories and the room.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from data.records import Memory

RISK_BY_STATE = {"new": 1.0, "lapsed": 1.0, "rehearsing": 0.7, "known": 0.25}
FORGETTING_DAYS = 30.0
KEPT_VIEWS = 4
TOP_WEIGHT = 2.0


def row_weight(memory: Memory) -> float:
    """How much a memory's rows weigh in the loss: reward times stress, between 1 and 2."""
    return min(TOP_WEIGHT, max(1.0, memory.reward * memory.stress))


def lapse_risk(memory: Memory, today: date) -> float:
    """How likely the memory is to be lost, from 0 to 1: high when new or lapsed, falling with recalls.

    A known memory's risk rises again with the days since it was last recalled.
    """
    start = RISK_BY_STATE.get(memory.state, 0.0)
    since = max(0, (today - (memory.last_recalled or memory.told)).days)
    unseen = 1.0 - math.exp(-since / (FORGETTING_DAYS * (1 + memory.nights_recalled)))
    return min(1.0, start + (1.0 - start) * unseen)


def priority(memory: Memory, today: date) -> float:
    """Share of a night's room a memory should get, relative to others."""
    return row_weight(memory) * (0.2 + lapse_risk(memory, today))


def allot(memories: Sequence[Memory], available: Mapping[str, int], room: int) -> dict[str, int]:
    """Rows per memory id, at most what is `available`, `room` in all.

    Every memory keeps KEPT_VIEWS rows while the room lasts, the most pressing first; what is left goes
    by priority. The result does not depend on the order of `memories`.
    """
    if sum(available.values()) <= room:
        return dict(available)
    today = max((m.last_recalled or m.told for m in memories), default=date.min)
    urgency = {m.id: priority(m, today) for m in memories}
    ranked = sorted(available, key=lambda name: (-urgency.get(name, 0.0), name))
    given = dict.fromkeys(available, 0)
    for name in ranked:
        given[name] = min(available[name], KEPT_VIEWS, room)
        room -= given[name]
    while room > 0:
        name = max(
            (name for name in ranked if given[name] < available[name]),
            key=lambda name: (urgency.get(name, 0.0) / (given[name] + 1), name),
        )
        given[name] += 1
        room -= 1
    return given
