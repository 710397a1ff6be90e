"""Full disks, dying servers, damaged models and two nights at once: a clear end, and the next run goes on."""

import fcntl
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from data.settings import Settings
from tests.faults.harness import Runner, live, new_home, outcome, settings_of

FULL = {"ingest": 4096, "mix": 4096, "train": 8192, "examine": 65536}


@pytest.fixture(scope="module")
def tried(nights: Runner, prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, dict]:
    """A home after every accident in turn, with what each run ended with."""
    settings = new_home(prepared, tmp_path_factory.mktemp("accidents") / "home")
    ends: dict[str, Any] = {}
    before = live(settings)
    for stage, limit in FULL.items():
        ends[f"full at {stage}"] = nights.run(settings.home, full=[stage, limit])
        assert live(settings) == before, stage
    ends["server"] = nights.run(settings.home, spoil="server")
    assert live(settings) == before
    return settings, ends


def test_every_accident_ends_in_an_error_that_says_what_happened(tried: tuple[Settings, dict]) -> None:
    for what, (code, end) in tried[1].items():
        assert code == 0 and end["type"] == "FAILED", (what, end)
        assert "Traceback" not in end["error"], what
        words = ("did not answer", "model server") if what == "server" else ("space", "File too large")
        assert any(word in end["error"] for word in words), (what, end["error"])


@pytest.mark.parametrize("accident", ["flipped", "cut"])
def test_a_model_damaged_before_publishing_never_goes_live(
    nights: Runner, tried: tuple[Settings, dict], tmp_path: Path, accident: str
) -> None:
    shutil.copytree(tried[0].home, tmp_path / "home")
    settings = settings_of(tmp_path / "home")
    before = live(settings)
    code, end = nights.run(settings.home, spoil=accident)
    assert code == 0 and end["type"] == "FAILED" and "model-00002" in end["error"], end
    assert live(settings) == before


def test_of_two_nights_at_once_the_second_is_refused_and_the_first_ends_well(
    nights: Runner, tried: tuple[Settings, dict], prepared: Path, tmp_path: Path
) -> None:
    settings = tried[0]
    calm = new_home(prepared, tmp_path / "calm")
    assert nights.run(calm.home)[1]["name"] == "Published"

    first = nights.start(settings.home)
    _until_held(settings.home / "locks" / "night.lock")
    os.kill(first, signal.SIGSTOP)  # so that it cannot end before the second one has asked
    try:
        code, end = nights.run(settings.home)
    finally:
        os.kill(first, signal.SIGCONT)
    assert code == 0 and end["type"] == "FAILED"
    assert "Another run holds the night lock" in end["error"]
    assert nights.end(first) == 0
    assert outcome(settings) == outcome(calm)


def _until_held(lock: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with lock.open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        time.sleep(0.01)
    raise AssertionError("the first night never took its lock")
