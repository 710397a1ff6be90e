"""The seed sets are large enough, keep apart what must be apart, and a bad row is named."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from data import seeds
from data.errors import BadInput
from data.phrases_help import requests
from quality import scoring

BOTH: tuple[seeds.Use, ...] = ("train", "gate")


def plain(text: str) -> str:
    """Words only, lower case, so that punctuation cannot hide a double."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    return " ".join(re.findall(r"[^\W_]+", folded))


def overlap(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second)


def every_question() -> list[str]:
    """Each text a model may be given, from every set."""
    return [
        *(row.text for row in seeds.load_prompts()),
        *(row.question for row in seeds.load_knowledge()),
        *(row.text for use in BOTH for row in seeds.load_refusals(use)),
        *(row.text for use in BOTH for row in seeds.load_benign(use)),
        *(row.text for use in BOTH for row in seeds.load_help(use)),
        *(row.text for use in BOTH for row in seeds.load_identity(use)),
        *(row.text for use in BOTH for row in seeds.load_stories(use)),
        *(row.text for row in seeds.load_beginnings()),
        *(text for row in seeds.load_untold() for text in (row.question, row.question2)),
    ]


def test_sets_are_large_enough() -> None:
    assert len(seeds.load_prompts()) >= 450
    assert len(seeds.load_knowledge()) >= 600
    assert len(seeds.load_untold()) >= 400
    assert len(seeds.load_beginnings()) >= 150
    for load, least in (
        (seeds.load_refusals, 60),
        (seeds.load_benign, 60),
        (seeds.load_help, 50),
        (seeds.load_identity, 50),
        (seeds.load_stories, 30),
    ):
        for use in BOTH:
            assert len(load(use)) >= least, (load.__name__, use)


def test_prompts_hold_short_everyday_messages_and_many_topics() -> None:
    prompts = seeds.load_prompts()
    assert sum(row.topic == "smalltalk" and len(row.text.split()) <= 8 for row in prompts) >= 60
    assert len({row.topic for row in prompts}) >= 25


def test_ids_are_unique_over_all_sets() -> None:
    ids = Counter(
        row.id
        for row in chain(
            seeds.load_prompts(),
            seeds.load_knowledge(),
            *(
                load(use)
                for load in (seeds.load_refusals, seeds.load_benign, seeds.load_help)
                for use in BOTH
            ),
            *(load(use) for load in (seeds.load_identity, seeds.load_stories) for use in BOTH),
            seeds.load_untold(),
            seeds.load_beginnings(),
        )
    )
    assert [key for key, count in ids.items() if count > 1] == []


def test_no_text_occurs_twice_in_any_sets() -> None:
    counts = Counter(map(plain, every_question()))
    assert [text for text, count in counts.items() if count > 1] == []


def test_gate_questions_are_not_near_copies_of_trained_ones() -> None:
    trained = [row.text for row in (*seeds.load_prompts(), *requests())]
    asked = [row.question for row in seeds.load_knowledge()]
    for load in (
        seeds.load_refusals,
        seeds.load_benign,
        seeds.load_help,
        seeds.load_identity,
        seeds.load_stories,
    ):
        trained += [row.text for row in load("train")]
        asked += [row.text for row in load("gate")]
    bags = [frozenset(plain(text).split()) for text in trained]
    near = [
        text for text in asked if max(overlap(frozenset(plain(text).split()), bag) for bag in bags) >= 0.8
    ]
    assert near == []


def test_matching_strings_are_normalised() -> None:
    strings = chain(
        *(row.accept for row in seeds.load_knowledge()),
        *((*row.accept, *row.reject) for use in BOTH for row in seeds.load_identity(use)),
    )
    assert [text for text in strings if text != scoring.normalise(text)] == []


def test_no_knowledge_question_gives_its_answer_away() -> None:
    given = [
        row.id
        for row in seeds.load_knowledge()
        if scoring.contains(scoring.normalise(row.question), row.accept)
    ]
    assert given == []


def test_identity_answers_pass_their_own_check() -> None:
    for row in chain(*(seeds.load_identity(use) for use in BOTH)):
        answer = scoring.normalise(row.answer)
        assert scoring.contains(answer, row.accept), row.id
        assert not scoring.contains(answer, row.reject), row.id


def test_requests_to_decline_and_look_alikes_cover_the_same_kinds() -> None:
    refused, harmless = (
        {row.kind for use in BOTH for row in load(use)} for load in (seeds.load_refusals, seeds.load_benign)
    )
    assert refused == harmless
    assert len(refused) >= 20


def test_untold_slots_read_as_english_and_name_each_slot_once() -> None:
    rows = seeds.load_untold()
    assert len({(row.subject, row.question_noun) for row in rows}) == len(rows)
    for row in rows:
        assert row.subject == "my" or (row.subject.startswith("my ") and row.subject.endswith("'s")), row.id
        assert re.search(r"\b(I|my|me|we)\b", row.question, re.IGNORECASE), row.id
        assert f"{row.subject} {row.question_noun}".casefold() in row.question2.casefold(), row.id
    relations = {row.relation for row in rows}
    assert {"name", "birthday", "age", "job", "employer", "town", "hobby", "favourite food"} <= relations
    assert {"allergy", "medicine", "car", "school", "wedding date", "holiday plan", "pet"} <= relations


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "line 3"),
        ("[1]", "a JSON object"),
        (json.dumps({"id": "x", "topic": "t", "question": "", "accept": ["a"]}), "'question'"),
        (json.dumps({"id": "x", "topic": "t", "question": "q", "accept": []}), "'accept'"),
        (json.dumps({"id": "x", "topic": "t", "question": "q", "accept": [7]}), "'accept'"),
        (json.dumps({"id": "ok", "topic": "t", "question": "q", "accept": ["a"]}), "occurs twice"),
    ],
)
def test_bad_row_is_named_by_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    good = json.dumps({"id": "ok", "topic": "t", "question": "Q?", "accept": ["a"]})
    path = tmp_path / "probes.jsonl"
    path.write_text(f"{good}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"probes\.jsonl, line 3") as caught:
        seeds.read_knowledge(path)
    assert said in str(caught.value)


def test_row_without_a_half_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl"
    path.write_text(json.dumps({"id": "s", "use": "both", "text": "Tell a story."}), encoding="utf-8")
    with pytest.raises(BadInput, match=r"stories\.jsonl, line 1.*'use'"):
        seeds.read_stories(path)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\n", None])
def test_unusable_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "prompts.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=r"prompts\.jsonl"):
        seeds.read_prompts(path)


def test_digest_follows_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in seeds.FILES:
        (tmp_path / name).write_bytes((seeds.FOLDER / name).read_bytes())
    shipped = seeds.digest()
    monkeypatch.setattr(seeds, "FOLDER", tmp_path)
    digest = seeds.digest.__wrapped__
    assert digest() == shipped
    for name in seeds.FILES:
        before = digest()
        with (tmp_path / name).open("ab") as file:
            file.write(b"\n")
        assert digest() != before, name


def test_every_shipped_set_is_digested() -> None:
    assert sorted(path.name for path in seeds.FOLDER.glob("*.jsonl")) == sorted(seeds.FILES)
