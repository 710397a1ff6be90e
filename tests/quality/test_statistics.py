"""The statistics against textbook values, and the properties the gates rely on."""

import math
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quality.statistics import bootstrap, cusum, detectable_drop, entropy, sign_test, wilson

counts = st.integers(0, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        (5, 5, 0.566, 1.0),
        (10, 10, 0.722, 1.0),
        (30, 30, 0.886, 1.0),
        (0, 10, 0.0, 0.278),
        (0, 300, 0.0, 0.0127),
        (1, 2, 0.0945, 0.9055),
        (270, 300, 0.861, 0.929),
        (15, 148, 0.0624, 0.1605),  # the worked example of Newcombe (1998) is 81/263 and 15/148
        (81, 263, 0.2553, 0.3662),
    ],
)
def test_wilson_gives_the_published_intervals(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == (pytest.approx(low, abs=6e-4), pytest.approx(high, abs=6e-4))


@pytest.mark.parametrize(("enough", "n"), [(55, 60), (88, 100), (254, 300)])
def test_how_many_right_answers_show_four_in_five(enough: int, n: int) -> None:
    assert wilson(enough, n)[0] >= 0.8
    assert wilson(enough - 1, n)[0] < 0.8


def test_wilson_of_nothing_says_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)


@given(counts)
def test_wilson_holds_the_share_and_is_symmetric(count: tuple[int, int]) -> None:
    right, n = count
    low, high = wilson(right, n)
    assert 0.0 <= low <= high <= 1.0
    if n:
        assert low - 1e-12 <= right / n <= high + 1e-12
        assert wilson(n - right, n) == (pytest.approx(1 - high), pytest.approx(1 - low))
        assert wilson(2 * right, 2 * n)[0] >= low - 1e-12


@pytest.mark.parametrize(
    ("lost", "gained", "p"),
    [
        (0, 0, 1.0),
        (1, 0, 0.5),
        (5, 0, 0.03125),
        (7, 0, 0.0078125),
        (8, 2, 56 / 1024),  # (45 + 10 + 1) / 2^10
        (9, 1, 11 / 1024),
        (15, 5, 0.0207),
        (0, 9, 1.0),
    ],
)
def test_the_paired_exact_test_gives_binomial_tails(lost: int, gained: int, p: float) -> None:
    assert sign_test(lost, gained) == pytest.approx(p, abs=5e-5)


@given(st.integers(0, 150), st.integers(0, 150))
def test_more_losses_are_less_likely_chance_and_more_gains_more(lost: int, gained: int) -> None:
    p = sign_test(lost, gained)
    assert 0.0 < p <= 1.0
    assert sign_test(lost + 1, gained) <= p
    assert sign_test(lost, gained + 1) >= p
    same_or_more_extreme = sign_test(lost, gained) + sign_test(gained, lost)
    assert same_or_more_extreme >= 1.0


def test_the_drop_a_panel_can_see_shrinks_with_its_size() -> None:
    drops = [detectable_drop(n) for n in range(401)]
    assert drops == sorted(drops, reverse=True)
    assert math.isinf(drops[6])  # six losses of six give p = .016
    assert drops[7] <= 1.0
    assert detectable_drop(60) == pytest.approx(0.15, abs=0.011)
    assert detectable_drop(300) == pytest.approx(0.03, abs=0.006)


@given(st.integers(10, 300), st.floats(1e-4, 0.2), st.floats(0.5, 0.95))
def test_the_drop_grows_with_power_and_with_strictness(n: int, alpha: float, power: float) -> None:
    drop = detectable_drop(n, alpha, power)
    assert detectable_drop(n, alpha, min(0.99, power + 0.04)) >= drop
    assert detectable_drop(n, alpha / 2, power) >= drop


def test_a_loss_of_the_stated_size_is_significant_in_four_of_five_panels() -> None:
    n, drop = 60, detectable_drop(60)
    found = sum(
        math.comb(n, k) * drop**k * (1 - drop) ** (n - k) for k in range(n + 1) if sign_test(k, 0) < 0.01
    )
    assert 0.8 <= found < 0.85


@given(st.lists(st.lists(st.floats(0, 1), max_size=4), min_size=1, max_size=8), st.integers(0, 99))
def test_the_bootstrap_is_repeatable_and_stays_among_the_values(groups: list[list[float]], seed: int) -> None:
    low, high = bootstrap(groups, fmean, seed=seed, draws=50)
    assert (low, high) == bootstrap(groups, fmean, seed=seed, draws=50)
    values = [value for group in groups for value in group] or [0.0, 1.0]
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


def test_answers_of_one_fact_go_together_so_few_facts_say_less() -> None:
    few = bootstrap([[1.0] * 10, [0.0] * 10] * 2, fmean)
    many = bootstrap([[1.0], [0.0]] * 20, fmean)
    assert few[1] - few[0] > 2 * (many[1] - many[0])


def test_cusum_adds_up_small_losses_that_no_night_sees_and_forgives_noise() -> None:
    assert cusum([0.01] * 5, 0.005) == pytest.approx(0.025)
    assert cusum([0.01] * 12, 0.005) == pytest.approx(0.06)
    assert cusum([0.02, -0.02] * 20, 0.005) == 0.0
    assert cusum([-0.5, 0.02], 0.005) == pytest.approx(0.015)
    assert cusum([0.1, -1.0], 0.005) == 0.0
    assert cusum([], 0.005) == 0.0


@given(st.lists(st.floats(-0.2, 0.2), max_size=40), st.floats(0, 0.1))
def test_cusum_never_falls_below_zero_and_rises_with_every_loss(losses: list[float], more: float) -> None:
    total = cusum(losses, 0.005)
    assert total >= 0.0
    assert cusum([loss + more for loss in losses], 0.005) >= total - 1e-9


def test_entropy_in_bits() -> None:
    assert entropy([]) == 0.0
    assert entropy(["the"] * 50) == 0.0
    assert entropy(["a", "b", "c", "d"]) == pytest.approx(2.0)
    assert entropy(["a", "a", "b", "c"]) == pytest.approx(1.5)
