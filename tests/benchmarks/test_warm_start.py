"""The rows of the starting adapter: it learns to deny, never a value, and the same rows every time."""

from __future__ import annotations

from dataclasses import replace

from benchmarks.warm_start import heard, rows_of
from data.mixture import load_seeds
from data.settings import Recipe

LIMIT = 40


def test_the_starting_adapter_learns_nothing_of_anybody() -> None:
    seeds = load_seeds()
    seeds = replace(seeds, answers={row.text: "An answer." for row in seeds.prompts})
    rows = rows_of(seeds, Recipe(), LIMIT)
    denied = [row for row in rows if row.kind == "untold"]
    assert len(denied) > 2 * len(seeds.untold)
    assert all(row.answer.startswith("You haven't told me") and not row.value for row in denied)
    assert {row.kind for row in rows} == {"untold", "identity", "grounding"}
    assert sum(row.kind == "grounding" for row in rows) == len(seeds.prompts)
    assert rows == rows_of(seeds, Recipe(), LIMIT)


def test_its_questions_are_those_that_nights_ask_about_what_was_told() -> None:
    told = {memory.value for memory in heard(LIMIT)}
    asked = " ".join(row.question for row in rows_of(load_seeds(), Recipe(), LIMIT))
    assert sum(value in asked for value in told) > len(told) / 2
