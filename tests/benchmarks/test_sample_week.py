"""The sample week: readable chats of their days, and probes about what was said in them."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from benchmarks.life import Probe, normalise, outcome

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
WEEK = [date(2026, 10, 5) + timedelta(days=n) for n in range(7)]
KINDS = {"direct", "paraphrase", "reversed", "yes_no", "never_told", "stale"}


def lines(name: str) -> list[Any]:
    return [json.loads(line) for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()]


def words_of_the_user(day: date) -> str:
    return normalise(
        " ".join(m["content"] for c in lines(f"{day}.jsonl") for m in c["messages"] if m["role"] == "user")
    )


def probes() -> list[tuple[dict[str, Any], Probe]]:
    rows = lines("probes.jsonl")
    return [
        (
            row,
            Probe(
                row["id"],
                row["kind"],
                row["fact"],
                None,
                row["question"],
                tuple(row["accept"]),
                tuple(row["reject"]),
                date.fromisoformat(row["day"]),
                date.fromisoformat(row["until"]) if row["until"] else None,
            ),
        )
        for row in rows
    ]


@pytest.mark.parametrize("day", WEEK, ids=str)
def test_a_day_holds_its_own_messages_in_order(day: date) -> None:
    conversations = lines(f"{day}.jsonl")
    stamps = [datetime.fromisoformat(m["created_at"]) for c in conversations for m in c["messages"]]
    assert {stamp.astimezone(ZoneInfo("Europe/Berlin")).date() for stamp in stamps} == {day}
    assert stamps == sorted(set(stamps))
    assert len({c["id"] for c in conversations}) == len(conversations)
    for conversation in conversations:
        assert conversation["created_at"] == conversation["messages"][0]["created_at"]
        assert [m["role"] for m in conversation["messages"]][:2] == ["user", "assistant"]
        assert all(m["content"].strip() for m in conversation["messages"])


def test_the_first_day_tells_enough_for_a_first_night() -> None:
    told = {row["fact"] for row, _ in probes() if row["day"] == str(WEEK[0])} - {None}
    assert len(told) >= 8


def test_the_week_tells_twenty_five_to_forty_facts_with_two_to_six_probes_each() -> None:
    rows = [row for row, _ in probes() if row["fact"]]
    facts = {row["fact"] for row in rows}
    assert 25 <= len(facts) <= 40
    still_true = {row["fact"] for row in rows if row["until"] is None}
    assert all(2 <= sum(row["fact"] == fact for row in rows) <= 6 for fact in still_true)


def test_ids_are_unique_and_kinds_known() -> None:
    rows = [row for row, _ in probes()]
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["kind"] for row in rows} == KINDS
    assert sum(row["kind"] == "never_told" for row in rows) >= 20


def test_what_a_direct_probe_accepts_was_said_by_the_user_that_day() -> None:
    for row, probe in probes():
        if probe.kind == "direct":
            said = words_of_the_user(probe.start)
            assert any(normalise(str(wanted)) in said for wanted in probe.accept), row["id"]


def test_strings_are_stored_normalised() -> None:
    for row, _ in probes():
        assert all(entry == normalise(entry) for entry in row["accept"] + row["reject"]), row["id"]


def test_probes_score_as_meant() -> None:
    for row, probe in probes():
        for wanted in probe.accept:
            assert outcome(probe, f"On the whole the answer is {wanted}.") == "right", row["id"]
        for unwanted in probe.reject:
            assert outcome(probe, f"Well: {unwanted}.") == "rejected", row["id"]
        expected = "right" if probe.kind == "never_told" else "abstained"
        assert outcome(probe, "You haven't told me that.") == expected, row["id"]
