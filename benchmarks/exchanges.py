"""How much of what exchanges tell the rule extractor finds, and what it makes up where they tell nothing.

`python -m benchmarks.exchanges FILE.jsonl ... [--half first|second] [--show missed|false] [--json]`. Each
line holds `turns` ([role, text] pairs) and the `facts` of the last turn ([statement, value] pairs). A fact
counts as found when its value occurs in a memory of that turn, dates made absolute; every memory of a turn
that tells nothing is false. Rules are written looking at the first half of each file; only the second half
says how good they are.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.extraction import holds
from data.night import Night
from data.records import Exchange, Memory, Turn
from quality.extraction import extract_all
from quality.timewords import resolve

AT = datetime(2026, 9, 15, 12, tzinfo=UTC)
NIGHT = Night(AT.date(), "UTC")


def rows(path: Path, half: str | None) -> list[dict[str, Any]]:
    """The lines of a file, or those of one half of it."""
    found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    middle = len(found) // 2
    return found[:middle] if half == "first" else found[middle:] if half == "second" else found


def exchanges_of(name: str, turns: Sequence[Sequence[str]]) -> list[Exchange]:
    """The person's turns of one written chat, each with what stood before it."""
    said = [
        Turn("exchanges", name, str(i), "user" if role == "user" else "assistant", text, AT)
        for i, (role, text) in enumerate(turns)
    ]
    return [
        Exchange(turn, before=said[i - 1] if i else None)
        for i, turn in enumerate(said)
        if turn.role == "user"
    ]


def heard(row: dict[str, Any]) -> list[Memory]:
    """The memories that rest on the last turn of a row."""
    exchanges = exchanges_of("row", row["turns"])
    return [m for m in extract_all(exchanges, NIGHT) if exchanges[-1].user.id in m.sources]


def judged(found: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[Memory], list[list[str]]]]:
    """Every row with its memories and the facts none of them holds."""
    for row in found:
        memories = heard(row)
        yield row, memories, [f for f in row["facts"] if not any(holds(m, accepted(f[1])) for m in memories)]


def accepted(value: str) -> list[str]:
    """The value as told, and with its dates made absolute as memories have them."""
    dates = [resolve(f"{lead}{value}", AT.date()) for lead in ("", "on ", "on the ")]
    return [value, *(re.sub(r"^(?:on|in|at) (?:the )?", "", date) for date in dates)]


def measure(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Figures of a list of rows."""
    facts = missed = silent = false = noisy = unmatched = 0
    for row, memories, lost in judged(found):
        facts, missed = facts + len(row["facts"]), missed + len(lost)
        values = [string for _, value in row["facts"] for string in accepted(value)]
        unmatched += sum(not holds(m, values) for m in memories) if values else 0
        if not values:
            silent, false, noisy = silent + 1, false + len(memories), noisy + bool(memories)
    return {
        "rows": len(found),
        "facts": facts,
        "found": facts - missed,
        "found_share": round(1 - missed / max(1, facts), 4),
        "silent": silent,
        "silent_with_memories": noisy,
        "false_per_silent": round(false / max(1, silent), 4),
        "unmatched_in_telling_rows": unmatched,
    }


def show(found: list[dict[str, Any]], what: str) -> None:
    """Print the missed facts, or the memories of rows that tell nothing."""
    for row, memories, lost in judged(found):
        if (what == "missed" and lost) or (what == "false" and memories and not row["facts"]):
            print("\n".join(f"  {role[0]}: {text}" for role, text in row["turns"]))
            for fact in lost:
                print(f"    missed: {fact[0]} | {fact[1]}")
            for memory in memories:
                print(f"    heard: {memory.statement} | {memory.relation} | {memory.value}")


def main() -> int:
    """Print the figures of each file and of all together; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exchanges")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--half", choices=("first", "second"))
    parser.add_argument("--show", choices=("missed", "false"))
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    by_file = {path.stem: rows(path, arguments.half) for path in arguments.files}
    report = {name: measure(found) for name, found in by_file.items()}
    report["all"] = measure([row for found in by_file.values() for row in found])
    for name, figures in report.items():
        if arguments.show and name in by_file:
            show(by_file[name], arguments.show)
        if not arguments.json:
            print(name, figures)
    if arguments.json:
        print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
