"""What the driver says about the card, as it was recorded, and the waits that follow from it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.errors import BackendError
from data.settings import Card
from models.card import Reading, parse_card, parse_workers, read_card, sparing, stranger, workers
from tests.models.nvidia import install

OLD_DRIVER = """\
# gpu        pid  type    sm   mem   enc   dec   command
# Idx          #   C/G     %     %     %     %   name
    0       1452     G     3     1     -     -   Xorg
    0      81234     C    97    61     -     -   python3
    0      81300   C+G     -     -     -     -   gnome-shell
"""
NEW_DRIVER = """\
# gpu         pid   type     sm    mem    enc    dec    jpg    ofa    command
# Idx           #    C/G      %      %      %      %      %      %    name
    0      81234     C     97     61      -      -      -      -    python3
    1      90000     C     50     11      -      -      -      -    other
    2          -     -      -      -      -      -      -      -    -
"""


def test_the_first_card_is_read_with_its_memory_in_gigabytes() -> None:
    found = parse_card(
        "NVIDIA GeForce RTX 4090, 550.54.14, 24564, 23011, 41, 68.42\nTesla T4, 550.54.14, 15360, 1, 30, 9\n"
    )
    assert found == Reading("NVIDIA GeForce RTX 4090", "550.54.14", 24564 / 1024, 23011 / 1024, 41.0, 68.42)


@pytest.mark.parametrize("untold", ["[N/A]", "[Not Supported]", "N/A"])
def test_what_a_card_does_not_tell_is_not_guessed(untold: str) -> None:
    found = parse_card(f"NVIDIA H200, 570.86.15, 143771, 143000, {untold}, {untold}\n")
    assert found.celsius is None and found.watts is None and found.free_gb > 139


@pytest.mark.parametrize("text", ["", "No devices were found\n", "a, b, [N/A], 3, 4, 5\n"])
def test_an_unreadable_answer_is_an_error_and_no_card(text: str) -> None:
    with pytest.raises(BackendError, match="nvidia-smi"):
        parse_card(text)


def test_without_a_driver_there_is_no_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_card() is None and workers() == []


def test_a_driver_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "bin", monkeypatch)
    program = tmp_path / "bin" / "nvidia-smi"
    program.write_text("#!/bin/sh\necho 'Driver/library version mismatch'\nexit 18\n")
    with pytest.raises(BackendError, match="version mismatch.*driver"):
        read_card()
    assert workers() == [], "a driver that does not tell who works is no reason to wait"


@pytest.mark.parametrize(
    ("text", "names"), [(OLD_DRIVER, ["Xorg", "python3", "gnome-shell"]), (NEW_DRIVER, ["python3"])]
)
def test_the_processes_of_the_first_card_are_read_from_old_and_new_drivers(
    text: str, names: list[str]
) -> None:
    assert [worker.name for worker in parse_workers(text)] == names
    assert parse_workers(text)[-1 if text is NEW_DRIVER else 1].share == 97


def test_only_strangers_count_and_only_busy_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    found = parse_workers(OLD_DRIVER.replace("81234", str(here)))
    assert stranger(found, 25, ()) == found[1]
    assert stranger(found, 25, (here,)) is None
    assert stranger(found, 98, ()) is None
    assert stranger(parse_workers(OLD_DRIVER.replace("81234", "4194303")), 25, ()) is None, (
        "another container"
    )


class Body:
    """A card in a warm room: it warms while training works and cools while it rests."""

    def __init__(self, celsius: float | None = None, watts: float | None = None) -> None:
        self.celsius, self.watts, self.now, self.rests = celsius, watts, 0.0, 0.0
        self.lines: list[str] = []

    def read(self) -> Reading:
        return Reading("card", "1", 12, 11, self.celsius, self.watts)

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.rests += seconds
        if self.celsius is not None:
            self.celsius -= 2

    def train(self, card: Card, seconds: int) -> None:
        def tell(share: float, text: str) -> None:
            self.lines.append(text)

        report = sparing(tell, card, self.read, self.sleep, lambda: self.now)
        for _ in range(seconds):
            self.now += 1
            report(0.5, "step")


def test_a_hot_card_rests_until_it_is_cooler_and_says_so() -> None:
    body = Body(celsius=90)
    body.train(Card(hottest=85), 20)
    assert body.celsius is not None and body.celsius <= 80
    assert any("90 degrees" in line for line in body.lines)
    assert body.lines.count("step") == 20, "training goes on afterwards"


@pytest.mark.parametrize("body", [Body(celsius=84.9, watts=300), Body(), Body(watts=300)])
def test_a_card_within_its_limits_or_without_figures_never_rests(body: Body) -> None:
    body.train(Card(hottest=85), 30)
    assert body.rests == 0


def test_rests_bring_the_mean_power_down_to_the_limit() -> None:
    body = Body(watts=300)
    body.train(Card(most_watts=200), 100)
    assert 300 * (body.now - body.rests) / body.now == pytest.approx(200, rel=0.06)
