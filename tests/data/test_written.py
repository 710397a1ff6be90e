"""The facts with questions that the question writer learns from."""

import json

import pytest

from data.errors import BadInput
from data.written import FOLDER, load_written


def test_the_corpus_is_sound():
    written = load_written()
    assert len(written) >= 2000
    assert len({one.fact for one in written}) > 0.99 * len(written)
    for one in written:
        assert len(one.questions) >= 5
        assert all(question.endswith("?") and len(question) < 120 for question in one.questions), one.fact


def test_no_probe_of_a_life_and_no_measured_question_is_in_it():
    """What the studies and benchmarks ask must not have been learnt from."""
    root = FOLDER.parent.parent / "benchmarks"
    facts = {one.fact.casefold() for one in load_written()}
    for name in ("asked.jsonl", "asked_blind.jsonl"):
        for line in (root / name).read_text(encoding="utf-8").splitlines():
            assert not facts & {fact.casefold() for fact in json.loads(line)["facts"]}


def test_a_question_stands_in_one_place_only():
    """Roundabout and closed questions are no plain ones, which a writer learns to write."""
    told = [one for one in load_written() if one.indirect]
    assert len(told) >= 1500
    for one in told:
        assert len(one.closed) >= 2 and not set(one.questions) & {*one.indirect, *one.closed}, one.fact
        assert len({*one.indirect, *one.closed}) == len((*one.indirect, *one.closed)), one.fact


def test_a_fault_in_the_corpus_is_named(tmp_path):
    (tmp_path / "some.jsonl").write_text(json.dumps({"fact": "I swim."}), encoding="utf-8")
    with pytest.raises(BadInput, match="some.jsonl, line 1"):
        load_written(tmp_path)
