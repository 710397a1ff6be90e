"""How much of what a person tells in a life file the rule extractor finds, and how much it makes up.

`python -m benchmarks.extraction LIFE.json [--json] [--show missed|unmatched|all]`. A fact counts as
found when one of its accepted strings (or its value) occurs in a memory extracted on a day it was told.
A memory that holds no value of any fact counts as unmatched: an upper bound of wrong extractions, since
people also tell things the file does not list. A memory that holds a value the file marks as imagined,
joked or pasted counts as a trap. Beside it, how many exchanges a second are scored on one core, and how
many are scored and read for memories: the best of three rounds over all files.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from data.night import Night
from data.records import Exchange, Memory, Turn
from data.settings import Curate
from models.dreamer import normalise
from quality.curation import judge_all, ledger_context
from quality.extraction import extract_all

ROUNDS = 3
Hear = Callable[[Sequence[Exchange], Night, Sequence[Memory]], list[Memory]]


@dataclass(frozen=True, slots=True)
class Told:
    """One user turn of a life with what was extracted from it."""

    day: str
    text: str
    memories: tuple[Memory, ...]


def exchanges(life: dict[str, Any]) -> Iterator[tuple[str, Exchange]]:
    """User turns of a life with the message before and the answer, and the day they belong to."""
    for day in life["days"]:
        for conversation in day["conversations"]:
            turns = [_turn(conversation["id"], i, m) for i, m in enumerate(conversation["messages"])]
            for i, turn in enumerate(turns):
                if turn.role == "user":
                    answer = turns[i + 1] if i + 1 < len(turns) and turns[i + 1].role == "assistant" else None
                    yield day["date"], Exchange(turn, answer, turns[i - 1] if i else None)


def _turn(conversation: str, index: int, message: dict[str, str]) -> Turn:
    at = datetime.fromisoformat(message["created_at"].replace("Z", "+00:00"))
    role = "user" if message["role"] == "user" else "assistant"
    return Turn(
        "life", conversation, str(index), "user" if role == "user" else "assistant", message["content"], at
    )


def by_days(life: dict[str, Any]) -> dict[str, list[Exchange]]:
    """The exchanges of each day of a life, in order."""
    days: dict[str, list[Exchange]] = {}
    for day, exchange in exchanges(life):
        days.setdefault(day, []).append(exchange)
    return days


def heard_by_day(life: dict[str, Any], hear: Hear) -> dict[str, list[Memory]]:
    """What `hear` makes of each day's exchanges, given what it heard on earlier days."""
    zone = life["person"]["zone"]
    known: dict[str, Memory] = {}
    found = {}
    for day, told_that_day in by_days(life).items():
        found[day] = hear(told_that_day, Night.parse(day, zone), tuple(known.values()))
        known |= {m.id: m for m in found[day]}
    return found


def told(life: dict[str, Any]) -> list[Told]:
    """Every user turn with the memories that cite it, extracted day by day with what earlier days told."""
    by_day = heard_by_day(life, extract_all)
    return [
        Told(day, exchange.user.text, tuple(m for m in by_day[day] if exchange.user.id in m.sources))
        for day, exchange in exchanges(life)
    ]


def values_of(life: dict[str, Any]) -> list[str]:
    """Every string in which a fact of the life may be recognised."""
    return [value for fact in life["facts"] for value in (*fact["accept"], fact["value"])]


def missed(life: dict[str, Any], by_day: Mapping[str, Sequence[Memory]]) -> list[dict[str, Any]]:
    """The facts that no memory of the day they were told holds."""
    return [
        fact
        for fact in life["facts"]
        if not any(holds(m, [*fact["accept"], fact["value"]]) for m in by_day.get(fact["told"], ()))
    ]


def share_found(life: dict[str, Any], lost: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How many facts there are and how many of them were found, given those that were not."""
    whole = len(life["facts"])
    found = whole - len(lost)
    return {"facts": whole, "found": found, "found_share": round(found / max(1, whole), 4)}


def holds(memory: Memory, strings: list[str]) -> bool:
    """Whether a memory's statement or value holds one of the strings as whole words."""
    text = f" {_plain(memory.statement)} {_plain(memory.value)} "
    return any(f" {_plain(string)} " in text for string in strings)


def _plain(text: str) -> str:
    kept = "".join(c if c.isalnum() or c in ":'" else " " for c in normalise(text))
    return " ".join(kept.replace("'s ", " ").split())


def measure(life: dict[str, Any]) -> dict[str, Any]:
    """Figures of one life, with the ids of missed facts and the unmatched statements."""
    turns = told(life)
    by_day: dict[str, list[Memory]] = {}
    for turn in turns:
        by_day.setdefault(turn.day, []).extend(turn.memories)
    lost = missed(life, by_day)
    values = values_of(life)
    traps = sorted(
        {r for p in life["probes"] if p["kind"] == "hypothetical" for r in p["reject"]} - set(values)
    )
    unmatched = [(t, m) for t in turns for m in t.memories if not holds(m, values)]
    trapped = [(t, m) for t in turns for m in t.memories if holds(m, traps)]
    return {
        **share_found(life, lost),
        "user_turns": len(turns),
        "memories": sum(len(t.memories) for t in turns),
        "unmatched_per_100_turns": round(100 * len(unmatched) / max(1, len(turns)), 2),
        "trapped": len(trapped),
        "missed": lost,
        "unmatched": [(t.text, m.statement) for t, m in unmatched],
        "trapped_statements": [m.statement for _, m in trapped],
    }


def speed(lives: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Exchanges a second on one core: scored alone, and scored and read for memories."""
    count = sum(len(told_that_day) for life in lives for told_that_day in by_days(life).values())
    scored, heard = [], []
    for _ in range(ROUNDS):
        started = time.process_time()
        for life in lives:
            for told_that_day in by_days(life).values():
                judge_all(told_that_day, ledger_context(()), Curate())
        scored.append(time.process_time() - started)
        for life in lives:
            heard_by_day(life, extract_all)
        heard.append(time.process_time() - started)
    return {
        "exchanges": count,
        "scored_per_second": round(count / min(scored)),
        "scored_and_read_per_second": round(count / min(heard)),
    }


def main() -> int:
    """Print the figures of each life file; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--show", choices=("missed", "unmatched", "all"))
    arguments = parser.parse_args()
    report: dict[str, Any] = {}
    lives = [json.loads(path.read_text(encoding="utf-8")) for path in arguments.files]
    for path, life in zip(arguments.files, lives, strict=True):
        figures = measure(life)
        if arguments.show in {"missed", "all"}:
            for fact in figures["missed"]:
                print(f"missed {fact['told']} {fact['relation']}: {fact['value']}")
        if arguments.show in {"unmatched", "all"}:
            for text, statement in figures["unmatched"]:
                print(f"unmatched: {statement}   <- {text[:160]!r}")
        for statement in figures["trapped_statements"]:
            print(f"trapped: {statement}")
        kept = {k: v for k, v in figures.items() if k not in {"missed", "unmatched", "trapped_statements"}}
        report[path.stem] = kept
        if not arguments.json:
            print(path.stem, kept)
    report["speed"] = speed(lives)
    print(json.dumps(report) if arguments.json else f"speed {report['speed']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
