"""Claude.ai export: `conversations.json`, alone or in the zip; a list of messages, newer ones a tree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from data.logs.chat import Chat, Found, Reading, Said, asked_private, guarded, text_or_none
from data.logs.files import elements, json_streams
from data.logs.times import UNREADABLE, micros
from data.logs.tree import branch, nearest
from data.records import Reject, Role

SOURCE = "claude"
MEMBERS = ("conversations",)
_ROLES: dict[object, Role] = {"human": "user", "assistant": "assistant"}


def read(path: Path, reading: Reading) -> Iterator[Found]:
    """Conversations of the export, streamed."""
    for stream in json_streams(path, MEMBERS):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
                continue
            locator, record = found
            yield guarded(path.name, locator, partial(_chat, record, locator, path.name, reading))


def _chat(record: Any, locator: str, file: str, reading: Reading) -> Found:
    messages = record.get("chat_messages") if isinstance(record, dict) else None
    if not isinstance(messages, list):
        return Reject(file, locator, "no list of chat_messages")
    nodes: dict[str, Mapping[str, Any]] = {}
    for place, message in enumerate(messages):
        if not isinstance(message, dict):
            return Reject(file, locator, f"message {place + 1} is not an object")
        key = text_or_none(message.get("uuid")) or str(place)
        nodes[key if key not in nodes else f"{key}#{place}"] = message
    parents = {key: text_or_none(node.get("parent_message_uuid")) for key, node in nodes.items()}
    path = branch(next(reversed(nodes)), parents) if any(parents.values()) else list(nodes)
    said = {key: _said(key, nodes[key]) for key in path}
    others = {key: _said(key, node) for key, node in nodes.items() if key not in said}
    kept = {**said, **others}
    for key, one in others.items():
        one.parent = nearest(key, parents, kept)
    return Chat(
        SOURCE,
        text_or_none(record.get("uuid")),
        list(said.values()),
        list(others.values()),
        locator=locator,
        started=_known(record.get("created_at")),
        updated=_known(record.get("updated_at")),
        complete=True,
        private="temporary chat"
        if record.get("is_temporary")
        else asked_private(reading, record.get("name")),
    )


def _said(key: str, message: Mapping[str, Any]) -> Said:
    role = _ROLES.get(message.get("sender"))
    if role is None:
        return Said("other", "", id=key, status="hidden")
    blocks = message.get("content")
    blocks = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    words = [_of(block, "text", "text") for block in blocks]
    text = "\n".join(word for word in words if word)
    if not text.strip() and isinstance(message.get("text"), str):
        text = message["text"]
    thoughts = [_of(block, "thinking", "thinking") for block in blocks]
    return Said(
        role,
        text,
        micros(message.get("created_at")),
        key,
        reasoning="\n".join(thought for thought in thoughts if thought) or None,
        attachment=_attached(message.get("attachments")),
    )


def _of(block: Mapping[str, Any], kind: str, key: str) -> str:
    value = block.get(key)
    return value if block.get("type") == kind and isinstance(value, str) else ""


def _attached(attachments: Any) -> str | None:
    """Text of pasted documents, which the person did not say."""
    found = [
        one["extracted_content"]
        for one in (attachments if isinstance(attachments, list) else ())
        if isinstance(one, dict) and isinstance(one.get("extracted_content"), str)
    ]
    return "\n".join(found) or None


def _known(value: Any) -> int | None:
    found = micros(value)
    return None if found == UNREADABLE else found
