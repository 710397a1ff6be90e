"""The alarm over nights: small losses add up, noise and good nights do not."""

import pytest

from data.records import GateResult
from data.settings import Gates
from quality.drift import NIGHTS, drift
from quality.gates import passed

SETTINGS = Gates()


def night(recall: float, lost: float = 0.0, n: int = 40) -> list[GateResult]:
    return [
        GateResult("recall", True, recall, 0.7, n),
        GateResult("general knowledge", True, lost, 0.1, n),
    ]


def after(*nights: list[GateResult]) -> GateResult:
    *before, tonight = nights
    return drift([{gate.name: gate for gate in one} for one in before], tonight, SETTINGS)


def test_a_first_night_has_nothing_to_compare_with() -> None:
    alarm = after(night(0.9, 0.5))
    assert alarm.passed and "no earlier" in alarm.detail


@pytest.mark.parametrize("swing", [0.03, 0.05])
def test_nights_that_swing_around_their_mean_raise_no_alarm(swing: float) -> None:
    swinging = [night(0.9 + (swing if place % 2 else -swing), swing * (place % 2)) for place in range(60)]
    assert all(after(*swinging[:end]).passed for end in range(1, 61))


def test_a_slow_decline_that_every_night_passes_is_an_alarm_with_its_figure() -> None:
    declining = [night(0.97 - 0.02 * place) for place in range(11)]
    alarms = [after(*declining[:end]) for end in range(2, 12)]
    assert alarms[0].passed and not alarms[-1].passed
    assert alarms[-1].figure > alarms[-1].threshold
    assert "recall" in alarms[-1].detail and "11 nights" in alarms[-1].detail


def test_general_knowledge_lost_night_after_night_is_an_alarm() -> None:
    losing = [night(0.9, 0.09)] * 5
    assert after(*losing[:2]).passed and not after(*losing).passed


def test_good_nights_end_the_alarm_and_old_ones_are_forgotten() -> None:
    bad = [night(0.9, 0.2)] * 3
    assert not after(*bad).passed
    assert after(*bad, *[night(0.9)] * 9).passed
    assert after(*bad, *[night(0.9, 0.05)] * (NIGHTS + 1)).passed
    assert not after(*bad, *[night(0.9, 0.05)] * (NIGHTS - 3)).passed


def test_a_gate_that_asked_nothing_says_nothing() -> None:
    assert after(night(0.9), night(0.0, n=0), night(0.9)).figure == 0.0


def test_it_advises_unless_a_person_makes_it_bind() -> None:
    alarm = after(night(0.9, 0.3), night(0.9, 0.3))
    assert not alarm.passed
    good = GateResult("recall", True, 0.9, 0.7, 40)
    assert passed([good, alarm], SETTINGS.advisory) and not passed([good, alarm], ())
