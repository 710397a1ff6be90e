"""Which generation answers: publishes and rollbacks, deaths of servers, pauses, the watch after a publish."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.errors import PublishError
from data.settings import load_settings
from models import gateway_pool
from models.gateway_client import (
    pause_gateway,
    publish_to_gateway,
    resume_gateway,
    rollback_gateway,
)
from models.registry import Registry
from tests.models.fake_upstream import stream_bytes
from tests.models.standing_gateway import CHAT, PATH, Standing, generation, standing, until

GENERATION = "x-nocturne-generation"


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Standing]:
    with standing(tmp_path) as running:
        yield running


def test_publish_and_rollback_move_the_clients_and_the_durable_pointer(gate: Standing) -> None:
    old, new = generation(gate.registry, "2026-01-01"), generation(gate.registry, "2026-01-02")
    assert publish_to_gateway(gate.settings, old)
    assert publish_to_gateway(gate.settings, new)
    assert gate.post({**CHAT, "model": new}).headers[GENERATION] == new
    assert gate.post({**CHAT, "model": old}).status_code == 404
    assert gate.registry.pointer().live == new
    assert rollback_gateway(gate.settings, None)
    assert gate.post().headers[GENERATION] == old
    assert gate.registry.pointer().live == old
    assert rollback_gateway(gate.settings, "base")
    assert gate.post().headers[GENERATION] == "base"
    assert gate.registry.pointer().live is None


def test_two_generations_stay_warm_and_a_third_is_let_go(gate: Standing) -> None:
    names = [generation(gate.registry, f"2026-01-0{day}") for day in (1, 2, 3)]
    for name in names:
        publish_to_gateway(gate.settings, name)
    until(lambda: gate.fleet.newest(names[0]).dead)
    assert gate.status()["warm"] == names[1:]
    rollback_gateway(gate.settings)
    assert len(gate.fleet.fakes[names[1]]) == 1


def test_a_long_answer_is_finished_by_the_generation_that_began_it(gate: Standing) -> None:
    names = [generation(gate.registry, f"2026-01-0{day}") for day in (1, 2, 3)]
    publish_to_gateway(gate.settings, names[0])
    began = gate.live()
    began.mode = "slow"
    with ThreadPoolExecutor(1) as pool:
        reply = pool.submit(gate.post, {**CHAT, "stream": True})
        until(lambda: began.asked and gate.status()["in_flight"] == 1)
        publish_to_gateway(gate.settings, names[1])
        publish_to_gateway(gate.settings, names[2])
        assert not began.dead
        began.gate.set()
        assert reply.result().content == stream_bytes(names[0])
    until(lambda: began.dead)


@pytest.mark.parametrize("fault", ["damaged", "empty", "error"])
def test_a_generation_that_cannot_answer_is_not_published(gate: Standing, fault: str) -> None:
    good = generation(gate.registry, "2026-01-01")
    publish_to_gateway(gate.settings, good)
    bad = generation(gate.registry, "2026-01-02", b"damaged" if fault == "damaged" else b"")
    gate.fleet.mode[bad] = fault
    with pytest.raises(PublishError, match="not published"):
        publish_to_gateway(gate.settings, bad)
    assert gate.post().headers[GENERATION] == good
    assert gate.registry.pointer().live == good
    assert "not published" in gate.events()


def test_a_rejected_generation_is_never_served_and_not_kept_loaded(gate: Standing) -> None:
    name = generation(gate.registry, "2026-01-01")
    gate.registry.set_status(name, "rejected")
    with pytest.raises(PublishError, match="never served"):
        publish_to_gateway(gate.settings, name)
    until(lambda: gate.fleet.newest(name).dead)
    assert gate.status()["warm"] == ["base"]


def test_an_unknown_generation_is_named_in_the_refusal(gate: Standing) -> None:
    with pytest.raises(PublishError, match="no generation '2026-09-09-deadbeef'"):
        publish_to_gateway(gate.settings, "2026-09-09-deadbeef")
    with pytest.raises(PublishError, match="Nothing was ever published"):
        rollback_gateway(gate.settings)


def test_when_the_live_server_dies_the_warm_one_stands_in_until_it_is_back(gate: Standing) -> None:
    old, new = generation(gate.registry, "2026-01-01"), generation(gate.registry, "2026-01-02")
    publish_to_gateway(gate.settings, old)
    publish_to_gateway(gate.settings, new)
    gate.live().mode = "die"
    assert gate.post().status_code == 200
    until(lambda: gate.status()["generation"] == new)
    assert gate.post().headers[GENERATION] == new
    assert gate.registry.pointer().live == new
    assert {"crashed", "restarted"} <= set(gate.events())


def test_after_a_start_the_generation_before_stands_in_for_a_live_one_that_dies(tmp_path: Path) -> None:
    registry = Registry(load_settings({}, home=tmp_path).models)
    old, new = generation(registry, "2026-01-01"), generation(registry, "2026-01-02")
    registry.point(old)
    registry.point(new)
    with standing(tmp_path) as gate:
        until(lambda: set(gate.status()["warm"]) == {old, new})
        assert gate.post().headers[GENERATION] == new
        registry.get(new).gguf.write_bytes(b"damaged")
        gate.live().mode = "die"
        assert gate.post().headers[GENERATION] == old


def test_a_rejected_generation_stands_in_for_nobody(tmp_path: Path) -> None:
    registry = Registry(load_settings({}, home=tmp_path).models)
    old, new = generation(registry, "2026-01-01"), generation(registry, "2026-01-02")
    registry.point(old)
    registry.point(new)
    registry.set_status(old, "rejected")
    with standing(tmp_path) as gate:
        until(lambda: "standing by" in gate.events())
        assert set(gate.status()["warm"]) == {new, "base"}


def test_with_one_warm_generation_nothing_else_is_loaded(tmp_path: Path) -> None:
    registry = Registry(load_settings({}, home=tmp_path).models)
    name = generation(registry, "2026-01-01")
    registry.point(name)
    with standing(tmp_path, warm=1) as gate:
        pause_gateway(gate.settings)
        resume_gateway(gate.settings)
        assert gate.status()["warm"] == [name]
        assert "standing by" not in gate.events()


def test_pause_unloads_every_model_and_resume_brings_the_live_one_back(gate: Standing) -> None:
    name = generation(gate.registry, "2026-01-01")
    publish_to_gateway(gate.settings, name)
    servers = [fake for fakes in gate.fleet.fakes.values() for fake in fakes]
    assert pause_gateway(gate.settings)
    assert all(fake.dead for fake in servers)
    reply = gate.post()
    assert reply.status_code == 503 and int(reply.headers["retry-after"]) > 0
    with gate.client() as client:
        assert client.get("/health").status_code == 503
    assert resume_gateway(gate.settings)
    assert gate.post().headers[GENERATION] == name


def test_a_pause_ends_when_the_process_that_asked_for_it_is_gone(gate: Standing) -> None:
    gate.do(gate.gateway.pool.pause(holder=2**22 - 7))
    until(lambda: not gate.status()["paused"])
    assert gate.post().status_code == 200


def test_the_watch_after_a_publish_rolls_back_what_goes_bad_and_never_serves_it_again(tmp_path: Path) -> None:
    with standing(tmp_path, bake_seconds=60, bake_every=0.05) as gate:
        old, new = generation(gate.registry, "2026-01-01"), generation(gate.registry, "2026-01-02")
        publish_to_gateway(gate.settings, old)
        publish_to_gateway(gate.settings, new)
        gate.live().mode = "empty"
        until(lambda: gate.registry.get(new).status == "rejected")
        assert gate.post().headers[GENERATION] == old
        assert gate.registry.pointer().live == old
        with pytest.raises(PublishError):
            publish_to_gateway(gate.settings, new)
    assert "rolled back" in gate.events()
    assert "the watch" in (gate.settings.logs / "events.jsonl").read_text()


def test_a_high_share_of_failed_requests_rolls_the_first_generation_back_to_the_base(tmp_path: Path) -> None:
    with standing(tmp_path, bake_seconds=60, bake_every=30) as gate:
        name = generation(gate.registry, "2026-01-01")
        publish_to_gateway(gate.settings, name)
        gate.live().mode = "error"
        for _ in range(10):
            gate.post()
        until(lambda: gate.status()["generation"] == "base")
        until(lambda: gate.registry.get(name).status == "rejected")


def test_a_bake_that_stays_good_ends_by_itself(tmp_path: Path) -> None:
    with standing(tmp_path, bake_seconds=0.2, bake_every=0.05) as gate:
        name = generation(gate.registry, "2026-01-01")
        publish_to_gateway(gate.settings, name)
        until(lambda: "baked" in gate.events())
        assert gate.post().headers[GENERATION] == name


def test_a_damaged_live_model_at_start_lets_the_one_before_serve(tmp_path: Path) -> None:
    registry = Registry(load_settings({}, home=tmp_path).models)
    old, new = generation(registry, "2026-01-01"), generation(registry, "2026-01-02", b"damaged")
    registry.point(old)
    registry.point(new)
    with standing(tmp_path) as gate:
        assert gate.post().headers[GENERATION] == old
        assert gate.events()[:2] == ["not started", "started"]


def test_flips_under_load_cut_nothing(gate: Standing) -> None:
    names = [generation(gate.registry, f"2026-01-0{day}") for day in (1, 2)]
    publish_to_gateway(gate.settings, names[0])
    stop, problems, answers = threading.Event(), [], []

    def run(stream: bool) -> None:
        with gate.client() as client:
            while not stop.is_set():
                reply = client.post(PATH, json={**CHAT, "stream": stream})
                whole = "[DONE]" in reply.text or not stream
                (answers if reply.status_code == 200 and whole else problems).append(
                    reply.headers[GENERATION]
                )

    with ThreadPoolExecutor(4) as pool:
        running = [pool.submit(run, number % 2 == 0) for number in range(4)]
        for _ in range(5):
            publish_to_gateway(gate.settings, names[1])
            rollback_gateway(gate.settings)
        stop.set()
        for one in running:
            one.result()
    assert problems == []
    assert set(answers) <= set(names) and answers


def test_a_warm_generation_whose_file_was_deleted_is_forgotten_by_memory_too(
    gate: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = generation(gate.registry, "2026-01-01"), generation(gate.registry, "2026-01-02")
    publish_to_gateway(gate.settings, old)
    publish_to_gateway(gate.settings, new)
    monkeypatch.setattr(gateway_pool, "HEALTH_SECONDS", 0.1)
    gate.registry.remove(old)
    until(lambda: gate.fleet.newest(old).dead)
    assert gate.status()["warm"] == [new]


def test_a_server_that_hangs_is_replaced(gate: Standing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway_pool, "HEALTH_SECONDS", 0.05)
    hung = gate.live()
    hung.alias = "somebody else"
    until(lambda: len(gate.fleet.fakes["base"]) == 2)
    until(lambda: hung.dead)
    assert gate.post().status_code == 200
