"""Asking a server many things at once: order, tags, schemas, and what is said when it fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.errors import BackendError
from data.records import ChatRequest, Message
from models.chat import TAG_HEADER, HttpChat
from models.server import ModelServer
from tests.models.fake_upstream import WORDS, Fake


@pytest.fixture
def fake() -> Iterator[tuple[Fake, ModelServer]]:
    one = Fake("night-1")
    server = one.start()
    yield one, server
    server.stop()


def ask(text: str, **options: object) -> ChatRequest:
    return ChatRequest((Message("user", text),), **options)  # type: ignore[arg-type]


def test_every_answer_comes_back_in_order_and_the_progress_is_told(fake: tuple[Fake, ModelServer]) -> None:
    shares: list[float] = []
    with HttpChat(fake[1].url, key="child-key", model="night-1", run="gates", progress=shares.append) as chat:
        answers = chat.complete([ask(str(number)) for number in range(10)])
    assert answers == ["".join(WORDS)] * 10
    assert shares == [number / 10 for number in range(1, 11)]
    assert {asked["messages"][0]["content"] for asked in fake[0].asked} == {str(n) for n in range(10)}


def test_every_request_carries_the_tag_the_key_and_the_order(fake: tuple[Fake, ModelServer]) -> None:
    schema = {"type": "object", "properties": {"answer": {"type": "string"}}}
    with HttpChat.to(fake[1], run="night-7") as chat:
        chat.complete([ask("Hello", schema=schema, temperature=0.5, seed=3, max_tokens=9)])
    (body,), (headers,) = fake[0].asked, fake[0].headers
    assert body["user"] == headers[TAG_HEADER] == "dream-pipeline:night-7"
    assert headers["authorization"] == "Bearer child-key"
    assert (body["model"], body["temperature"], body["seed"], body["max_tokens"]) == ("night-1", 0.5, 3, 9)
    assert body["response_format"]["json_schema"]["schema"] == schema


def test_a_text_is_gone_on_with_outside_any_chat_and_nothing_likely_is_cut(
    fake: tuple[Fake, ModelServer],
) -> None:
    with HttpChat.to(fake[1], run="night-7") as chat:
        texts = chat.complete([ChatRequest((), 9, 1.0, seed=3, beginning="The river")])
    (body,) = fake[0].asked
    assert texts == ["".join(WORDS)]
    assert body["prompt"] == "The river" and "messages" not in body
    assert (body["temperature"], body["top_p"], body["min_p"], body["seed"]) == (1.0, 1.0, 0.0, 3)


def test_no_requests_are_no_work(fake: tuple[Fake, ModelServer]) -> None:
    with HttpChat.to(fake[1], run="night") as chat:
        assert chat.complete([]) == []
    assert fake[0].asked == []


def test_a_server_that_is_gone_is_named_with_what_to_do(fake: tuple[Fake, ModelServer]) -> None:
    fake[0].mode = "die"
    with HttpChat.to(fake[1], run="night") as chat, pytest.raises(BackendError, match="flows status"):
        chat.complete([ask("Hello")])


def test_a_refusal_says_what_the_server_said(fake: tuple[Fake, ModelServer]) -> None:
    fake[0].mode = "full"
    with HttpChat.to(fake[1], run="night") as chat, pytest.raises(BackendError, match="exceeds the context"):
        chat.complete([ask("Hello")])


def test_a_server_that_is_busy_for_a_moment_is_asked_again(fake: tuple[Fake, ModelServer]) -> None:
    fake[0].mode = "busy once"
    with HttpChat.to(fake[1], run="night") as chat:
        assert chat.complete([ask("Hello")]) == ["".join(WORDS)]
    assert len(fake[0].asked) == 2


def test_an_empty_answer_is_an_answer(fake: tuple[Fake, ModelServer]) -> None:
    fake[0].mode = "empty"
    with HttpChat.to(fake[1], run="night") as chat:
        assert chat.complete([ask("Hello")]) == [""]
