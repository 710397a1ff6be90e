"""The ledger as files: MEMORY.md for people, memories.json for programs."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from data.records import Memory
from data.settings import Settings
from data.store import Store


def export(settings: Settings, folder: Path) -> list[Path]:
    """Write MEMORY.md for people and memories.json for programs."""
    with Store(settings.database) as store:
        memories = [memory for memory in store.memories.all() if memory.state != "forgotten"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    readable, open_format = folder / "MEMORY.md", folder / "memories.json"
    rows = [asdict(memory) for memory in memories]
    texts = {
        readable: as_markdown(memories),
        open_format: json.dumps(rows, default=str, ensure_ascii=False, indent=1),
    }
    for path, text in texts.items():
        write_private(path, text)
    return [readable, open_format]


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on, whole or not at all."""
    part = path.with_name(path.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
    part.chmod(0o600)
    part.replace(path)


def as_markdown(memories: Sequence[Memory]) -> str:
    """A file a person can read: what is known by topic, then what is no longer true."""
    current = sorted((m for m in memories if m.active), key=lambda m: (m.subject.casefold(), m.told, m.id))
    past = [m for m in memories if m.state == "superseded"]
    lines = ["# What your model knows about you", ""]
    subject = None
    for memory in current:
        if memory.subject.casefold() != subject:
            subject = memory.subject.casefold()
            lines += ["", f"## {plain(memory.subject) or 'You'}", ""]
        lines.append(f"- {plain(memory.statement)} *(told {memory.told}, {memory.state}, `{memory.id}`)*")
    if past:
        lines += ["", "## No longer true", ""]
        lines += [f"- {plain(m.statement)} *(told {m.told}, replaced by `{m.superseded_by}`)*" for m in past]
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Chat text as plain words in markdown: one line, markup characters escaped."""
    line = " ".join(text.split())
    return "".join("\\" + c if c in "\\`*_{}[]<>()#+!|" else c for c in line)
