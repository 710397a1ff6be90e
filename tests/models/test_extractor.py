"""The extractor's windows, answers and corpus."""

import json

import pytest

from data.errors import BadInput
from models import extractor


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
