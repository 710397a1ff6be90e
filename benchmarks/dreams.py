"""What the rule dreamer makes of plain first-person statements, one a line.

`python -m benchmarks.dreams FILE.jsonl [--out dreams.jsonl] [--limit N] [--json]`; a line is an object
with `text` (and `id`).
Coverage is the share of statements with at least one verified dream that rests on them; supported and
second-person are shares of those dreams' answers, judged against the statement as it was written.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from data.errors import BadInput
from data.grammar import tidy
from data.night import Night
from data.records import Dream, Exchange, Memory, Turn
from data.settings import DreamSettings
from models.dreamer import dream
from quality.extraction import extract
from quality.timewords import resolve
from quality.verification import review, second_person, unsupported

NIGHT = Night(date(2026, 1, 15), "UTC")


def statements(path: Path) -> Iterator[tuple[str, str]]:
    """(id, text) of every line; raises BadInput naming the first line that is not such an object."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                yield str(row.get("id", number)), str(row["text"])
            except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
                raise BadInput(
                    f'{path}, line {number}: expected an object with "text". Fix or remove the line.'
                ) from error


def heard(key: str, text: str) -> tuple[Turn, list[Memory]]:
    """One statement said alone, and the memories it gives."""
    turn = Turn("benchmark", key, "1", "user", text, None)
    return turn, extract(Exchange(turn), NIGHT)


def dream_of(key: str, text: str, settings: DreamSettings) -> tuple[list[Memory], list[Dream]]:
    """Memories and reviewed dreams of one statement said alone."""
    turn, memories = heard(key, text)
    return memories, review(dream(memories, NIGHT.seed, settings), memories, [turn])


def measure(
    rows: list[tuple[str, str]], settings: DreamSettings
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Figures over all statements, and every dream with the id of its statement."""
    covered = supported = dated = second = answers = refused = 0
    out: list[dict[str, Any]] = []
    started = time.perf_counter()
    dreamt = [(key, text, *dream_of(key, text, settings)) for key, text in rows]
    seconds = time.perf_counter() - started
    for key, text, memories, dreams in dreamt:
        good = [d for d in dreams if d.verified and d.memory_ids]
        covered += bool(good)
        refused += sum(not d.verified for d in dreams)
        for item in good:
            answers += 1
            supported += not unsupported(item.answer, tidy(text))
            dated += not unsupported(item.answer, f"{tidy(text)} {resolve(text, NIGHT.date)}")
            second += second_person(item.answer)
        out += [{"statement": key, "memories": len(memories), **asdict(d)} for d in dreams]
    figures = {
        "statements": len(rows),
        "coverage": round(covered / max(1, len(rows)), 4),
        "dreams": len(out),
        "answers_about_statements": answers,
        "supported": round(supported / max(1, answers), 4),
        "supported_with_resolved_dates": round(dated / max(1, answers), 4),
        "second_person": round(second / max(1, answers), 4),
        "refused": refused,
        "seconds_per_1000": round(1000 * seconds / max(1, len(rows)), 2),
    }
    return figures, out


def main() -> int:
    """Print the figures; the last line is one JSON object with --json."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dreams")
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path, help="write every dream as one JSON line")
    parser.add_argument("--limit", type=int, help="only the first N statements")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    try:
        rows = list(statements(arguments.file))[: arguments.limit]
    except (BadInput, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    figures, dreams = measure(rows, DreamSettings())
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in dreams)
    print(json.dumps(figures) if arguments.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
