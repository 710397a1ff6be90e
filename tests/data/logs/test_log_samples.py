"""Third-party export files are read exactly as their expectations say; skipped where the files are absent."""

import hashlib
import json
import os
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data.ingest import ingest_paths
from data.night import Night
from data.records import Turn
from data.settings import load_settings
from data.store import Store

EVAL = Path(os.environ.get("NOCTURNE_EVAL") or Path(__file__).parents[4] / "shared" / "eval")
EXPECTED = EVAL / "samples" / "EXPECTED.json"
FILES = json.loads(EXPECTED.read_text())["files"] if EXPECTED.is_file() else {}

pytestmark = pytest.mark.skipif(not FILES, reason="evaluation data absent (NOCTURNE_EVAL)")


def _line(turn):
    return json.dumps([turn.role, turn.text], ensure_ascii=False, separators=(",", ":")) + "\n"


def _close(found, expected):
    if expected is None or found is None:
        return found == expected
    moments = [datetime.fromisoformat(text.replace("Z", "+00:00")) for text in (found, expected)]
    return abs(moments[0] - moments[1]) <= timedelta(seconds=1)


@pytest.mark.parametrize("name", FILES)
def test_sample_matches_expectation(name, tmp_path):
    expected = FILES[name]
    path = EVAL / "samples" / name
    with Store(tmp_path / "n.duckdb") as store:
        report = ingest_paths(store, load_settings({}, home=tmp_path), [path])
        again = ingest_paths(store, load_settings({}, home=tmp_path), [path])
        turns = list(store.turns.all())
    (file,) = report.files
    assert file.format == expected["format"]
    assert report.added > 0 or expected["user_messages"] == 0
    assert again.added == 0
    if "compare" in expected:
        return
    assert (file.conversations, file.user, file.assistant, file.rejected) == (
        expected["conversations_with_messages"],
        expected["user_messages"],
        expected["assistant_messages"],
        expected["rejected_records"],
    )
    why = file.skipped_why
    assert why.get("empty", 0) == expected["empty_text_skipped"]
    assert why.get("unfinished", 0) + why.get("error", 0) == expected["unfinished_or_error_skipped"]
    assert why.get("hidden", 0) == expected["hidden_tool_or_reasoning_skipped"]
    assert why.get("inactive", 0) == expected["inactive_branch_messages"]
    assert _close(file.first, expected["first_utc"]) and _close(file.last, expected["last_utc"])
    order = {one["id"]: place for place, one in enumerate(expected["per_conversation"])}
    turns.sort(key=lambda turn: order.get(turn.conversation, 0))
    assert hashlib.sha256("".join(map(_line, turns)).encode()).hexdigest() == expected["sha256"]


def _spoken(text):
    return datetime.strptime(text, "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)


def _locomo_turns(sample):
    talk = sample["conversation"]
    for number in range(1, 100):
        for place, said in enumerate(talk.get(f"session_{number}") or ()):
            yield Turn(
                source="locomo",
                conversation=sample["sample_id"],
                message=said["dia_id"],
                role="user" if said["speaker"] == talk["speaker_a"] else "assistant",
                text=said["text"],
                at=_spoken(talk[f"session_{number}_date_time"]) + timedelta(seconds=place),
                time_quality="derived",
                speaker=said["speaker"],
                attachment_text=said.get("blip_caption"),
            )


def test_long_conversations_keep_every_turn(tmp_path):
    samples = json.loads((EVAL / "locomo_dev.json").read_text())
    invariants = json.loads((EVAL / "locomo_dev_invariants.json").read_text())
    turns = [turn for sample in samples for turn in _locomo_turns(sample)]
    with Store(tmp_path / "n.duckdb") as store:
        report = store.turns.ingest(EVAL / "locomo_dev.json", turns)
        again = store.turns.ingest(EVAL / "locomo_dev.json", turns)
        stored = list(store.turns.all())
        days = store.turns.days()
        nights = store.turns.nights_with_turns()
        few = list(nights)[:8]
        told = sum(len(store.turns.exchanges(Night(day, "UTC"))) for day in few)
    assert report.added == len(stored) == invariants["total"]["turns"]
    assert again.added == 0
    assert len(days) == invariants["total"]["sessions"]
    order = {sample["sample_id"]: place for place, sample in enumerate(samples)}
    stored.sort(key=lambda turn: (order[turn.conversation], *map(int, re.findall(r"\d+", turn.message))))
    text = "\n".join(f"{turn.conversation}|{turn.message}|{turn.speaker}|{turn.text}" for turn in stored)
    assert hashlib.sha256(text.encode()).hexdigest() == invariants["sha256_of_conv_dia_speaker_text_lines"]
    assert told == sum(nights[day] for day in few)
    assert sum(nights.values()) == sum(turn.role == "user" for turn in stored)
    assert min(nights) > date(2020, 1, 1)
