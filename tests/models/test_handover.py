"""Lending the card: who answers while training holds it, and that the model always comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from data.errors import BackendError
from data.records import Example
from data.settings import CHECKOUT, Card, Settings, Train
from models import handover
from models.handover import lend_card
from models.trainer import Trained, train
from tests.models.nvidia import Nvidia, install
from tests.models.standing_gateway import Standing, standing, until
from tests.models.tiny import TinyBase, make_tiny_base
from tests.models.tiny_gguf import make_tiny

SMALL = 4000
RECIPE = Train(
    passes=30,
    rate=5e-3,
    outer_rate=1.0,
    batch_rows=4,
    warmup_steps=1,
    threads=1,
    backend="trl",
    checkpoint_seconds=0,
)
Tell = Callable[[float, str], None]


def quiet(share: float, text: str) -> None:
    """Nobody watches."""


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "WATCH_SECONDS", 0.05)
    monkeypatch.setattr(handover, "ROOM_SECONDS", 0.2)


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nvidia:
    """A 12 GB card on which training and the live model do not fit together."""
    found = install(tmp_path / "bin", monkeypatch)
    found.says(free=SMALL)
    return found


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Standing]:
    with standing(tmp_path / "home") as running:
        yield running


def with_card(gate: Standing, **values: Any) -> Settings:
    return gate.settings.model_copy(update={"card": Card(**{"quiet_seconds": 0.3, **values})})


def sleeping_while(gate: Standing, card: Nvidia) -> Callable[[Tell], dict[str, Any]]:
    """Work that notes what the gateway says meanwhile; the driver sees the memory come free."""

    def work(tell: Tell) -> dict[str, Any]:
        return {"status": gate.status(), "answer": gate.post().status_code}

    return work


def room_once_unloaded(gate: Standing, card: Nvidia, monkeypatch: pytest.MonkeyPatch) -> None:
    """The driver reports room as soon as no model is on the card."""
    real = handover.read_card

    def read() -> Any:
        loaded = [c for c in gate.gateway.pool.children.values() if gate.fleet.newest(c.id).on_card]
        card.says(free=SMALL if loaded else 11000)
        return real()

    monkeypatch.setattr(handover, "read_card", read)


@pytest.fixture
def crowded(gate: Standing, card: Nvidia, monkeypatch: pytest.MonkeyPatch) -> Standing:
    room_once_unloaded(gate, card, monkeypatch)
    return gate


def test_where_both_fit_the_live_model_stays(gate: Standing, card: Nvidia) -> None:
    card.says(free=11000)
    seen = lend_card(with_card(gate, handover="pause"), 10, sleeping_while(gate, card), quiet)
    assert seen["answer"] == 200 and not seen["status"]["paused"]
    assert gate.events() == ["started"]


def test_a_model_without_room_answers_from_the_processor_and_comes_back(
    crowded: Standing, card: Nvidia
) -> None:
    seen = lend_card(with_card(crowded), 10, sleeping_while(crowded, card), quiet)
    assert seen["answer"] == 200 and seen["status"]["paused"]
    first, second, third = crowded.fleet.fakes["base"]
    assert (first.on_card, second.on_card, third.on_card) == (True, False, True)
    assert len(second.asked) == 1
    until(lambda: first.dead and second.dead)
    assert crowded.post().status_code == 200 and len(third.asked) == 1
    assert not crowded.status()["paused"]


def test_a_model_the_processor_cannot_load_sleeps_instead(
    crowded: Standing, card: Nvidia, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(gguf: Path, alias: str) -> Any:
        raise BackendError("memory is short")

    monkeypatch.setattr(crowded.gateway.pool, "aside", full)
    seen = lend_card(with_card(crowded, wake=False), 10, sleeping_while(crowded, card), quiet)
    assert seen["answer"] == 503
    assert crowded.post().status_code == 200
    assert "not moved off the card" in crowded.events()


def test_by_setting_the_model_sleeps_and_wakes_afterwards(crowded: Standing, card: Nvidia) -> None:
    seen = lend_card(
        with_card(crowded, handover="pause", wake=False), 10, sleeping_while(crowded, card), quiet
    )
    assert seen["answer"] == 503 and seen["status"]["paused"]
    assert crowded.post().status_code == 200


def test_a_failed_training_brings_the_model_back(crowded: Standing) -> None:
    def fail(tell: Tell) -> None:
        raise BackendError("out of memory")

    with pytest.raises(BackendError, match="out of memory"):
        lend_card(with_card(crowded, handover="pause"), 10, fail, quiet)
    assert crowded.post().status_code == 200


def test_keep_changes_nothing_and_a_full_card_is_named(gate: Standing, card: Nvidia) -> None:
    with pytest.raises(BackendError, match="RTX 3060, and 3.9 GB are free"):
        lend_card(with_card(gate, handover="keep"), 10, lambda tell: None, quiet)
    assert gate.post().status_code == 200 and gate.events() == ["started"]


def test_without_a_gateway_there_is_nothing_to_move(tmp_path: Path, card: Nvidia) -> None:
    card.says(free=11500)
    settings = Settings(home=tmp_path / "nobody")
    assert lend_card(settings, 10, lambda tell: "done", quiet) == "done"


HOLDER = """
import sys, time
from pathlib import Path
from data.settings import Card, load_settings
from models.handover import stepped_aside
settings = load_settings({}, home=Path(sys.argv[1]), card={"handover": "pause"})
with stepped_aside(settings, 10):
    print("holding", flush=True)
    time.sleep(600)
"""


def test_a_killed_night_gives_the_card_back(gate: Standing, card: Nvidia) -> None:
    """The driver is gone from the holder's path, which counts as a card without room."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(gate.settings.home)],
        cwd=CHECKOUT,
        env={"PATH": "/nowhere", "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout and holder.stdout.readline() == "holding\n"
    assert gate.status()["paused"]
    holder.send_signal(signal.SIGKILL)
    holder.communicate()
    until(lambda: not gate.status()["paused"])
    assert gate.post().status_code == 200


def test_training_waits_for_another_program_and_gives_up_in_the_end(gate: Standing, card: Nvidia) -> None:
    card.says(free=11000)
    card.works(os.getppid(), 60)
    lines: list[str] = []
    with pytest.raises(BackendError, match=r"blender uses 60 %.*Run the night again"):
        lend_card(
            with_card(gate, patience_seconds=0.2), 10, lambda tell: None, lambda s, text: lines.append(text)
        )
    assert any("waiting: blender" in line for line in lines)
    card.works(os.getppid(), 10)
    assert lend_card(with_card(gate), 10, lambda tell: "done", quiet) == "done"


def test_a_program_that_comes_in_between_ends_training_until_it_is_gone(gate: Standing, card: Nvidia) -> None:
    card.says(free=11000)
    starts = []

    def work(tell: Tell) -> str:
        starts.append(time.monotonic())
        if len(starts) == 1:
            card.works(os.getppid(), 80)
            threading.Timer(0.5, card.works).start()
        for _ in range(20):
            time.sleep(0.02)
            tell(0.5, "step")
        return "done"

    assert lend_card(with_card(gate, busy_percent=50), 10, work, quiet) == "done"
    assert len(starts) == 2 and starts[1] - starts[0] > 0.5


def test_our_own_processes_are_no_reason_to_wait(gate: Standing, card: Nvidia) -> None:
    card.says(free=11000)
    child = subprocess.Popen(["sleep", "60"])
    try:
        for ours in (os.getpid(), child.pid):
            card.works(ours, 99)
            assert lend_card(with_card(gate, patience_seconds=0), 10, lambda tell: "done", quiet) == "done"
    finally:
        child.kill()
        child.wait()


def facts() -> list[Example]:
    return [
        Example(f"r{n}", "direct", f"m{n}", "You remember.", f"My {w}?", "Bo", value="Bo")
        for n, w in enumerate(["dog", "tea", "car", "cat"])
    ]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> TinyBase:
    return make_tiny_base(tmp_path_factory.mktemp("base"))


def test_a_chat_ends_the_training_gets_its_answer_and_training_ends_with_the_same_adapter(
    crowded: Standing, base: TinyBase, tmp_path: Path
) -> None:
    """Tiny but real training, interrupted by a person who chats with the sleeping model."""
    alone = train(facts(), base, tmp_path / "alone", RECIPE, seed=3)
    starts: list[int] = []

    def work(tell: Tell) -> Trained:
        starts.append(1)

        def slowly(share: float, text: str) -> None:
            time.sleep(0.05)
            tell(share, text)

        return train(facts(), base, tmp_path / "lent", RECIPE, seed=3, progress=slowly)

    with ThreadPoolExecutor() as pool:
        lent = pool.submit(lend_card, with_card(crowded, handover="pause"), 10, work, quiet)
        until(lambda: (tmp_path / "lent" / "checkpoint.pt").exists())
        assert crowded.status()["paused"]
        assert crowded.post().status_code == 200, "the chat waits for the model and is answered"
        assert not crowded.status()["paused"]
        assert lent.result(60).digest == alone.digest
    assert len(starts) == 2
    assert crowded.post().status_code == 200


def test_a_real_model_server_is_unloaded_and_loaded_again(tmp_path: Path, card: Nvidia) -> None:
    """The gateway as a program with llama.cpp's server behind it; the card is only said to be small."""
    model = make_tiny(tmp_path / "tiny") / "template.gguf"
    home = tmp_path / "home"
    gateway = subprocess.Popen(
        [sys.executable, "-m", "models.gateway", "--home", str(home), "--fallback", str(model), "--attached"],
        cwd=CHECKOUT,
        env={**os.environ, "NOCTURNE_SERVE__PORT": "0", "NOCTURNE_SERVE__CONTEXT": "256"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert gateway.stdout and gateway.stdout.readline().startswith("http")
        settings = Settings(home=home, card=Card(handover="pause"))
        before = _servers(settings)
        with pytest.raises(BackendError, match="are free"):
            lend_card(settings, 10, lambda tell: None, quiet)
        assert before and _servers(settings) and set(_servers(settings)).isdisjoint(before)
        card.says(free=11000)
        assert lend_card(settings, 10, lambda tell: _servers(settings), quiet) == _servers(settings)
    finally:
        gateway.communicate()


def _servers(settings: Settings) -> list[int]:
    status = handover.gateway_status(settings)
    assert status is not None
    return [one["pid"] for one in status["servers"]]
