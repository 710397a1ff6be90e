import hashlib
import json

import pytest

from benchmarks import locomo
from benchmarks.locomo_data import load
from data.errors import BadInput


@pytest.fixture
def file(tmp_path):
    """A made-up conversation of two sessions in the benchmark's shape, with its known defects."""
    talk = {
        "speaker_a": "Ilse",
        "speaker_b": "Oto",
        "session_1_date_time": "1:56 pm on 8 May, 2023",
        "session_1": [
            {"speaker": "Ilse", "dia_id": "D1:1", "text": "I bought a loom last week."},
            {"speaker": "Oto", "dia_id": "D1:2", "text": "Nice!"},
        ],
        "session_2_date_time": "12:10 am on 10 May, 2023",
        "session_2": [
            {"speaker": "Oto", "dia_id": "D2:1", "text": "My canoe sank.", "blip_caption": "a canoe"}
        ],
        "session_9_date_time": "1:00 pm on 9 June, 2023",
    }
    questions = [
        {"question": "What did Ilse buy?", "answer": "a loom", "evidence": ["D1:1"], "category": 4},
        {"question": "What sank?", "answer": 7, "evidence": ["D:2:01; D9:9", "D"], "category": 1},
        {
            "question": "What did Oto buy?",
            "adversarial_answer": "a loom",
            "evidence": ["D1:1"],
            "category": 5,
        },
        {"question": "Nothing?", "answer": "x", "evidence": [], "category": 3},
    ]
    path = tmp_path / "talks.json"
    path.write_text(json.dumps([{"sample_id": "t-1", "conversation": talk, "qa": questions}]))
    return path


def test_defects_are_repaired(file):
    (talk,) = load(file)
    assert [len(session) for session in talk.sessions] == [2, 1]
    assert [q.evidence for q in talk.questions] == [("D1:1",), ("D2:1",), ("D1:1",)]
    assert talk.gold == {"D1:1", "D2:1"}
    assert [turn.role for turn in talk.turns] == ["user", "assistant", "assistant"]


def test_all_figures_of_a_small_file(file, capsys):
    assert locomo.main([str(file), "--json", "--words-only"]) == 0
    figures = json.loads(capsys.readouterr().out.splitlines()[-1])
    lines = "t-1|D1:1|Ilse|I bought a loom last week.\nt-1|D1:2|Oto|Nice!\nt-1|D2:1|Oto|My canoe sank."
    ingest = figures["ingest"]
    assert ingest["sha256"] == hashlib.sha256(lines.encode()).hexdigest()
    assert (ingest["turns"], ingest["added_again"], ingest["partitions"], ingest["speaker_errors"]) == (
        3,
        0,
        2,
        0,
    )
    assert figures["search"]["published"]["all"]["R@5"] == 100.0
    assert figures["curation"]["turns"]["50"]["gold"] == 100.0
    assert figures["search"]["audited"] is None


def test_another_file_is_refused_in_a_sentence(tmp_path):
    path = tmp_path / "other.json"
    path.write_text('[{"hello": 1}]')
    with pytest.raises(BadInput, match="not a LoCoMo file"):
        load(path)
    assert locomo.main([str(tmp_path / "missing.json")]) == 2
