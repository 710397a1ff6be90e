"""The repair ladder: which rung comes next, who is blamed, and the search for a culprit."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Answer, GateResult, Memory, Probe
from data.settings import Gates, Recipe
from quality.repair import Tried, gentler, longer, next_rung, offenders

RECIPE = Recipe()


def memory(name: str, value: str) -> Memory:
    return Memory(name, f"It is {value}.", "it", "is", value, date(2026, 10, 5), ("s:c:1",))


MEMORIES = [memory("dog", "Bramble"), memory("town", "Leiden"), memory("job", "bookbinder")]


def results(*failed: str) -> list[GateResult]:
    names = ("recall", "leak", "role", "general knowledge", "over-abstention")
    return [GateResult(name, name not in failed, 0.0, 0.0, 10) for name in {*names, *failed}]


def answer(text: str, outcome: str = "rejected") -> Answer:
    return Answer(Probe("p", "story", "?"), text, outcome)


LEAKED = [answer("A dog named BRAMBLE came."), answer("Bramble in Leiden."), answer("A bookbinder.", "right")]


def climb(failed: Sequence[str], answers: Sequence[Answer], recipe: Recipe = RECIPE) -> list[str]:
    """Names of the rungs while the same gates keep failing."""
    tried: list[str] = []
    halves: list[Tried] = []
    while (rung := next_rung(tried, recipe, results(*failed), answers, MEMORIES, halves)) and len(tried) < 9:
        tried.append(rung.name)
        if rung.name.startswith("half"):
            halves.append((rung.left_out, False))
    return tried


@pytest.mark.parametrize(
    ("failed", "rungs"),
    [
        ((), []),
        (("recall",), ["longer training"]),
        (("recall", "over-abstention"), ["longer training"]),
        (("leak",), ["more grounding", "left out", "half 1", "half 2"]),
        (("leak", "role"), ["more grounding", "left out", "half 1", "half 2"]),
        (("general knowledge",), ["more grounding", "half 1", "half 2"]),
        (("recall", "leak"), ["more grounding"]),
        (("leak", "general knowledge"), ["more grounding", "half 1", "half 2"]),
    ],
)
def test_the_ladder_has_an_order_an_end_and_no_rung_twice(failed: tuple[str, ...], rungs: list[str]) -> None:
    assert climb(failed, LEAKED) == rungs


@given(
    st.sets(
        st.sampled_from(["recall", "over-abstention", "leak", "role", "residue", "refusals", "collapse"])
    ),
    st.lists(st.sampled_from(LEAKED)),
)
def test_no_failure_climbs_the_same_rung_twice(failed: set[str], answers: list[Answer]) -> None:
    rungs = climb(sorted(failed), answers)
    assert len(rungs) == len(set(rungs)) <= 4


def test_a_pass_or_an_advisory_failure_needs_no_repair() -> None:
    advisory = Recipe(gates=Gates(advisory=("role",)))
    assert next_rung([], RECIPE, results(), LEAKED, MEMORIES) is None
    assert next_rung([], advisory, results("role"), LEAKED, MEMORIES) is None
    rung = next_rung(["more grounding"], advisory, results("role", "leak"), LEAKED, MEMORIES)
    assert rung is not None
    assert rung.name == "left out"


def test_no_verdict_at_all_is_not_a_pass() -> None:
    rung = next_rung([], RECIPE, [], [], MEMORIES)
    assert rung is not None
    assert rung.name == "more grounding"


def test_offenders_are_named_worst_first() -> None:
    assert offenders(LEAKED, MEMORIES) == ("dog", "town")
    assert offenders([answer("Brambles grow here.")], MEMORIES) == ()
    assert offenders([answer("Bramble.", "right"), answer("Leiden", "false")], MEMORIES) == ()
    assert offenders([answer("anything")], [memory("blank", " ")]) == ()


def test_left_out_are_the_offenders_and_never_everybody() -> None:
    rung = next_rung(["more grounding"], RECIPE, results("leak"), LEAKED, MEMORIES)
    assert rung is not None
    assert (rung.left_out, rung.recipe) == (("dog", "town"), RECIPE)
    everybody = [answer("Bramble, a bookbinder of Leiden")]
    for blame in (everybody, []):
        half = next_rung(["more grounding"], RECIPE, results("leak"), blame, MEMORIES)
        assert half is not None
        assert half.name == "half 1"
        assert 0 < len(half.left_out) < len(MEMORIES)


def test_more_grounding_means_more_of_what_keeps_the_model_and_a_lower_rate() -> None:
    recipe = gentler(RECIPE)
    for share in ("grounding", "stories", "texts", "refusals", "benign", "help", "identity"):
        assert getattr(recipe.mix, share) == 2 * getattr(RECIPE.mix, share)
    assert recipe.mix.untold == RECIPE.mix.untold
    assert recipe.train.rate < RECIPE.train.rate
    assert recipe.gates == RECIPE.gates
    assert recipe.digest != RECIPE.digest


def test_longer_training_changes_nothing_but_the_passes() -> None:
    recipe = longer(RECIPE)
    assert recipe.train.passes > RECIPE.train.passes
    back = recipe.train.model_copy(update={"passes": RECIPE.train.passes})
    assert recipe.model_copy(update={"train": back}) == RECIPE
    assert longer(Recipe(train={"passes": 1})).train.passes == 2  # type: ignore[arg-type]


names = st.integers(2, 64).map(lambda n: [f"m{i:02}" for i in range(n)])


def search(memories: Sequence[Memory], guilty: set[str]) -> list[Tried]:
    """Every set left out in turn when the gates pass exactly without all that are guilty."""
    halves: list[Tried] = []
    rung = next_rung(["more grounding"], RECIPE, results("refusals"), [], memories)
    while rung is not None:
        halves.append((rung.left_out, guilty <= set(rung.left_out)))
        rung = next_rung(["more grounding"], RECIPE, results("refusals"), [], memories, halves)
    return halves


@given(names, st.data())
def test_halving_finds_one_culprit_in_few_trainings(names: list[str], data: st.DataObject) -> None:
    guilty = data.draw(st.sampled_from(names))
    tries = search([memory(name, name) for name in names], {guilty})
    helped = [set(left_out) for left_out, passed in tries if passed]
    assert helped[-1] == {guilty} == min(helped, key=len)
    assert len(tries) <= 2 * math.ceil(math.log2(len(names)))


@given(names, st.data())
def test_halving_never_repeats_itself_and_never_leaves_everybody_out(
    names: list[str], data: st.DataObject
) -> None:
    guilty = data.draw(st.sets(st.sampled_from(names), min_size=1))
    tries = search([memory(name, name) for name in names], guilty)
    sets = [left_out for left_out, _ in tries]
    assert len(sets) == len(set(sets))
    assert all(0 < len(one) < len(names) for one in sets)


def test_only_what_is_new_is_halved_and_one_chat_stays_together() -> None:
    old = [replace(one, state="known") for one in MEMORIES]
    assert next_rung(["more grounding"], RECIPE, results("refusals"), [], old) is None
    first = [replace(memory(name, name), sources=("s:one:1",)) for name in ("a", "z")]
    second = [replace(memory(name, name), sources=("s:two:1",)) for name in ("b", "y")]
    halves = [set(left_out) for left_out, _ in search([*old, *second, *first], {"b", "z"})]
    assert halves == [{"a", "z"}, {"b", "y"}]
