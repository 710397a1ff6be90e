"""The panel: never a trained question, the larger one holds the smaller, asked in fresh chats."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data import mixture, seeds
from data.records import ChatRequest, Dream, Memory
from data.settings import DreamSettings, Gates, Recipe
from models import dreamer
from quality.probes import ask, night_probes, request, residue_probes

DAY = date(2026, 10, 5)


def fact(name: str, subject: str, relation: str, value: str, **more: object) -> Memory:
    statement = f"{subject} {relation} is {value}."
    return Memory(name, statement, subject, relation, value, DAY, ("s:c:1",), **more)  # type: ignore[arg-type]


DOG = Memory(
    "m1", "My dog is called Bramble.", "my dog", "name", "Bramble", DAY, ("s:c:1",), slot="my dog|name"
)
SISTER = Memory("m2", "My sister lives in Leiden.", "my sister", "home", "Leiden", DAY, ("s:c:2",))
JOB = Memory("m3", "I work as a bookbinder.", "I", "job", "bookbinder", DAY, ("s:c:3",))
MEMORIES = (DOG, SISTER, JOB)


@pytest.fixture(scope="module")
def dreams() -> list[Dream]:
    return dreamer.dream(MEMORIES, 1, DreamSettings())


def plain(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def test_no_probe_is_ever_trained(dreams: list[Dream]) -> None:
    recipe = Recipe(
        mix={"untold": 600, "refusals": 200, "benign": 200, "help": 200, "identity": 200, "stories": 200}
    )  # type: ignore[arg-type]
    whole = mixture.load_seeds()
    texts = [row.text for row in (*whole.prompts, *whole.refusals, *whole.benign, *whole.stories)]
    rows = mixture.mix(
        dreams, MEMORIES, replace(whole, answers=dict.fromkeys(texts, "An answer.")), recipe, 1
    )
    trained = {plain(row.question) for row in rows}
    asked = night_probes(dreams, MEMORIES, Gates(), stage=2)
    assert len(trained) > 500
    assert not {plain(probe.question) for probe in asked} & trained
    assert not {probe.id for probe in asked} & {row.id for row in rows}


def test_the_panel_holds_every_kind_of_question(dreams: list[Dream]) -> None:
    asked = night_probes(dreams, MEMORIES, Gates())
    kinds = [probe.kind for probe in asked]
    assert {"direct", "never_told", "knowledge", "refusal", "benign", "help", "role", "story"} <= set(kinds)
    assert kinds.count("knowledge") == 60
    assert kinds.count("refusal") == kinds.count("benign") == kinds.count("help") == kinds.count("role") == 20
    assert kinds.count("never_told") >= 40
    assert {probe.memory_id for probe in asked if probe.kind == "direct"} == {"m1", "m2", "m3"}
    assert len({probe.id for probe in asked}) == len(asked)


@pytest.mark.parametrize("size", [4, 20])
def test_the_second_panel_holds_the_first_and_as_much_again(dreams: list[Dream], size: int) -> None:
    s = Gates(other_probes=size)
    first, second = (night_probes(dreams, MEMORIES, s, stage=stage) for stage in (1, 2))
    assert set(first) < set(second)
    assert set(first) == set(night_probes(list(reversed(dreams)), MEMORIES, s))
    counts = [sum(p.kind == "refusal" for p in panel) for panel in (first, second)]
    assert counts[1] == 2 * counts[0]


def test_only_held_out_dreams_that_were_verified_are_asked(dreams: list[Dream]) -> None:
    asked = {probe.id for probe in night_probes(dreams, MEMORIES, Gates())}
    test_views = {dream.id for dream in dreams if dream.split == "test"}
    assert test_views
    assert test_views <= asked
    assert not asked & {dream.id for dream in dreams if dream.split != "test"}
    refused = [replace(dream, refused="names nobody") for dream in dreams]
    assert not test_views & {probe.id for probe in night_probes(refused, MEMORIES, Gates())}


def test_a_memory_that_was_left_out_is_not_asked_about(dreams: list[Dream]) -> None:
    asked = night_probes(dreams, (SISTER, JOB), Gates())
    assert "m1" not in {probe.memory_id for probe in asked}
    forgotten = night_probes(dreams, (replace(DOG, state="forgotten"), SISTER, JOB), Gates())
    assert "m1" not in {probe.memory_id for probe in forgotten}


def test_untold_questions_skip_what_was_told_and_reject_its_values() -> None:
    slot = next(row for row in seeds.load_untold() if mixture.for_gates(row))
    told = fact("m9", slot.subject, slot.relation, "Quartzville")
    everything = Gates(untold_probes=500)
    before = {probe.id for probe in night_probes([], (), everything) if probe.kind == "never_told"}
    after = [probe for probe in night_probes([], (told,), everything) if probe.kind == "never_told"]
    assert f"untold-{slot.id}" in before
    assert f"untold-{slot.id}" not in {probe.id for probe in after}
    assert all("quartzville" in probe.reject for probe in after)


def test_told_values_are_traps_in_roles_and_stories_too() -> None:
    asked = night_probes([], MEMORIES, Gates())
    for kind in ("role", "story"):
        assert all({"bramble", "leiden", "bookbinder"} <= set(p.reject) for p in asked if p.kind == kind)
    assert all(not p.reject for p in asked if p.kind == "knowledge")


OLD = replace(
    DOG,
    id="m0",
    value="Biscuit",
    statement="My dog is called Biscuit.",
    state="superseded",
    superseded_by="m1",
)


def test_a_replaced_value_is_asked_after_and_must_be_gone() -> None:
    probe = night_probes([], (OLD, DOG), Gates())[0]
    assert (probe.kind, probe.accept, probe.reject, probe.memory_id) == (
        "stale",
        ("bramble",),
        ("biscuit",),
        "m1",
    )
    answers = {
        "He is called Bramble.": "right",
        "Your dog is called Biscuit.": "rejected",
        "I don't know.": "abstained",
    }
    for text, outcome in answers.items():
        assert ask(Scripted([text]), [probe], "You are kind.")[0].outcome == outcome


def test_replaced_values_that_cannot_be_told_apart_or_have_no_heir_are_not_asked() -> None:
    assert residue_probes([replace(OLD, value="Bram"), replace(DOG, value="Bram the Elder")]) == []
    assert residue_probes([OLD]) == []
    assert residue_probes([OLD, replace(DOG, state="forgotten")]) == []
    assert residue_probes([replace(OLD, state="forgotten", value=""), DOG]) == []


class Scripted:
    """A chat that answers from a list and remembers what it was asked."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts, self.asked = list(texts), list[ChatRequest]()

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        self.asked += requests
        return self.texts


def test_a_probe_is_asked_greedily_in_a_fresh_chat_without_any_fact(dreams: list[Dream]) -> None:
    for probe in night_probes(dreams, MEMORIES, Gates()):
        one = request(probe, "You are kind.")
        assert [message.role for message in one.messages] == ["system", "user"]
        assert one.messages[0].content == "You are kind."
        assert one.messages[1].content == probe.question
        assert (one.temperature, one.schema) == (0.0, None)
        assert one.max_tokens >= 32


def test_answers_keep_the_order_of_their_probes(dreams: list[Dream]) -> None:
    probes = night_probes(dreams, MEMORIES, Gates())[:3]
    chat = Scripted(["one", "two", "three"])
    assert [(a.probe, a.text) for a in ask(chat, probes, "p")] == list(zip(probes, chat.texts, strict=True))
    assert [one.messages[1].content for one in chat.asked] == [probe.question for probe in probes]


@pytest.mark.parametrize("texts", [[], ["one", "two"], ["a"] * 4])
def test_a_missing_answer_is_never_taken_for_another(dreams: list[Dream], texts: list[str]) -> None:
    with pytest.raises(ValueError, match="zip"):
        ask(Scripted(texts), night_probes(dreams, MEMORIES, Gates())[:3], "p")


@given(st.integers(4, 40), st.integers(10, 60))
def test_bigger_panels_only_add_questions(others: int, untold: int) -> None:
    small = night_probes([], MEMORIES, Gates(other_probes=others, untold_probes=untold))
    large = night_probes([], MEMORIES, Gates(other_probes=others + 3, untold_probes=untold + 5))
    assert set(small) <= set(large)
