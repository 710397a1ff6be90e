"""OpenClaw and pi: session logs (JSONL, linear or a tree) and the agent's daily notes (markdown)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.logs.chat import Chat, Found, Reading, Said, guarded, text_or_none
from data.logs.files import lines, open_utf8, records
from data.logs.times import micros
from data.logs.tree import branch, nearest
from data.records import Reject

SOURCE = "openclaw"
_AUTOMATIC = ("cron:", "hook:", "heartbeat")
_DAY = re.compile(r"(20\d\d-\d\d-\d\d)")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")


def read_session(path: Path, reading: Reading) -> Iterator[Found]:
    """The one chat of a session file; its newest entry is the leaf of the active branch."""
    session: Mapping[str, Any] = {}
    entries: dict[str, Mapping[str, Any]] = {}
    for found in records(path, reading.settings.max_line_bytes):
        if isinstance(found, Reject):
            yield found
            continue
        locator, record = found
        if not isinstance(record, dict):
            yield Reject(path.name, locator, "not an object")
        elif record.get("type") == "session":
            session = record
        else:
            entries[text_or_none(record.get("id")) or f"#{locator.removeprefix('line ')}"] = record
    if not _automatic(session):
        yield guarded(path.name, "line 1", partial(_chat, session, entries, path))


def _automatic(session: Mapping[str, Any]) -> bool:
    return any(str(session.get(key, "")).startswith(_AUTOMATIC) for key in ("key", "sessionKey", "id"))


def _chat(session: Mapping[str, Any], entries: dict[str, Mapping[str, Any]], path: Path) -> Chat:
    parents = {key: text_or_none(entry.get("parentId")) for key, entry in entries.items()}
    leaf = next(reversed(entries), "") if entries else ""
    active = branch(leaf, parents) if any(parents.values()) else list(entries)
    said = {key: one for key in active if (one := _said(key, entries[key])) is not None}
    others = {
        key: one
        for key, entry in entries.items()
        if key not in said and key not in active and (one := _said(key, entry)) is not None
    }
    kept = {**said, **others}
    for key, one in others.items():
        one.parent = nearest(key, parents, kept)
    return Chat(
        SOURCE,
        text_or_none(session.get("id")) or path.name.partition(".jsonl")[0],
        list(said.values()),
        list(others.values()),
        locator="line 1",
        started=micros(session.get("timestamp")),
        complete=True,
    )


def _said(key: str, entry: Mapping[str, Any]) -> Said | None:
    if entry.get("type") != "message":
        return None
    message = entry.get("message")
    if not isinstance(message, dict):
        return Said("other", "", id=key, status="error")
    role = message.get("role")
    at = micros(entry.get("timestamp"))
    if role not in ("user", "assistant"):
        return Said("other", "", at, key, status="hidden")
    content = message.get("content")
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    blocks = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    text = "\n".join(_blocks(blocks, "text", "text"))
    one = Said(role, text, at, key)
    one.reasoning = "\n".join(_blocks(blocks, "thinking", "thinking")) or None
    one.attachment = "\n".join(_blocks(blocks, "image", "caption")) or None
    one.model = text_or_none(message.get("model")) if role == "assistant" else None
    if message.get("stopReason") in ("aborted", "error"):
        one.status = "error" if message["stopReason"] == "error" else "unfinished"
    elif text.strip() == "NO_REPLY":
        one.status = "hidden"
    return one


def _blocks(blocks: list[dict[str, Any]], kind: str, key: str) -> list[str]:
    return [
        block[key]
        for block in blocks
        if block.get("type") == kind and isinstance(block.get(key), str) and block[key]
    ]


def read_notes(path: Path, reading: Reading) -> Iterator[Found]:
    """Every bullet and paragraph as a note; the day comes from the file's name. Notes are not dialogue."""
    day = _DAY.search(path.name)
    at = None
    if day:
        try:
            noon = datetime.combine(datetime.fromisoformat(day[1]).date(), time(12), ZoneInfo(reading.zone))
            at = micros(noon.timestamp())
        except ValueError:
            at = None
    notes: list[str] = []
    fresh = True
    with closing(open_utf8(path)) as stream:
        for line in lines(stream, reading.settings.max_line_bytes, path.name, blank=True):
            if isinstance(line, Reject):
                yield line
                continue
            text = line.data.decode("utf-8", "replace").rstrip()
            bullet = _BULLET.match(text)
            if not text.strip() or text.lstrip().startswith("#"):
                fresh = True
            elif bullet or fresh:
                notes.append(text[bullet.end() :] if bullet else text)
                fresh = False
            else:
                notes[-1] += "\n" + text.strip()
    yield Chat(
        SOURCE,
        f"notes {path.stem}",
        [Said("note", text, at, derived=at is not None) for text in notes],
        locator="notes",
        complete=True,
    )
