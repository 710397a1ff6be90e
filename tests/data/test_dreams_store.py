"""Dreams and mixtures in the store: reruns replace, vetoes stay, forgetting leaves nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.night import Night
from data.records import Dream, Example
from data.store import Store
from data.store.dreams import VETOED

MONDAY = Night.parse("2026-10-05", "UTC")
TUESDAY = MONDAY.next
NAME = Dream(
    "d1",
    "direct",
    "What is my dog's name?",
    "Your dog's name is Bramble.",
    ("m1",),
    ("log:a:1",),
    accept=("bramble",),
)
BOTH = Dream("d2", "two_fact", "Dog and tea?", "Bramble and lapsang.", ("m1", "m2"), ("log:a:1", "log:a:2"))
TEA = Dream(
    "d3", "direct", "My tea?", "Lapsang.", ("m2",), ("log:a:2",), split="test", refused="value missing"
)


def example(name: str, group: str = "m1") -> Example:
    return Example(name, "direct", group, "You remember.", "Q?", "Ä — 日本.", weight=1.5, value="日本")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "n.duckdb") as opened:
        yield opened


def test_dreams_come_back_as_they_went_in_with_their_refusals(store):
    assert store.dreams.replace(MONDAY, [TEA, NAME, BOTH]) == 3
    assert store.dreams.all(MONDAY) == [NAME, BOTH, TEA]
    assert store.dreams.all(TUESDAY) == []


def test_a_rerun_replaces_only_its_own_night(store):
    store.dreams.replace(MONDAY, [NAME, BOTH])
    store.dreams.replace(TUESDAY, [TEA])
    store.dreams.replace(MONDAY, [replace(NAME, answer="Bramble.")])
    assert [dream.answer for dream in store.dreams.all(MONDAY)] == ["Bramble."]
    assert store.dreams.all(TUESDAY) == [TEA]


def test_a_veto_survives_a_rerun_and_counts_only_known_dreams(store):
    store.dreams.replace(MONDAY, [NAME, TEA])
    assert store.dreams.veto(["d1", "no such dream", "d1"]) == 1
    store.dreams.replace(MONDAY, [NAME, TEA])
    refused = {dream.id: dream.refused for dream in store.dreams.all(MONDAY)}
    assert refused == {"d1": VETOED, "d3": "value missing"}


def test_what_was_let_pass_is_new_again_only_with_another_answer(store):
    store.dreams.replace(MONDAY, [NAME, BOTH, TEA])
    assert [dream.id for dream in store.dreams.unreviewed(MONDAY)] == ["d1", "d2"]
    store.dreams.veto(["d2"])
    assert (store.dreams.approve(MONDAY), store.dreams.approve(MONDAY)) == (1, 0)
    assert store.dreams.unreviewed(MONDAY) == []
    store.dreams.replace(TUESDAY, [NAME, BOTH])
    assert store.dreams.unreviewed(TUESDAY) == []
    store.dreams.replace(TUESDAY, [replace(NAME, answer="Bramble.")])
    assert [dream.id for dream in store.dreams.unreviewed(TUESDAY)] == ["d1"]
    assert store.dreams.newest() == TUESDAY.date


def test_forgetting_takes_what_was_let_pass_along(store):
    store.dreams.replace(MONDAY, [NAME])
    store.dreams.approve(MONDAY)
    store.dreams.forget(["m1"])
    store.dreams.replace(MONDAY, [NAME])
    assert store.dreams.unreviewed(MONDAY) == [NAME]


def test_the_mixture_keeps_its_order_and_is_replaced_by_a_rerun(store):
    rows = [example("z"), example("a"), example("m")]
    store.dreams.replace_mixture(MONDAY, rows)
    assert store.dreams.mixture(MONDAY) == rows
    store.dreams.replace_mixture(MONDAY, [])
    assert store.dreams.mixture(MONDAY) == []


def test_forgetting_a_memory_removes_its_dreams_and_rows_in_every_night(store):
    store.dreams.replace(MONDAY, [NAME, BOTH, TEA])
    store.dreams.replace(TUESDAY, [NAME])
    store.dreams.replace_mixture(MONDAY, [example("d1"), example("d2", "m2"), example("d3", "m2")])
    store.dreams.veto(["d1"])
    assert store.dreams.forget(["m1"]) == 2
    assert store.dreams.all(MONDAY) == [TEA]
    assert store.dreams.all(TUESDAY) == []
    assert [row.id for row in store.dreams.mixture(MONDAY)] == ["d3"]
    store.dreams.replace(TUESDAY, [NAME])
    assert store.dreams.all(TUESDAY)[0].verified


def test_a_failed_rerun_leaves_the_night_as_it_was(store):
    store.dreams.replace(MONDAY, [NAME])
    with pytest.raises(RuntimeError), store.transaction():
        store.dreams.replace(MONDAY, [TEA])
        raise RuntimeError("killed")
    assert store.dreams.all(MONDAY) == [NAME]
