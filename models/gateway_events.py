"""What the gateway did and why, one JSON line per event, readable by its owner only."""

from __future__ import annotations

import contextlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path


def append_line(path: Path, record: dict[str, object]) -> None:
    """Add one JSON line in a single write, so that two writers never mix; creates the file private."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    line = json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line)
    finally:
        os.close(handle)


class Events:
    """The event log `events.jsonl` and the last event, which /status shows."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "events.jsonl"
        self.last: dict[str, object] = {}

    def record(self, event: str, generation: str = "", reason: str = "") -> None:
        """Write down one event; `reason` is a sentence for a person. A full disk stops nothing."""
        self.last = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "event": event,
            "generation": generation,
            "reason": reason,
        }
        with contextlib.suppress(OSError):
            append_line(self.path, self.last)
