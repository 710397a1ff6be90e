"""ChatGPT export: `conversations.json`, alone or in the zip; a tree of nodes per conversation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from data.logs.chat import ARCHIVED, Chat, Found, Reading, Said, asked_private, guarded, text_or_none
from data.logs.files import elements, json_streams
from data.logs.times import UNREADABLE, micros
from data.logs.tree import branch, nearest
from data.records import Reject

SOURCE = "chatgpt"
MEMBERS = ("conversations",)
_SPOKEN = frozenset({"text", "multimodal_text", None})
# One class at the start lets the search skip plain text quickly, which two alternatives would not.
_CITATION = re.compile("[\ue000-\uf8ff](?:(?<=\ue200)[^\ue200\ue201]*\ue201)?")


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
    mapping = record.get("mapping") if isinstance(record, dict) else None
    if not isinstance(mapping, dict):
        return Reject(file, locator, "no mapping of messages")
    nodes = {key: node for key, node in mapping.items() if isinstance(node, dict)}
    messages = {key: message for key, node in nodes.items() if (message := node.get("message"))}
    if any(_broken(message) for message in messages.values()):
        return Reject(file, locator, "a message without author or content")
    parents = {key: text_or_none(node.get("parent")) for key, node in nodes.items()}
    path = branch(_leaf(record, nodes), parents) if any(parents.values()) else list(nodes)
    said = {key: _said(key, messages[key]) for key in path if key in messages}
    others = {key: _said(key, message) for key, message in messages.items() if key not in said}
    for key, one in others.items():
        one.parent = nearest(key, parents, messages)
    return Chat(
        SOURCE,
        text_or_none(record.get("conversation_id")) or text_or_none(record.get("id")),
        list(said.values()),
        list(others.values()),
        locator=locator,
        started=_known(record.get("create_time")),
        updated=_known(record.get("update_time")),
        complete=True,
        private=_private(record, reading),
    )


def _private(record: Mapping[str, Any], reading: Reading) -> str:
    if record.get("is_do_not_remember"):
        return "do not remember"
    if record.get("is_temporary_chat"):
        return "temporary chat"
    if record.get("is_archived") and reading.settings.skip_archived:
        return ARCHIVED
    return asked_private(reading, record.get("title"))


def _broken(message: Any) -> bool:
    return (
        not isinstance(message, dict)
        or not isinstance(message.get("author"), dict)
        or not isinstance(message.get("content"), dict)
    )


def _leaf(record: Mapping[str, Any], nodes: Mapping[str, Any]) -> str:
    current = record.get("current_node")
    if isinstance(current, str) and current in nodes:
        return current
    inner = {node.get("parent") for node in nodes.values()}
    leaves = [key for key in nodes if key not in inner] or list(nodes)
    best, latest = "", -2
    for key in leaves:
        at = micros((nodes[key].get("message") or {}).get("create_time")) or 0
        if at >= latest:
            best, latest = key, at
    return best


def _said(key: str, message: Mapping[str, Any]) -> Said:
    role = message["author"].get("role")
    content = message["content"]
    metadata = message.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    at = micros(message.get("create_time"))
    if (
        role not in ("user", "assistant")
        or message.get("recipient") not in ("all", None)
        or message.get("weight") == 0
        or metadata.get("is_visually_hidden_from_conversation")
        or content.get("content_type") not in _SPOKEN
    ):
        return Said("other", "", at, key, status="hidden")
    text, attachment = _parts(content)
    one = Said(role, text, at, key, attachment=attachment)
    if message.get("status") == "in_progress":
        one.status = "unfinished"
    if role == "assistant":
        one.model = text_or_none(metadata.get("model_slug"))
    return one


def _parts(content: Mapping[str, Any]) -> tuple[str, str | None]:
    """Typed and spoken words, and captions of what was attached."""
    parts = content.get("parts")
    if not isinstance(parts, list):
        parts = [content.get("text")]
    words, attached = [], []
    for part in parts:
        if isinstance(part, str):
            words.append(part)
        elif isinstance(part, dict):
            spoken = part.get("audio_transcription")
            if isinstance(spoken, dict):
                spoken = spoken.get("text")
            if spoken is None and part.get("content_type") == "audio_transcription":
                spoken = part.get("text")
            if isinstance(spoken, str):
                words.append(spoken)
            attached += [part[key] for key in ("caption", "alt_text") if isinstance(part.get(key), str)]
    text = "\n".join(words)
    return text if text.isascii() else _CITATION.sub("", text), "\n".join(attached) or None


def _known(value: Any) -> int | None:
    found = micros(value)
    return None if found == UNREADABLE else found
