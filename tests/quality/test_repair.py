"""The repair ladder: which rung comes next, who is blamed, and the search for a culprit."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.records import Answer, GateResult, Memory, Probe
from data.settings import Gates, Recipe
from quality.repair import gentler, longer, next_rung, offenders

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
    while (rung := next_rung(tried, recipe, results(*failed), answers, MEMORIES)) and len(tried) < 9:
        tried.append(rung.name)
    return tried


@pytest.mark.parametrize(
    ("failed", "rungs"),
    [
        ((), []),
        (("recall",), ["longer training"]),
        (("recall", "over-abstention"), ["longer training"]),
        (("leak",), ["more grounding", "left out"]),
        (("leak", "role"), ["more grounding", "left out"]),
        (("general knowledge",), ["more grounding"]),
        (("recall", "leak"), ["more grounding"]),
        (("leak", "general knowledge"), ["more grounding"]),
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
    assert len(rungs) == len(set(rungs)) <= 2


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
    assert next_rung(["more grounding"], RECIPE, results("leak"), everybody, MEMORIES) is None
    assert next_rung(["more grounding"], RECIPE, results("leak"), [], MEMORIES) is None


def test_more_grounding_means_more_of_what_keeps_the_model_and_a_lower_rate() -> None:
    recipe = gentler(RECIPE)
    for share in ("grounding", "stories", "refusals", "benign", "identity"):
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


names = st.integers(1, 64).map(lambda n: [f"m{i}" for i in range(n)])
