"""Days lived by the rules alone, for tests of what the ledger makes of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from data.night import Night
from data.records import Exchange, Memory, Turn, Verdict
from data.settings import Recipe
from tasks.curate import remember

START = date(2026, 9, 14)


def live(*days: str) -> tuple[list[Verdict], list[Memory]]:
    """The last day's verdicts and the ledger after one message a day."""
    verdicts: list[Verdict] = []
    known: list[Memory] = []
    for number, text in enumerate(days):
        day = START + timedelta(days=number)
        at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        turn = Turn("log", f"c{number}", f"u{number}", "user", text, at)
        verdicts, known = remember([Exchange(turn)], known, Night(day, "UTC"), Recipe())
    return verdicts, known
