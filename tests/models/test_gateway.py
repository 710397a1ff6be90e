"""The gateway as its clients see it: answers, errors, limits, chats on their way."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.errors import BadInput
from data.logs import read
from data.records import Turn
from data.settings import Ingest, load_settings
from models.gateway_client import (
    card_path,
    gateway_status,
    publish_to_gateway,
    rollback_gateway,
)
from models.gateway_routes import next_night
from tests.models.fake_upstream import WORDS, stream_bytes
from tests.models.standing_gateway import CHAT, PATH, Standing, standing, until

GENERATION = "x-nocturne-generation"
ANSWER = "".join(WORDS)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Standing]:
    with standing(tmp_path) as running:
        yield running


def test_before_the_first_publish_the_base_answers_under_both_its_names(gate: Standing) -> None:
    for model in ("nocturne", "base", "", None):
        reply = gate.post({**CHAT, "model": model})
        assert reply.status_code == 200
        assert reply.headers[GENERATION] == "base"
        assert reply.json()["choices"][0]["message"]["content"] == ANSWER
    with gate.client() as client:
        names = [one["id"] for one in client.get("/v1/models").json()["data"]]
    assert names == ["nocturne", "base"]
    assert gate.live().asked[0]["model"] == "base"


@pytest.mark.parametrize("model", ["gpt-4", "Nocturne", "../base", "base\u0000", "nocturne:1", "..", "/"])
def test_an_unknown_model_is_not_silently_another_one(gate: Standing, model: str) -> None:
    reply = gate.post({**CHAT, "model": model})
    assert reply.status_code == 404
    assert reply.json()["error"]["code"] == "model_not_found"
    assert gate.live().asked == []


def test_a_stream_arrives_byte_for_byte(gate: Standing) -> None:
    reply = gate.post({**CHAT, "stream": True})
    assert reply.headers["content-type"] == "text/event-stream"
    assert reply.content == stream_bytes("base")


def test_the_other_routes_reach_the_model_server(gate: Standing) -> None:
    assert gate.post({"prompt": "One"}, "/v1/completions").status_code == 200
    assert gate.post({"input": ["One", "two"]}, "/v1/embeddings").status_code == 200
    assert gate.live().asked[-1]["input"] == ["One", "two"]
    assert "messages" not in gate.live().asked[0]


def test_the_persona_is_added_only_where_the_client_gave_no_system_message(gate: Standing) -> None:
    gate.post()
    own = [{"role": "system", "content": "Be brief."}, *CHAT["messages"]]
    gate.post({"messages": own})
    gate.post({**CHAT, "user": "dream-pipeline:night"})
    first, second, third = (asked["messages"] for asked in gate.live().asked)
    assert first == [{"role": "system", "content": gate.settings.recipe.persona}, *CHAT["messages"]]
    assert second == own
    assert third == CHAT["messages"]


def test_retrieved_memories_stand_in_the_system_message_and_not_in_the_log(tmp_path: Path) -> None:
    with standing(tmp_path, retrieve=True, context_for=lambda chat: "The dog is called Rex.") as gate:
        gate.post()
        sent = gate.live().asked[0]["messages"]
    assert [message["role"] for message in sent] == ["system", "user"]
    assert sent[0]["content"].startswith(gate.settings.recipe.persona)
    assert sent[0]["content"].endswith("The dog is called Rex.")
    logged = "".join(path.read_text() for path in gate.settings.inbox.iterdir())
    assert "The dog is called Rex." not in logged and "My dog is called Rex." in logged


def test_a_failing_memory_search_costs_the_memories_and_not_the_answer(tmp_path: Path) -> None:
    def search(chat: object) -> str:
        raise BadInput("the store is busy")

    with standing(tmp_path, retrieve=True, context_for=search) as gate:
        assert gate.post().status_code == 200
        assert gate.live().asked[0]["messages"][0]["content"] == gate.settings.recipe.persona


def test_logged_chats_are_private_and_the_inbox_reader_merges_growing_histories(gate: Standing) -> None:
    first = [{"role": "user", "content": "My dog is called Rex."}]
    second = [
        *first,
        {"role": "assistant", "content": ANSWER},
        {"role": "user", "content": "And he is four."},
    ]
    gate.post({"messages": first})
    gate.post({"messages": second, "stream": True})
    (path,) = gate.settings.inbox.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    turns = [turn for turn in read(path, "auto", zone="UTC", settings=Ingest()) if isinstance(turn, Turn)]
    assert list({turn.id: (turn.role, turn.text) for turn in turns}.values()) == [
        ("user", "My dog is called Rex."),
        ("assistant", ANSWER),
        ("user", "And he is four."),
        ("assistant", ANSWER),
    ]
    assert len({turn.conversation for turn in turns}) == 1
    assert all(turn.origin == "chat" for turn in turns)


def test_what_the_pipeline_or_a_chat_program_asks_is_not_logged(gate: Standing) -> None:
    gate.post({**CHAT, "user": "dream-pipeline:night"})
    gate.post(CHAT, x_nocturne_origin="dream-pipeline:gates")
    gate.post({"messages": [{"role": "user", "content": "### Task:\nWrite a title for this chat."}]})
    gate.live().mode = "full"
    gate.post()
    gate.live().mode = "cut"
    gate.post({**CHAT, "stream": True})
    assert list(gate.settings.inbox.iterdir()) == []
    assert gate.live().headers[0]["x-nocturne-origin"].startswith("dream-pipeline")


def test_no_chat_is_logged_when_the_setting_is_off(tmp_path: Path) -> None:
    with standing(tmp_path, log_chats=False) as gate:
        gate.post()
    assert list(gate.settings.inbox.iterdir()) == []


def test_a_request_to_a_dead_server_waits_for_the_new_one(gate: Standing) -> None:
    gate.live().mode = "die"
    reply = gate.post()
    assert reply.status_code == 200
    assert len(gate.fleet.fakes["base"]) == 2


def test_a_stream_that_breaks_says_so_and_never_ends_as_if_whole(gate: Standing) -> None:
    gate.live().mode = "cut"
    reply = gate.post({**CHAT, "stream": True})
    assert "[DONE]" not in reply.text
    assert json.loads(reply.text.rstrip().rpartition("data: ")[2])["error"]["type"] == "server_error"


def test_errors_say_what_the_client_can_do_and_hide_the_inside(gate: Standing) -> None:
    gate.live().mode = "full"
    reply = gate.post()
    assert reply.status_code == 400
    assert "exceeds the context" in reply.json()["error"]["message"]
    gate.live().mode = "error"
    reply = gate.post()
    assert reply.status_code == 502
    assert "secret" not in reply.text


def test_requests_beyond_the_bound_are_turned_away_at_once(tmp_path: Path) -> None:
    with standing(tmp_path, max_in_flight=2) as gate:
        gate.live().mode = "hold"
        with ThreadPoolExecutor(2) as pool:
            held = [pool.submit(gate.post) for _ in range(2)]
            until(lambda: gate.status()["in_flight"] == 2)
            assert gate.post().status_code == 503
            gate.live().gate.set()
            assert [reply.result().status_code for reply in held] == [200, 200]
        until(lambda: gate.status()["in_flight"] == 0)


def test_a_client_that_leaves_frees_its_place(gate: Standing) -> None:
    gate.live().mode = "slow"
    with gate.client() as client, client.stream("POST", PATH, json={**CHAT, "stream": True}) as reply:
        pieces = reply.iter_raw()
        next(pieces)
        until(lambda: gate.status()["in_flight"] == 1)
    until(lambda: gate.status()["in_flight"] == 0)


def test_an_answer_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with standing(tmp_path, timeout_seconds=0.2) as gate:
        gate.live().mode = "hold"
        assert gate.post().status_code == 504
        gate.live().gate.set()
        assert gate.status()["in_flight"] == 0


def test_a_stream_that_takes_too_long_says_so_and_ends(tmp_path: Path) -> None:
    with standing(tmp_path, timeout_seconds=0.5) as gate:
        gate.live().mode = "slow"
        reply = gate.post({**CHAT, "stream": True})
        gate.live().gate.set()
    assert "[DONE]" not in reply.text
    assert json.loads(reply.text.rstrip().rpartition("data: ")[2])["error"]["code"] == "timeout"


def test_the_address_file_is_private_and_goes_with_the_gateway(tmp_path: Path) -> None:
    with standing(tmp_path) as gate:
        path = card_path(gate.settings)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        status = gateway_status(gate.settings)
        assert status and status["generation"] == "base" and status["url"] == gate.url
        leftover = path.read_text()
    assert gateway_status(gate.settings) is None
    path.write_text(leftover)
    assert gateway_status(gate.settings) is None
    assert not publish_to_gateway(gate.settings, "2026-01-01-deadbeef")
    assert not rollback_gateway(gate.settings)


def test_a_second_gateway_for_the_same_home_is_refused(gate: Standing) -> None:
    with pytest.raises(BadInput, match="already runs"), standing(gate.settings.home):
        pass
    assert gate.post().status_code == 200


def test_the_countdown_follows_the_clock_of_the_person_across_a_change_of_time(tmp_path: Path) -> None:
    settings = load_settings({}, home=tmp_path, zone="Europe/Berlin", serve={"night_at": "03:30"})
    spring = next_night(settings, datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert spring and spring.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    summer = next_night(settings, datetime(2026, 7, 1, 1, 29, tzinfo=UTC))
    assert summer and summer.astimezone(UTC) == datetime(2026, 7, 1, 1, 30, tzinfo=UTC)
    assert next_night(load_settings({}, home=tmp_path), datetime.now(UTC)) is None
