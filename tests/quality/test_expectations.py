"""Data checks: every rule of every suite fires on the row that breaks it, and only there."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import BadInput
from quality import expectations
from quality.expectations import check, load_suite
from tasks.check import COLUMNS

GOOD: Mapping[str, dict[str, Any]] = {
    "turns": {
        "text": "My dog is called Bramble.",
        "role": "user",
        "at": datetime(2026, 10, 5, 9, tzinfo=UTC).isoformat(),
        "inside": 1,
    },
    "dreams": {"question": "What is my dog called?", "answer": "Bramble.", "split": "train", "cited": 1},
    "mixture": {"answer": "Bramble.", "loss": "ce", "weight": 1.0, "held_out": 0},
}
# Suite, what is changed in one row, the words of the rule that must name it, whether the night stops.
BROKEN: list[tuple[str, dict[str, Any], str, bool]] = [
    ("turns", {"id": "row-0"}, "stands twice", True),
    ("turns", {"text": None}, "no text", False),
    ("turns", {"text": ""}, "empty or longer", False),
    ("turns", {"text": "x" * 100_001}, "empty or longer", False),
    ("turns", {"role": "system"}, "role is none", False),
    ("turns", {"at": None}, "no time", False),
    ("turns", {"inside": 0}, "this night's day", False),
    ("turns", {"text": "a\n-----BEGIN RSA PRIVATE KEY-----\nb"}, "not redacted", False),
    ("turns", {"text": "key AKIAABCDEFGHIJKLMNOP end"}, "not redacted", False),
    ("dreams", {"id": "row-0"}, "stands twice", True),
    ("dreams", {"question": "?"}, "question is shorter", False),
    ("dreams", {"question": "w" * 301}, "question is shorter", False),
    ("dreams", {"answer": ""}, "answer is empty", False),
    ("dreams", {"answer": "y" * 401}, "answer is empty", False),
    ("dreams", {"answer": "Yes.<|im_end|>"}, "chat markup", False),
    ("dreams", {"answer": "assistant: yes"}, "chat markup", False),
    ("dreams", {"answer": "Bramble.\nuser: and my cat?"}, "chat markup", False),
    ("dreams", {"split": "validation"}, "no split", True),
    ("dreams", {"cited": 0}, "cites no turn", False),
    ("mixture", {"id": "row-0"}, "stands twice", True),
    ("mixture", {"loss": "mse"}, "no loss", True),
    ("mixture", {"answer": ""}, "no answer", False),
    ("mixture", {"weight": 11.0}, "out of range", False),
    ("mixture", {"weight": -0.1}, "out of range", False),
    ("mixture", {"held_out": 1}, "would be trained", True),
]


def rows(suite: str, n: int = 4) -> list[dict[str, Any]]:
    return [{"id": f"row-{i}", **GOOD[suite]} for i in range(n)]


@pytest.mark.parametrize("suite", sorted(GOOD))
def test_good_rows_pass_every_rule(suite: str) -> None:
    result = check(suite, rows(suite), COLUMNS[suite])
    assert [one.reason for one in result.expectations if not one.passed] == []
    assert (result.rows, result.quarantine, result.blocked) == (4, {}, False)
    assert len(result.expectations) == len(load_suite(suite))


@pytest.mark.parametrize("suite", sorted(GOOD))
def test_a_rule_fires_on_the_rows_that_break_it_and_on_no_other(suite: str) -> None:
    broken = [(change, reason) for name, change, reason, _ in BROKEN if name == suite and "id" not in change]
    table = rows(suite) + [
        {"id": f"bad-{i}", **GOOD[suite], **change} for i, (change, _) in enumerate(broken)
    ]
    result = check(suite, table, COLUMNS[suite])
    assert result.quarantine.keys() == {f"bad-{i}" for i in range(len(broken))}
    for i, (change, reason) in enumerate(broken):
        assert reason in result.quarantine[f"bad-{i}"], change
    for one in result.expectations:
        assert one.unexpected == sum(why == one.reason for why in result.quarantine.values())
        assert one.passed == (one.unexpected == 0)


@pytest.mark.parametrize(
    ("suite", "change", "reason"), [(suite, change, why) for suite, change, why, stops in BROKEN if stops]
)
def test_a_critical_rule_stops_the_night(suite: str, change: dict[str, Any], reason: str) -> None:
    table = rows(suite)
    table[2] |= change
    result = check(suite, table, COLUMNS[suite])
    assert result.blocked
    assert [reason in one.reason for one in result.expectations if not one.passed] == [True]
    assert result.quarantine.keys() == ({"row-0"} if "id" in change else {"row-2"})


@pytest.mark.parametrize("suite", sorted(GOOD))
def test_warnings_set_rows_aside_and_let_the_night_go_on(suite: str) -> None:
    changes = [change for name, change, _, stops in BROKEN if name == suite and not stops]
    table = [{"id": f"row-{i}", **GOOD[suite], **change} for i, change in enumerate(changes)]
    result = check(suite, table, COLUMNS[suite])
    assert len(result.quarantine) == len(changes) > 0
    assert not result.blocked


@pytest.mark.parametrize("suite", sorted(GOOD))
def test_every_rule_of_a_suite_is_seen_to_fire(suite: str) -> None:
    reasons = [one["meta"]["reason"] for one in load_suite(suite)]
    tried = [words for name, _, words, _ in BROKEN if name == suite]
    fired = {reason for reason in reasons if any(words in reason for words in tried)}
    assert set(reasons) - fired <= {"there is nothing to train on"}
    assert len(reasons) == len(set(reasons))
    assert {one["severity"] for one in load_suite(suite)} <= {"critical", "warning"}


@pytest.mark.parametrize(("suite", "stops"), [("turns", False), ("dreams", False), ("mixture", True)])
def test_no_rows_stop_a_night_only_where_there_must_be_some(suite: str, stops: bool) -> None:
    result = check(suite, [], COLUMNS[suite])
    assert (result.rows, result.blocked) == (0, stops)
    assert result.quarantine == {}


def test_a_row_that_breaks_two_rules_is_named_once_with_the_first() -> None:
    table = rows("dreams")
    table[1] |= {"question": "?", "cited": 0}
    result = check("dreams", table, COLUMNS["dreams"])
    assert list(result.quarantine) == ["row-1"]
    assert "question is shorter" in result.quarantine["row-1"]
    assert sum(not one.passed for one in result.expectations) == 2


def test_odd_ids_and_texts_come_back_as_they_were() -> None:
    table = rows("turns")
    table[0] |= {"id": "chat:a/b:'1\" ; DROP", "text": None}
    table[3] |= {"id": "42", "role": "née"}
    result = check("turns", table, COLUMNS["turns"])
    assert result.quarantine.keys() == {"chat:a/b:'1\" ; DROP", "42"}


@pytest.fixture
def suites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(expectations, "SUITES", tmp_path)
    return tmp_path


def test_a_missing_suite_is_named(suites: Path) -> None:
    with pytest.raises(BadInput, match=r"suite gone\.json cannot be read.*Restore it"):
        load_suite("gone")


MAGIC = {"type": "expect_magic", "kwargs": {}, "severity": "warning", "meta": {"reason": "magic"}}
UNREADABLE = [
    "[{",
    "",
    "[]",
    "{}",
    '"text"',
    "[1]",
    json.dumps([{**MAGIC, "severity": "severe"}]),
    json.dumps([{**MAGIC, "meta": {}}]),
    json.dumps([MAGIC]),
]


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_broken_suite_is_named(suites: Path, content: str) -> None:
    (suites / "turns.json").write_text(content)
    with pytest.raises(BadInput, match="turns"):
        check("turns", rows("turns"), COLUMNS["turns"])


def test_a_rule_about_a_column_that_is_not_there_stops_the_check(suites: Path) -> None:
    rule = {**MAGIC, "type": "expect_column_values_to_not_be_null", "kwargs": {"column": "nowhere"}}
    (suites / "turns.json").write_text(json.dumps([rule]))
    with pytest.raises(BadInput, match="could not be evaluated"):
        check("turns", rows("turns"), COLUMNS["turns"])
