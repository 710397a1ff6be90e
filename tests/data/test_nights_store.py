"""The tables of nights: status, consumption, stages, gates, answers and quarantine."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from data.night import Night
from data.records import Answer, GateResult, Probe
from data.store import Store

FIRST, SECOND, THIRD = (Night(date(2026, 10, day), "Europe/Berlin") for day in (5, 6, 7))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "a.duckdb") as opened:
        yield opened


def statuses(store: Store) -> dict[str, str]:
    return {str(row.night): row.status for row in store.nights.all()}


def test_a_night_that_never_ran_is_nothing(store: Store) -> None:
    assert store.nights.get(FIRST) is None
    assert store.nights.all() == []
    assert store.nights.stages(FIRST) == {}
    assert store.nights.gates(FIRST) == []
    assert store.nights.answers(FIRST, "base") == []
    assert store.nights.quarantine(FIRST) == []


def test_a_night_is_pending_until_it_is_published_or_skipped(store: Store) -> None:
    for status, done in [
        ("published", True),
        ("skipped", True),
        ("rejected", False),
        ("candidate", False),
        ("failed", False),
    ]:
        store.nights.begin(FIRST, "recipe", "inputs")
        begun = store.nights.get(FIRST)
        assert begun is not None
        assert (begun.status, begun.done, begun.generation, begun.finished) == ("pending", False, None, None)
        store.nights.finish(FIRST, status, generation="g1", reason="because")  # type: ignore[arg-type]
        row = store.nights.get(FIRST)
        assert row is not None
        assert (row.status, row.done, row.generation, row.reason) == (status, done, "g1", "because")
        assert (row.recipe, row.inputs) == ("recipe", "inputs")
        assert row.finished is not None
        assert row.started is not None
        assert row.finished >= row.started


def test_finishing_without_a_generation_keeps_the_one_on_record(store: Store) -> None:
    store.nights.begin(FIRST, "r", "i")
    store.nights.finish(FIRST, "candidate", generation="g1")
    store.nights.finish(FIRST, "published")
    row = store.nights.get(FIRST)
    assert row is not None
    assert row.generation == "g1"


def test_a_published_night_takes_in_the_open_days_before_it_and_no_other(store: Store) -> None:
    days = [Night(date(2026, 10, day), "UTC") for day in range(1, 8)]
    ends = ["skipped", "rejected", "candidate", "failed", "published", None, None]
    for night, end in zip(days, ends, strict=True):
        store.nights.begin(night, "r", "i")
        if end:
            store.nights.finish(night, end, generation="old", reason="before")  # type: ignore[arg-type]
    assert store.nights.consume_before(days[5], "new") == 3
    assert list(statuses(store).values()) == ["skipped", *["published"] * 4, "pending", "pending"]
    generations = [row.generation for row in store.nights.all()]
    assert generations == ["old", "new", "new", "new", "old", None, None]
    assert store.nights.consume_before(days[5], "newer") == 0


def test_reopened_days_are_pending_with_the_reason(store: Store) -> None:
    for night in (FIRST, SECOND, THIRD):
        store.nights.begin(night, "r", "i")
        store.nights.finish(night, "published")
    store.nights.reopen([], "nothing")
    store.nights.reopen([SECOND.date, date(1999, 1, 1)], "rolled back")
    assert list(statuses(store).values()) == ["published", "pending", "published"]
    row = store.nights.get(SECOND)
    assert row is not None
    assert (row.reason, row.done) == ("rolled back", False)


def test_a_rerun_replaces_a_stages_figures(store: Store) -> None:
    store.nights.record_stage(FIRST, "train", 10.0, 8.0, {"steps": 5, "losses": [2.0, 1.0]})
    store.nights.record_stage(FIRST, "train", 12.5, 9.0, {"steps": 6, "note": 'quote " and é'})
    store.nights.record_stage(SECOND, "train", 1.0, 0.0, {})
    stages = store.nights.stages(FIRST)
    assert stages == {
        "train": {"seconds": 12.5, "model_seconds": 9.0, "figures": {"steps": 6, "note": 'quote " and é'}}
    }


def gate(name: str, *, passed: bool = True) -> GateResult:
    return GateResult(name, passed, 0.1 + 0.2, 0.5, 40, 0.25, 0.75, 0.0, None, "Détail <b>")


def test_gates_come_back_as_they_were_in_their_order(store: Store) -> None:
    results = [gate("recall"), gate("zebra", passed=False), gate("apple")]
    store.nights.replace_gates(FIRST, "g1", [gate("old")])
    store.nights.replace_gates(FIRST, "g1", results)
    store.nights.replace_gates(FIRST, "g2", [gate("other")])
    assert store.nights.gates(FIRST, "g1") == results
    assert [one.name for one in store.nights.gates(FIRST)] == ["recall", "zebra", "apple", "other"]
    store.nights.replace_gates(FIRST, "g1", [])
    assert store.nights.gates(FIRST, "g1") == []


def answer(number: int, memory: str | None) -> Answer:
    return Answer(Probe(f"p{number}", "direct", "Where?", memory_id=memory), "In a 'place'; --", "right")


def test_answers_come_back_with_their_question_and_outcome(store: Store) -> None:
    given = [answer(2, "m1"), answer(1, None)]
    store.nights.replace_answers(FIRST, "base", [answer(9, "m9")])
    store.nights.replace_answers(FIRST, "base", given)
    store.nights.replace_answers(FIRST, "g1", [answer(3, "m2")])
    assert store.nights.answers(FIRST, "base") == given
    assert store.nights.answers(SECOND, "base") == []


def test_answers_about_forgotten_memories_are_erased_in_every_night(store: Store) -> None:
    for night in (FIRST, SECOND):
        store.nights.replace_answers(night, "g1", [answer(1, "m1"), answer(2, "m2"), answer(3, None)])
    store.nights.forget_answers(["m1"])
    store.nights.forget_answers([])
    for night in (FIRST, SECOND):
        assert [one.probe.memory_id for one in store.nights.answers(night, "g1")] == ["m2", None]


def test_quarantine_is_replaced_suite_by_suite(store: Store) -> None:
    store.nights.replace_quarantine(FIRST, "turns", {"b": "no text", "a": "no time"})
    store.nights.replace_quarantine(FIRST, "dreams", {"d": "markup"})
    store.nights.replace_quarantine(FIRST, "turns", {"c": "a secret"})
    assert store.nights.quarantine(FIRST) == [("dreams", "d", "markup"), ("turns", "c", "a secret")]
    store.nights.replace_quarantine(FIRST, "turns", {})
    assert store.nights.quarantine(FIRST) == [("dreams", "d", "markup")]


def test_the_past_is_what_each_night_published(store: Store) -> None:
    for night, generation, status in [
        (FIRST, "2026-10-05-aaaaaaaa", "published"),
        (SECOND, "2026-10-07-cccccccc", "published"),
        (THIRD, "2026-10-07-cccccccc", "published"),
    ]:
        store.nights.begin(night, "recipe", "inputs")
        store.nights.finish(night, status, generation=generation)  # type: ignore[arg-type]
        store.nights.replace_gates(night, "bbbbbbbb00000000", [gate("recall")])
    good = [gate("recall"), gate("leak")]
    store.nights.replace_gates(FIRST, "aaaaaaaa00000000", good)
    store.nights.replace_gates(THIRD, "cccccccc00000000", [gate("role")])
    later = THIRD.next
    assert store.nights.published_gates(FIRST) == []
    assert store.nights.published_gates(later) == [
        {"recall": good[0], "leak": good[1]},
        {"role": gate("role")},
    ]
    store.nights.reopen([FIRST.date], "rolled back")
    assert store.nights.published_gates(later) == [{"role": gate("role")}]
