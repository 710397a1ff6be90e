"""Facts with the questions people ask for them, written by hand: for who writes, and for denials."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.errors import BadInput

FOLDER = Path(__file__).resolve().parent / "questions"


@dataclass(frozen=True, slots=True)
class Written:
    """A fact in one sentence and the questions that ask for it, plainest first, backwards last."""

    fact: str
    questions: tuple[str, ...]

    @property
    def id(self) -> str:
        """The same in whatever order the files are read; a fact may be written about twice."""
        text = "\n".join((self.fact, *self.questions))
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@cache
def load_written(folder: Path = FOLDER) -> tuple[Written, ...]:
    """Every written fact; raises BadInput with file and line of the first fault."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                asked = (*row["questions"], *row["reversed"])
                found.append(Written(str(row["fact"]), tuple(str(one) for one in asked)))
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise BadInput(f"{path.name}, line {number} is no fact with questions: {error}") from error
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """Further questions for one memory: for its value, and back from it."""

    direct: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
