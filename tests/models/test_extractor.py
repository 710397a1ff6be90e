"""The extractor's windows, answers and corpus."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from data.errors import BadInput
from data.night import Night
from data.records import Exchange, Turn
from data.settings import Recipe, load_settings
from models import extractor
from quality import plain
from tasks import reading


def test_the_corpus_is_sound_and_half_silent():
    exchanges = extractor.load_exchanges()
    assert len(exchanges) >= 2000
    assert len({said.turns for said in exchanges}) == len(exchanges)
    silent = sum(not said.facts for said in exchanges)
    assert silent >= len(exchanges) / 2
    for said in exchanges:
        person = " ".join(text for role, text in said.turns if role == "user").casefold()
        assert said.turns[-1][0] == "user"
        assert all(value.casefold() in person and value in sentence for sentence, value in said.facts), (
            said.id
        )


def test_a_fault_in_the_corpus_is_named(tmp_path):
    (tmp_path / "some.jsonl").write_text(json.dumps({"turns": [["user"]], "facts": []}), encoding="utf-8")
    with pytest.raises(BadInput, match="some.jsonl, line 1"):
        extractor.load_exchanges(tmp_path)


def test_a_window_ends_with_the_whole_last_message_and_cuts_what_stood_before():
    text = extractor.window((("user", "a" * 900), ("assistant", "how\nmany?"), ("user", "three")))
    assert text.endswith("Assistant: how many?\nUser: three")
    assert len(text) < 320


def test_a_long_message_is_read_in_pieces_that_lose_nothing():
    message = " ".join(f"Sentence number {n} is here." for n in range(60))
    parts = extractor.pieces(message)
    assert len(parts) > 2
    assert " ".join(parts) == message


def test_nothing_is_nothing():
    assert extractor.sentences("nothing") == extractor.sentences("Nothing.\n") == []
    assert extractor.sentences("My dog's name is Rex.\nMy dog's name is Rex.\n") == ["My dog's name is Rex."]


def test_a_day_is_read_and_believed_through_the_same_windows(tmp_path, monkeypatch):
    """The windows a model was shown are those its sentences are held against, made once."""
    made = []
    windows = plain.windows
    monkeypatch.setattr(plain, "windows", lambda exchanges: made.append(1) or windows(exchanges))
    monkeypatch.setattr(reading, "prepare_base", lambda *given: None)
    monkeypatch.setattr(extractor, "prepared", lambda base: Path("e.gguf"))
    monkeypatch.setattr(
        reading, "answers_of", lambda gguf, name, asked, *rest, **more: ["My dog is called Rex."] * len(asked)
    )
    at = datetime(2026, 10, 5, 12, tzinfo=UTC)
    told = [
        Exchange(Turn("s", "c", "1", "user", "Rex, my dog, ate my shoe.", at)),
        Exchange(Turn("s", "d", "1", "user", "", at)),
    ]
    found = reading.read_exchanges(told, load_settings({}, home=tmp_path), Recipe(), run="test")
    assert found == {
        told[0].user.id: reading.Reading((("user", "Rex, my dog, ate my shoe."),), ("My dog is called Rex.",))
    }
    memories = reading.told(told, [], found, Night(date(2026, 10, 5), "UTC"), [])
    assert [memory.value for memory in memories] == ["Rex"] and len(made) == 1
    assert reading.told(told, memories, {}, Night(date(2026, 10, 5), "UTC"), []) == memories
