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
    """A fact in one sentence and the questions that ask for it, plainest first, backwards last.

    Some facts are also asked for in a roundabout way and for yes or no, once rightly and once wrongly.
    """

    fact: str
    questions: tuple[str, ...]
    indirect: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

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
                found.append(
                    Written(
                        str(row["fact"]),
                        _texts([*row["questions"], *row["reversed"]]),
                        _texts(row.get("indirect", [])),
                        _texts(row.get("closed", [])),
                    )
                )
            except (json.JSONDecodeError, KeyError, TypeError) as error:
                raise BadInput(f"{path.name}, line {number} is no fact with questions: {error}") from error
    return tuple(found)


def _texts(values: list[object]) -> tuple[str, ...]:
    return tuple(str(one) for one in values)


@dataclass(frozen=True, slots=True)
class Asked:
    """Further questions for one memory: for its value, and back from it."""

    direct: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
