"""The live model is asked where it answers: through the gateway while one runs."""

from pathlib import Path
from typing import Any

import pytest

from data.errors import BadInput
from data.records import Probe
from data.settings import Settings
from tasks import asking
from tests.models.standing_gateway import generation, standing

PROBE = Probe("one", "direct", "What is my dog called?", ("two",))


def test_the_gateway_answers_and_is_asked_for_its_state_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[dict[str, Any] | None] = []
    real = asking.gateway_status

    def look(settings: Settings) -> dict[str, Any] | None:
        looks.append(real(settings))
        return looks[-1]

    monkeypatch.setattr(asking, "gateway_status", look)
    with standing(tmp_path) as gate:
        live = generation(gate.registry, "2026-10-05")
        gate.do(gate.gateway.pool.publish(live))
        answers = asking.ask_live([PROBE], gate.settings, run="test")
        assert gate.live().alias == live
    assert [answer.outcome for answer in answers] == ["right"]
    assert len(looks) == 1


def test_nothing_is_asked_before_the_first_publish(tmp_path: Path) -> None:
    with standing(tmp_path) as gate, pytest.raises(BadInput, match="No model has been published"):
        asking.ask_live([PROBE], gate.settings, run="test")
