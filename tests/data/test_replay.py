"""Replay: who gets how much of a night that is too small for everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.records import Memory
from data.replay import KEPT_VIEWS, allot, lapse_risk, priority, row_weight

TODAY = date(2026, 10, 30)
PLAIN = Memory("m", "My dog is called Bo.", "my dog", "name", "Bo", date(2026, 10, 1), ("s",), state="known")


def make(number: int, state: str = "known", reward: float = 1.0) -> Memory:
    return replace(PLAIN, id=f"m{number}", state=state, reward=reward, last_recalled=TODAY)  # type: ignore[arg-type]


def test_risk_falls_with_recalls_and_rises_with_days():
    fresh = replace(PLAIN, last_recalled=TODAY, nights_recalled=5)
    stale = replace(fresh, last_recalled=TODAY - timedelta(days=60))
    rarely = replace(stale, nights_recalled=0)
    assert lapse_risk(fresh, TODAY) < lapse_risk(stale, TODAY) < lapse_risk(rarely, TODAY) <= 1.0
    assert lapse_risk(replace(PLAIN, state="lapsed"), TODAY) == 1.0


def test_a_correction_is_worth_more_but_never_more_than_double():
    assert row_weight(replace(PLAIN, reward=1.5)) == 1.5
    assert row_weight(replace(PLAIN, reward=2.0, stress=1.5)) == 2.0
    assert row_weight(replace(PLAIN, reward=0.2)) == 1.0
    assert priority(replace(PLAIN, reward=2.0), TODAY) > priority(PLAIN, TODAY)


@given(
    st.lists(st.tuples(st.sampled_from(["new", "known", "lapsed"]), st.integers(0, 12)), max_size=8),
    st.integers(0, 80),
)
def test_the_room_is_used_up_and_never_exceeded(entries, room):
    memories = [make(number, state) for number, (state, _) in enumerate(entries)]
    available = {m.id: count for m, (_, count) in zip(memories, entries, strict=True)}
    given_rows = allot(memories, available, room)
    assert sum(given_rows.values()) == min(room, sum(available.values()))
    assert all(0 <= given_rows[name] <= available[name] for name in available)
    assert allot(memories[::-1], dict(reversed(available.items())), room) == given_rows


def test_every_memory_keeps_its_least_views_before_any_gets_more():
    memories = [make(1), make(2, "lapsed", 2.0), make(3)]
    given_rows = allot(memories, {"m1": 20, "m2": 20, "m3": 20}, 3 * KEPT_VIEWS + 6)
    assert given_rows["m1"] >= KEPT_VIEWS <= given_rows["m3"]
    assert given_rows["m2"] > given_rows["m1"]


def test_rows_without_a_memory_share_what_is_left():
    assert allot([make(1)], {"m1": 4, "negative": 10}, 6) == {"m1": 4, "negative": 2}
