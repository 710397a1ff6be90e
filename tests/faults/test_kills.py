"""A night killed again and again ends as if nothing had happened; the old model serves until then."""

from pathlib import Path
from typing import Any

import pytest

from tests.faults.harness import Runner, Storm, leftovers, new_home, outcome, storm

ROUTE = (
    "curate:transaction",
    "dream:after",
    "train:writing a checkpoint",
    "examine:writing tensors",
    "examine:manifest, not renamed",
    "publish:manifest without pointer",
    "report:written, not renamed",
)


@pytest.fixture(scope="module")
def undisturbed(nights: Runner, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a night leaves that nothing disturbed."""
    settings = new_home(prepared, tmp_path_factory.mktemp("calm") / "home")
    code, state = nights.run(settings.home)
    assert code == 0 and state["name"] == "Published", state
    return outcome(settings)


@pytest.fixture(scope="module")
def stormy(nights: Runner, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Storm:
    """A night that was killed at every point of the route, one after the other, and then finished."""
    from tasks.doctor import tidy

    result = storm(nights, prepared, tmp_path_factory.mktemp("storm") / "home", ROUTE)
    tidy(result.settings)
    return result


def test_every_kill_struck_and_the_live_model_stayed(stormy: Storm) -> None:
    assert (stormy.injected, stormy.missed, stormy.broken) == (list(ROUTE), [], [])


def test_a_killed_night_ends_like_an_undisturbed_one(stormy: Storm, undisturbed: dict[str, Any]) -> None:
    assert stormy.state["name"] == "Published"
    assert outcome(stormy.settings) == undisturbed


def test_finished_stages_are_not_repeated(stormy: Storm) -> None:
    assert stormy.repeated() == {}


def test_nothing_half_made_stays(stormy: Storm) -> None:
    assert leftovers(stormy.settings) == []
