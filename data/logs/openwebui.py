"""Open WebUI: `webui.db` in both of its schemas, and the JSON export."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from data.logs.chat import ARCHIVED, Chat, Found, Reading, Said, Status, asked_private, guarded, text_or_none
from data.logs.files import columns, elements, json_streams, parse, sqlite_copy
from data.logs.openai import parts_text
from data.logs.times import UNREADABLE, micros
from data.logs.tree import branch, nearest
from data.records import Reject

SOURCE = "openwebui"
_DETAILS = re.compile(r"<details\b([^>]*)>(.*?)</details>", re.DOTALL)
_TYPE = re.compile(r'\btype="([a-z_]+)"')
_SUMMARY = re.compile(r"\s*<summary>.*?</summary>\s*", re.DOTALL)
_MACHINE = frozenset({"reasoning", "tool_calls", "code_interpreter"})


def read_json(path: Path, reading: Reading) -> Iterator[Found]:
    """Chats of a JSON export: rows with a `chat`, or bare chat objects."""
    for stream in json_streams(path, ("",)):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
                continue
            locator, record = found
            if not isinstance(record, dict):
                yield Reject(path.name, locator, "not an object")
                continue
            inner = record.get("chat")
            blob = inner if isinstance(inner, dict) else record
            yield guarded(path.name, locator, partial(_chat, record, blob, locator, path.name, reading))


def read_db(path: Path, reading: Reading) -> Iterator[Found]:
    """Chats of the database; message rows of newer versions win over the chat's own copy."""
    with sqlite_copy(path) as connection:
        has = columns(connection, "chat")
        newer = bool(columns(connection, "chat_message"))
        folders = _folders(connection)
        for row in connection.execute("SELECT * FROM chat ORDER BY rowid"):
            record = {name: row[name] for name in has}
            record["folder"] = folders.get(record.get("folder_id"))
            locator = f"chat {record.get('id')}"
            blob = _json(record.get("chat"))
            rows = _message_rows(connection, str(record.get("id"))) if newer else {}
            if rows:
                leaf = record.get("current_message_id") or _current(blob) or list(rows)[-1]
                blob = {"history": {"messages": rows, "currentId": leaf}}
            if not isinstance(blob, dict):
                yield Reject(path.name, locator, "the chat column holds no JSON object")
                continue
            record["meta"] = _json(record.get("meta"))
            yield guarded(path.name, locator, partial(_chat, record, blob, locator, path.name, reading))


def _folders(connection: sqlite3.Connection) -> dict[Any, Any]:
    if not {"id", "name"} <= columns(connection, "folder"):
        return {}
    return {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM folder")}


def _message_rows(connection: sqlite3.Connection, chat: str) -> dict[str, dict[str, Any]]:
    rows = {}
    for row in connection.execute(
        "SELECT * FROM chat_message WHERE chat_id = ? ORDER BY created_at, rowid", [chat]
    ):
        message = dict(row)
        node = str(message.get("id")).removeprefix(f"{chat}-")
        content = message.get("content")
        decoded = _json(content) if isinstance(content, str) and content[:1] in '["' else content
        parent = message.get("parent_id")
        rows[node] = {
            "id": node,
            "parentId": str(parent).removeprefix(f"{chat}-") if parent else None,
            "role": message.get("role"),
            "content": content if decoded is None else decoded,
            "timestamp": message.get("created_at"),
            "model": message.get("model_id"),
            "done": None if message.get("done") is None else bool(message["done"]),
            "error": _json(message.get("error")),
        }
    return rows


def _current(blob: Any) -> Any:
    history = blob.get("history") if isinstance(blob, dict) else None
    return history.get("currentId") if isinstance(history, dict) else None


def _chat(
    record: Mapping[str, Any], blob: Mapping[str, Any], locator: str, file: str, reading: Reading
) -> Found:
    history = blob.get("history")
    nodes = history.get("messages") if isinstance(history, dict) else None
    if not isinstance(history, dict) or not isinstance(nodes, dict):
        return Reject(file, locator, "no history of messages")
    nodes = {key: node for key, node in nodes.items() if isinstance(node, dict)}
    parents = {key: text_or_none(node.get("parentId")) for key, node in nodes.items()}
    path = branch(_leaf(history, nodes), parents)
    said = {key: _said(key, nodes[key]) for key in path}
    others = {key: _said(key, node) for key, node in nodes.items() if key not in said}
    for key, one in others.items():
        one.parent = nearest(key, parents, nodes)
    meta = record.get("meta")
    return Chat(
        SOURCE,
        text_or_none(record.get("id")) or sha256("".join(sorted(nodes)).encode()).hexdigest()[:32],
        list(said.values()),
        [one for one in others.values() if one.role in ("user", "assistant")],
        locator=locator,
        started=_known(record.get("created_at") or blob.get("timestamp")),
        updated=_known(record.get("updated_at")),
        complete=True,
        private=_private(record, blob, meta, reading),
        pipeline=isinstance(meta, dict) and "dream-pipeline:" in str(meta),
    )


def _private(record: Mapping[str, Any], blob: Mapping[str, Any], meta: Any, reading: Reading) -> str:
    if isinstance(meta, dict) and meta.get("internal"):
        return "internal chat of the program"
    if blob.get("temporary") or str(record.get("id")).startswith("local:"):
        return "temporary chat"
    if record.get("archived") and reading.settings.skip_archived:
        return ARCHIVED
    tags = meta.get("tags") if isinstance(meta, dict) else None
    labels = [*(tags if isinstance(tags, list) else []), record.get("folder")]
    return asked_private(reading, record.get("title") or blob.get("title"), labels)


def _leaf(history: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> str:
    current = text_or_none(history.get("currentId"))
    if current in nodes:
        return str(current)
    return max(nodes, key=lambda key: micros(nodes[key].get("timestamp")) or 0, default="")


def _said(key: str, node: Mapping[str, Any]) -> Said:
    get = node.get
    role = get("role")
    if role not in ("user", "assistant"):
        return Said("other", "", id=key, status="hidden")
    text, attachment = parts_text(get("content"))
    text, reasoning = cut_details(text)
    status: Status = "ok"
    if get("error"):
        status = "error"
    elif get("done") is False:
        status = "unfinished"
    model = get("model")
    if type(model) is not str:
        model = None
    if attachment is None and (files := get("files")):
        attachment = _files(files)
    return Said(role, text, micros(get("timestamp")), key, model, status, reasoning, attachment)


def cut_details(text: str) -> tuple[str, str | None]:
    """Text without the blocks in which the program shows reasoning and tool calls, and those blocks."""
    if "<details" not in text:
        return text, None
    cut: list[str] = []

    def take(match: re.Match[str]) -> str:
        kind = _TYPE.search(match[1])
        if kind is None or kind[1] not in _MACHINE:
            return match[0]
        if kind[1] == "reasoning":
            cut.append(_SUMMARY.sub("", match[2]).strip())
        return ""

    return _DETAILS.sub(take, text), "\n".join(cut) or None


def _files(files: Any) -> str | None:
    """Captions, transcripts and extracted text of attached files."""
    found = []
    for file in files if isinstance(files, list) else ():
        if isinstance(file, dict):
            inner = file.get("file")
            data = inner.get("data") if isinstance(inner, dict) else None
            for holder, key in ((file, "caption"), (file, "transcript"), (data, "content")):
                if isinstance(holder, dict) and isinstance(holder.get(key), str):
                    found.append(holder[key])
    return "\n".join(found) or None


def _known(value: Any) -> int | None:
    found = micros(value)
    return None if found == UNREADABLE else found


def _json(value: Any) -> Any:
    if not isinstance(value, str | bytes):
        return value
    try:
        return parse(value if isinstance(value, bytes) else value.encode("utf-8", "replace"))
    except ValueError:
        return None
