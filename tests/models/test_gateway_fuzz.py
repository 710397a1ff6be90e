"""Whatever a client sends, the gateway answers in OpenAI's form and passes only what it has checked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import orjson
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from models.gateway_log import Answer
from models.gateway_openapi import describe
from models.gateway_request import (
    MAX_DEPTH,
    MODEL_NAME,
    Call,
    Refused,
    call,
    generation_id,
    parse,
    with_system,
)
from tests.models.fake_upstream import WORDS, stream_bytes
from tests.models.standing_gateway import PATH, Standing, standing

scalars = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4)
)
roles = st.sampled_from(["system", "developer", "user", "assistant", "tool"])
parts = st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": st.text()}), min_size=1, max_size=3)
chats = st.lists(st.fixed_dictionaries({"role": roles, "content": st.text() | parts}), min_size=1, max_size=6)


@pytest.fixture(scope="module")
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with standing(tmp_path_factory.mktemp("fuzz"), log_chats=False) as running:
        yield running


@given(st.binary(max_size=400))
@example(b"[" * 100_000)
@example(b'{"a":' * 5_000)
def test_any_bytes_are_an_object_or_refused(body: bytes) -> None:
    try:
        fields = parse(body)
    except Refused as refusal:
        assert refusal.status == 400
    else:
        assert fields == orjson.loads(body)


@given(st.integers(1, MAX_DEPTH * 3))
def test_nesting_has_one_bound(depth: int) -> None:
    body = b'{"a":' * depth + b"1" + b"}" * depth
    try:
        parse(body)
    except Refused:
        assert depth > MAX_DEPTH
    else:
        assert depth <= MAX_DEPTH


@given(
    st.dictionaries(
        st.sampled_from(["model", "messages", "stream", "max_tokens", "n", "temperature", "lora", "user"]),
        values,
    )
)
def test_any_object_is_a_checked_call_or_refused(fields: dict[str, Any]) -> None:
    try:
        checked = call(PATH, fields, "live", {})
    except Refused as refusal:
        assert refusal.status in (400, 404)
        assert set(refusal.body["error"]) == {"message", "type", "param", "code"}
        return
    sent = orjson.loads(checked.body("live"))
    assert sent["model"] == "live"
    assert fields.get("model") in (None, "", MODEL_NAME, "live")
    assert all(isinstance(message["role"], str) for message in sent["messages"])


@given(chats, st.none() | st.text(min_size=1), st.none() | st.text(min_size=1))
def test_the_persona_and_the_notes_never_change_what_was_said(
    chat: list[dict[str, Any]], persona: str | None, notes: str | None
) -> None:
    request = Call({"messages": chat}, False, chat, False)
    sent = with_system(request, persona, notes).fields["messages"]
    quiet = ("system", "developer")
    assert [m for m in sent if m["role"] not in quiet] == [m for m in chat if m["role"] not in quiet]
    given_system = [m for m in chat if m["role"] in quiet]
    added = len(sent) - len(chat)
    assert added == (not given_system and bool(persona or notes))
    if notes:
        assert notes in next(m for m in sent if m["role"] in quiet)["content"]
    assert with_system(request, persona, notes).chat == chat


@given(st.text(max_size=40))
@example("..")
@example("a/../b")
@example("2026-01-01-deadbeef\n")
def test_a_generation_id_is_one_plain_folder_name(name: str) -> None:
    try:
        checked = generation_id(name)
    except Refused:
        return
    assert checked == name and not set(name) & set("/\\\0\n ") and ".." not in name and name[0] != "."


@given(st.data())
def test_an_answer_is_the_same_however_its_bytes_are_cut(data: st.DataObject) -> None:
    body = stream_bytes("base")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=8)))
    answer = Answer(stream=True)
    for begin, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
        answer.feed(body[begin:end])
    assert answer.finished and answer.text == "".join(WORDS)


@given(st.binary(max_size=300), st.booleans())
@example(b'data: {"choices":[{"delta":{"content":5}}]}\n\n', True)
@example(b'data: {"choices":[7]}\n\n', True)
@example(b'{"choices":{}}', False)
def test_a_server_that_babbles_never_breaks_the_log(body: bytes, stream: bool) -> None:
    answer = Answer(stream)
    answer.feed(body)
    answer.end()
    assert isinstance(answer.text, str)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(values)
def test_the_running_gateway_never_fails_on_what_it_is_sent(gate: Standing, value: Any) -> None:
    for body in (value, {"messages": value}, {"messages": [{"role": "user", "content": value}]}):
        reply = gate.post(orjson.loads(orjson.dumps(body)) if body is not None else {})
        assert reply.status_code in (200, 400, 404)
        if reply.status_code != 200:
            assert reply.json()["error"]["message"]


schema = schemathesis.openapi.from_dict(describe(keyed=False))


@schema.parametrize()
@settings(
    max_examples=12,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_the_gateway_does_what_its_description_says(case: schemathesis.Case, gate: Standing) -> None:
    case.call_and_validate(base_url=gate.url)


def test_the_served_description_is_the_one_that_was_checked(gate: Standing) -> None:
    with httpx.Client(base_url=gate.url, trust_env=False) as client:
        assert client.get("/openapi.json").json() == json.loads(json.dumps(describe(keyed=False)))
