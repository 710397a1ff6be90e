"""LoCoMo conversations as turns, and its questions with repaired evidence.

Knows the file's shape and its defects: date keys without a session, evidence strings that hold several
or malformed turn ids, answers that are numbers or missing. The file is read where it lies and never copied.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.errors import BadInput
from data.records import Turn

SOURCE = "locomo"
ADVERSARIAL = 5
_DIALOG_ID = re.compile(r"D:?(\d+):(\d+)")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the ids of the turns that answer it."""

    text: str
    category: int
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation: its turns in order, its sessions as index ranges, its usable questions."""

    id: str
    turns: tuple[Turn, ...]
    sessions: tuple[range, ...]
    questions: tuple[Question, ...]

    @property
    def gold(self) -> frozenset[str]:
        """Message ids of the turns that answer a question of categories 1 to 4."""
        return frozenset(e for q in self.questions if q.category != ADVERSARIAL for e in q.evidence)


def load(path: Path) -> list[Conversation]:
    """All conversations of a LoCoMo file; raises BadInput when it is not one."""
    try:
        samples = json.loads(path.read_text(encoding="utf-8"))
        return [_conversation(sample) for sample in samples]
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise BadInput(f"Cannot read {path} as JSON: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput(f"{path} is not a LoCoMo file: {error!r}") from error


def digest(turns: Iterator[Turn]) -> str:
    """sha256 of the lines conversation|turn|speaker|text in order; the published fidelity check."""
    lines = (f"{turn.conversation}|{turn.message}|{turn.speaker}|{turn.text}" for turn in turns)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def corrected(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """(conversation, question) -> evidence as corrected by an audit beside the file; empty without one."""
    audit = path.with_name(f"{path.stem}_audit_errors.json")
    if not audit.is_file():
        return {}
    rows = json.loads(audit.read_text(encoding="utf-8"))
    found = {
        (row["sample_id"], row["question"]): _ids([str(row.get("correct_evidence", ""))]) for row in rows
    }
    return {key: ids for key, ids in found.items() if ids}


def _conversation(sample: Mapping[str, Any]) -> Conversation:
    talk = sample["conversation"]
    turns: list[Turn] = []
    sessions = []
    numbers = sorted(int(key[8:]) for key in talk if re.fullmatch(r"session_\d+", key))
    for number in numbers:
        start = datetime.strptime(talk[f"session_{number}_date_time"], "%I:%M %p on %d %B, %Y")
        first = len(turns)
        for i, row in enumerate(talk[f"session_{number}"]):
            at = start.replace(tzinfo=UTC) + timedelta(seconds=i)
            turns.append(_turn(sample["sample_id"], row, talk["speaker_a"], at))
        sessions.append(range(first, len(turns)))
    known = {turn.message for turn in turns}
    questions = []
    for row in sample["qa"]:
        evidence = tuple(one for one in _ids(row["evidence"]) if one in known)
        if evidence:
            questions.append(Question(row["question"], row["category"], evidence))
    return Conversation(sample["sample_id"], tuple(turns), tuple(sessions), tuple(questions))


def _turn(conversation: str, row: Mapping[str, Any], user: str, at: datetime) -> Turn:
    return Turn(
        SOURCE,
        conversation,
        row["dia_id"],
        "user" if row["speaker"] == user else "assistant",
        row["text"],
        at,
        time_quality="derived",
        speaker=row["speaker"],
        attachment_text=row.get("blip_caption"),
    )


def _ids(evidence: list[str]) -> tuple[str, ...]:
    """Every turn id in the evidence strings, without leading zeros and doubles."""
    found = (f"D{int(a)}:{int(b)}" for text in evidence for a, b in _DIALOG_ID.findall(text))
    return tuple(dict.fromkeys(found))
