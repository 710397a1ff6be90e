"""llama.cpp web UI: manual exports in three shapes, each message with its parent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from data.logs.chat import Chat, Found, Reading, Said, asked_private, guarded, text_or_none
from data.logs.files import elements, json_streams, records
from data.logs.openai import parts_text
from data.logs.times import UNREADABLE, micros
from data.logs.tree import branch, nearest
from data.records import Reject

SOURCE = "llamacpp"


def read_json(path: Path, reading: Reading) -> Iterator[Found]:
    """Chats of `{conv, messages}` or a list of these; old exports number their nodes."""
    for stream in json_streams(path):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
                continue
            locator, record = found
            conv = record.get("conv") if isinstance(record, dict) else None
            messages = record.get("messages") if isinstance(record, dict) else None
            if isinstance(conv, dict) and isinstance(messages, list):
                yield guarded(path.name, locator, partial(_chat, conv, messages, locator, reading))
            else:
                yield Reject(path.name, locator, "no conv with messages")


def read_jsonl(path: Path, reading: Reading) -> Iterator[Found]:
    """Chats of the newer export: a session line, then its messages."""
    conv: Mapping[str, Any] | None = None
    messages: list[Any] = []
    start = ""
    for found in records(path, reading.settings.max_line_bytes):
        if isinstance(found, Reject):
            yield found
            continue
        locator, record = found
        kind = record.get("type") if isinstance(record, dict) else None
        if kind == "session":
            if conv is not None:
                yield guarded(path.name, start, partial(_chat, conv, messages, start, reading))
            conv, messages, start = record, [], locator
        elif kind == "message" and isinstance(record.get("message"), dict):
            messages.append(record["message"])
        else:
            yield Reject(path.name, locator, "neither a session nor a message")
    if conv is not None:
        yield guarded(path.name, start, partial(_chat, conv, messages, start, reading))


def _chat(conv: Mapping[str, Any], messages: list[Any], locator: str, reading: Reading) -> Chat:
    nodes = {
        key: message
        for place, message in enumerate(messages)
        if isinstance(message, dict) and (key := text_or_none(message.get("id")) or f"#{place}")
    }
    parents = {key: text_or_none(node.get("parent")) for key, node in nodes.items()}
    current = text_or_none(conv.get("currNode"))
    leaf = current if current in nodes else next(reversed(nodes), "")
    path = branch(str(leaf), parents) if any(parents.values()) else list(nodes)
    said = {key: _said(key, nodes[key]) for key in path if nodes[key].get("type") != "root"}
    others = {
        key: _said(key, node) for key, node in nodes.items() if key not in said and node.get("type") != "root"
    }
    kept = {**said, **others}
    for key, one in others.items():
        one.parent = nearest(key, parents, kept)
    updated = micros(conv.get("lastModified"))
    return Chat(
        SOURCE,
        text_or_none(conv.get("id")),
        list(said.values()),
        list(others.values()),
        locator=locator,
        updated=None if updated == UNREADABLE else updated,
        complete=True,
        private=asked_private(reading, conv.get("name")),
    )


def _said(key: str, node: Mapping[str, Any]) -> Said:
    role = node.get("role")
    if role not in ("user", "assistant"):
        return Said("other", "", id=key, status="hidden")
    text, attachment = parts_text(node.get("content"))
    extra = node.get("extra")
    texts = [
        one["content"]
        for one in (extra if isinstance(extra, list) else ())
        if isinstance(one, dict)
        and isinstance(one.get("content"), str)
        and str(one.get("type", "")).lower() in ("textfile", "text", "context", "pdf")
    ]
    thought = node.get("reasoningContent") or node.get("thinking")
    return Said(
        role,
        text,
        micros(node.get("timestamp")),
        key,
        model=text_or_none(node.get("model")),
        reasoning=thought if isinstance(thought, str) else None,
        attachment="\n".join([attachment or "", *texts]).strip() or None,
    )
