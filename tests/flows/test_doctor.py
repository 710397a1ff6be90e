"""The doctor: every finding says what to do, and what a crash leaves is repaired."""

import os
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import metadata
from pathlib import Path
from threading import Thread

import pytest

from data.night import Night
from data.settings import Settings
from data.store import Store
from models.registry import Record, Registry
from tasks import doctor
from tasks.common import exclusive
from tests.flows.tiny_night import DAY, ZONE, tiny_recipe, tiny_settings
from tests.models.nvidia import install


@pytest.fixture
def home(tmp_path: Path, tiny: Path) -> Settings:
    return tiny_settings(tmp_path / "home", tiny_recipe(tiny))


def of(settings: Settings, check: str) -> doctor.Finding:
    found = {one.check: one for one in doctor.examine(settings)}
    return found[check]


def generation(settings: Settings) -> Path:
    registry = Registry(settings.models)
    work = registry.create(str(DAY))
    (work / "model.gguf").write_bytes(b"weights" * 100)
    one = registry.commit(work, str(DAY), Record("b", "a", "r", "m", "l", 0, "Q8_0", 1.0))
    registry.point(one.id)
    return one.path


def test_whatever_is_not_well_comes_with_advice(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    home.database.write_bytes(b"no database " * 999)
    model = generation(home) / "model.gguf"
    model.write_bytes(b"x" * model.stat().st_size)
    monkeypatch.setattr(doctor, "LEAST_FREE_GB", 1e9)
    monkeypatch.setitem(doctor.PINS, "prefect", ((99, 0), (99, 1)))
    preset = home.recipe.model_copy(update={"preset": "/nowhere/lost.toml"})
    ill = list(doctor.examine(home.model_copy(update={"recipe": preset})))
    sick = {one.check: one for one in ill if not one.well}
    assert {"prefect", "disk", "store", "base model", "live model"} <= set(sick)
    assert all(one.advice for one in sick.values())
    assert "make setup" in sick["prefect"].advice and "nocturne.duckdb" in sick["store"].advice
    assert "Roll back" in sick["live model"].advice and "lost.toml" in sick["base model"].advice


def test_a_new_home_is_well(home: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    ill = [one for one in doctor.examine(home) if not one.well]
    assert ill == []
    assert doctor.run(home, fetch=False, as_json=True) == 0
    assert '"well": true' in capsys.readouterr().out


def test_folders_and_files_are_closed_to_others(home: Settings) -> None:
    Store(home.database).close()
    opened = [home.home, home.inbox, home.database]
    for path in opened:
        path.chmod(0o755)
    assert "3 were readable" in of(home, "home folder").seen
    assert [path.stat().st_mode & 0o077 for path in opened] == [0, 0, 0]
    assert "private" in of(home, "home folder").seen


def test_a_night_left_pending_is_named(home: Settings) -> None:
    with Store(home.database) as store:
        store.nights.begin(Night(DAY, ZONE), "r", "i")
    finding = of(home, f"night {DAY}")
    assert not finding.well and f"flows night {DAY}" in finding.advice


@pytest.fixture
def litter(home: Settings) -> Iterator[list[Path]]:
    """What kills leave behind: drafts, an export without manifest, a work folder, half a generation."""
    registry = Registry(home.models)
    generation(home)
    night = home.work / str(DAY)
    (night / f".candidate-Q8_0-1.0.gguf.{os.getpid()}").mkdir(parents=True)
    half = registry.folder / f"{DAY}-0badcafe"
    half.mkdir()
    work = registry.folder / ".work-2026-10-05-x"
    work.mkdir()
    files = [
        night / "candidate-Q8_0-1.0.gguf",
        night / "checkpoint.part",
        home.reports / f"{DAY}.part",
        home.models / f".live.json.{os.getpid()}.draft",
    ]
    for path in files:
        path.write_text("half")
    yield [*files, half, work, *night.glob(".candidate*")]


def test_leftovers_of_a_crash_are_removed(home: Settings, litter: list[Path]) -> None:
    live = Registry(home.models).live()
    assert of(home, "leftovers").seen == f"{len(litter)} removed"
    assert [path for path in litter if path.exists()] == []
    assert Registry(home.models).live() == live
    assert of(home, "leftovers").seen == "none"


def test_a_running_night_keeps_its_own_files(home: Settings, litter: list[Path]) -> None:
    with exclusive(home, "night"):
        doctor.tidy(home)
    assert (home.work / str(DAY) / "candidate-Q8_0-1.0.gguf").exists()


def test_a_damaged_generation_is_named(home: Settings) -> None:
    path = generation(home)
    (path / "model.gguf").write_bytes(b"cut")
    finding = of(home, f"generation {path.name}")
    assert not finding.well and "--redo" in finding.advice
    assert not of(home, "live model").well


def test_a_taken_port_is_named(home: Settings) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        taken = home.model_copy(update={"serve": home.serve.model_copy(update={"port": port})})
        finding = of(taken, "gateway")
    assert not finding.well and "NOCTURNE_SERVE__PORT" in finding.advice


@pytest.fixture
def card(home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A 12 GB card that torch can use, with Unsloth there."""
    install(tmp_path / "bin", monkeypatch)
    monkeypatch.setattr(doctor, "torch_cuda", lambda: ("12.8", True))
    real = metadata.version
    monkeypatch.setattr(doctor.metadata, "version", lambda name: VERSIONS.get(name) or real(name))
    yield tmp_path / "bin" / "nvidia-smi"


VERSIONS = {"unsloth": "2026.10.7", "bitsandbytes": "0.50.2"}


def on_the_card(home: Settings, **train: object) -> dict[str, doctor.Finding]:
    recipe = home.recipe.model_copy(update={"train": home.recipe.train.model_copy(update=train)})
    found = doctor._card(home.model_copy(update={"recipe": recipe}))
    return {one.check: one for one in found}


def test_a_card_is_named_with_driver_memory_and_the_preset_that_fits(card: Path, home: Settings) -> None:
    found = on_the_card(home, backend="auto")
    assert all(one.well for one in found.values())
    for word in ("RTX 3060", "driver 550.54.14", "12 GB", "10.7 GB free", "qwen3-4b-instruct"):
        assert word in found["graphics card"].seen
    assert "CUDA 12.8" in found["cuda"].seen
    assert found["unsloth"].seen == "2026.10.7"


@pytest.mark.parametrize(
    ("gigabytes", "preset"),
    [(4, "smollm2-135m"), (12, "qwen3-4b-instruct"), (16, "qwen3-8b"), (24, "qwen3-8b")],
)
def test_each_size_of_card_gets_a_preset_that_nights_are_proven_on(gigabytes: int, preset: str) -> None:
    assert doctor._fitting_preset(gigabytes) == preset


def test_a_card_without_unsloth_is_told_what_to_install(
    card: Path, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "version", absent)
    found = on_the_card(home, backend="auto")
    assert not found["unsloth"].well and "make gpu" in found["unsloth"].advice
    assert all(one.well for one in on_the_card(home, backend="trl").values()), "the CPU was asked for"


@pytest.mark.parametrize(("build", "word"), [((None, False), "make setup"), (("12.8", False), "driver")])
def test_a_torch_that_cannot_use_the_card_is_named(
    card: Path, home: Settings, monkeypatch: pytest.MonkeyPatch, build: tuple[str | None, bool], word: str
) -> None:
    monkeypatch.setattr(doctor, "torch_cuda", lambda: build)
    finding = on_the_card(home, backend="auto")["cuda"]
    assert not finding.well and word in finding.advice


def test_a_preset_too_large_for_the_card_names_one_that_fits(card: Path, home: Settings) -> None:
    recipe = home.recipe.model_copy(update={"preset": "qwen3-8b"})
    found = on_the_card(home.model_copy(update={"recipe": recipe}), backend="auto")
    assert not found["preset"].well and "qwen3-4b-instruct" in found["preset"].advice


def test_a_card_whose_driver_fails_is_named(card: Path, home: Settings) -> None:
    card.write_text("#!/bin/sh\nexit 9\n")
    finding = of(home, "graphics card")
    assert not finding.well and "driver" in finding.advice


@pytest.mark.parametrize(("body", "well"), [(b'{"schedules": [{"active": true}]}', True), (b"hello", False)])
def test_the_schedule_is_asked_of_this_machine_and_of_no_proxy(
    home: Settings, monkeypatch: pytest.MonkeyPatch, body: bytes, well: bool
) -> None:
    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setattr(doctor, "running", lambda settings: object())
    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.handle_request, daemon=True).start()
        serve = home.serve.model_copy(update={"prefect_port": server.server_port})
        [finding] = doctor._schedule(home.model_copy(update={"serve": serve}))
    assert finding.well == well


def test_a_file_that_cannot_be_touched_costs_its_own_check_only(
    home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(settings: Settings) -> Iterator[doctor.Finding]:
        raise PermissionError(1, "Operation not permitted", "report.html")

    monkeypatch.setattr(doctor, "_home", refuse)
    found = {one.check: one for one in doctor.examine(home)}
    assert not found["home folder"].well and "report.html" in found["home folder"].advice
    assert found["disk"].well


def test_a_missing_schedule_is_named(home: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "running", lambda settings: object())
    finding = of(home, "schedule")
    assert not finding.well and "make up" in finding.advice
