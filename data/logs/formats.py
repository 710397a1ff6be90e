"""The formats by name, and how a file's content tells which it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO, Any

from data.errors import BadInput
from data.logs import (
    chatgpt,
    claude,
    llamacpp,
    lmstudio,
    messengers,
    openai,
    openclaw,
    openwebui,
    sharegpt,
    sillytavern,
    sqlite,
)
from data.logs.chat import UNEXPECTED, Found, Reading, guarded, unexpected
from data.logs.files import (
    SQLITE_MAGIC,
    ZIP_MAGIC,
    Line,
    columns,
    elements,
    head_of,
    json_streams,
    lines,
    open_utf8,
    parse,
    sqlite_copy,
)
from data.records import Reject

Reader = Callable[[Path, Reading], Iterator[Found]]


def _openai(path: Path, reading: Reading) -> Iterator[Found]:
    with closing(open_utf8(path)) as stream:
        yield from openai_lines(stream, path.name, reading)


def openai_lines(stream: IO[bytes], file: str, reading: Reading, number: int = 0) -> Iterator[Found]:
    """Chats of the lines from where `stream` stands; `number` lines came before."""
    for line in lines(stream, reading.settings.max_line_bytes, file, number):
        yield line if isinstance(line, Reject) else openai_line(line, reading, file)


def openai_line(line: Line, reading: Reading, file: str) -> Found:
    """The chat of one line of an OpenAI-messages log."""
    locator = f"line {line.number}"
    try:
        record = parse(line.data)
    except ValueError as error:
        cut = "the line is cut, its writer may still be busy" if not line.whole else str(error)
        return Reject(file, locator, cut)
    try:
        return openai.chat_of(record, locator, reading, file)
    except UNEXPECTED as error:
        return unexpected(file, locator, error)


def _openai_json(path: Path, reading: Reading) -> Iterator[Found]:
    for stream in json_streams(path):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
                continue
            locator, record = found
            make = partial(openai.chat_of, record, locator, reading, path.name)
            yield guarded(path.name, locator, make)


_READERS: dict[str, dict[str, Reader]] = {
    "openai": {"jsonl": _openai, "json": _openai_json},
    "openwebui": {"json": openwebui.read_json, "sqlite": openwebui.read_db},
    "chatgpt": {"json": chatgpt.read, "zip": chatgpt.read},
    "claude": {"json": claude.read, "zip": claude.read},
    "lmstudio": {"json": lmstudio.read},
    "sillytavern": {"jsonl": sillytavern.read},
    "llamacpp": {"json": llamacpp.read_json, "jsonl": llamacpp.read_jsonl},
    "openclaw": {"jsonl": openclaw.read_session, "text": openclaw.read_notes},
    "sharegpt": {"json": sharegpt.read_json, "jsonl": sharegpt.read_jsonl},
    "parquet": {"parquet": sharegpt.read_parquet},
    "ollama": {"sqlite": sqlite.read_ollama},
    "llm": {"sqlite": sqlite.read_llm},
    "telegram": {"json": messengers.read_telegram},
    "whatsapp": {"text": messengers.read_whatsapp},
}

FORMATS: tuple[str, ...] = tuple(_READERS)

_KEYS = (
    ("openwebui", rb'(?<!\\)"history"\s*:\s*\{\s*"(messages|currentId|current_id)"'),
    ("chatgpt", rb'(?<!\\)"mapping"\s*:\s*\{'),
    ("claude", rb'(?<!\\)"chat_messages"\s*:'),
    ("telegram", rb'(?<!\\)"date_unixtime"\s*:'),
    ("llamacpp", rb'(?<!\\)"conv"\s*:\s*\{'),
    ("lmstudio", rb'(?<!\\)"versions"\s*:\s*\['),
    ("sharegpt", rb'(?<!\\)"conversations"\s*:\s*\['),
    ("openai", rb'(?<!\\)"(messages|req_body)"\s*:'),
)
_WHATSAPP = re.compile(
    rb"^(\xe2\x80\x8e)?\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},?\s+\d{1,2}[:.]\d{2}.*?:", re.MULTILINE
)
_NOTES = re.compile(r"(\d{4}-\d{2}-\d{2}|MEMORY).*\.md", re.IGNORECASE)


def chats(path: Path, format: str, reading: Reading) -> Iterator[Found]:
    """Stream the chats of the file; BadInput if it is not of that format."""
    if format not in _READERS:
        raise BadInput(f"Unknown format {format!r}. Known: {', '.join(FORMATS)}, or auto.")
    kind = container(path)
    reader = _READERS[format].get(kind)
    if reader is None:
        wanted = " or ".join(_READERS[format])
        raise BadInput(
            f"{path} is {kind}; format {format} is read from {wanted}. Check the file or the format."
        )
    return reader(path, reading)


def detect(path: Path) -> str:
    """Name of the format; BadInput says what the file looks like if none fits."""
    kind = container(path)
    found = None
    if kind == "sqlite":
        found = _sqlite(path)
    elif kind == "zip":
        found = _zip(path)
    elif kind == "parquet":
        found = "parquet"
    elif kind == "jsonl":
        found = _jsonl(head_of(path))
    elif kind == "json":
        found = _keys(head_of(path), kind)
    elif _NOTES.fullmatch(path.name):
        found = "openclaw"
    elif _WHATSAPP.search(head_of(path, 4096)):
        found = "whatsapp"
    if found is None:
        raise BadInput(
            f"{path} ({kind}) is not a chat log of a known format. Known: {', '.join(FORMATS)}. "
            "If it is one of these, name the format in ingest.sources."
        )
    return found


def _keys(head: bytes, kind: str) -> str | None:
    for name, pattern in _KEYS:
        if kind in _READERS[name] and re.search(pattern, head):
            return name
    return None


def _jsonl(head: bytes) -> str | None:
    """By the first lines that are JSON objects; a damaged line among them does not matter."""
    for line in head.split(b"\n")[:20]:
        record = _value(line)
        if not isinstance(record, dict):
            continue
        if record.get("type") == "session":
            return "llamacpp" if "harness" in record or "currNode" in record else "openclaw"
        if "mes" in record or "chat_metadata" in record or {"user_name", "character_name"} <= record.keys():
            return "sillytavern"
        if isinstance(record.get("conversations"), list):
            return "sharegpt"
        if {"messages", "prompt", "request", "req_body", "body"} & record.keys():
            return "openai"
        if "type" in record and "message" in record:
            return "openclaw"
    return _keys(head, "jsonl")


def _zip(path: Path) -> str | None:
    for stream in json_streams(path, ("conversations",)):
        return _keys(stream.read(1 << 18), "zip")
    return None


def container(path: Path) -> str:
    """sqlite, zip, parquet, json, jsonl or text, by the first bytes."""
    try:
        with path.open("rb") as stream:
            magic = stream.read(16)
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}. Check the path and its permissions."
        ) from error
    if magic == SQLITE_MAGIC:
        return "sqlite"
    if magic.startswith(ZIP_MAGIC):
        return "zip"
    if magic.startswith(b"PAR1"):
        return "parquet"
    head = head_of(path)
    if not head.strip():
        raise BadInput(f"{path} is empty. Nothing to read.")
    return _text_kind(head)


def _text_kind(head: bytes) -> str:
    start = head.lstrip()
    if start[:1] == b"[":
        return "json" if re.match(rb"\[\s*([\[{\]]|$)", start) else "text"
    parsed = [isinstance(_value(line), dict) for line in start.split(b"\n")[:20] if line.strip()]
    if start[:1] == b"{":
        document = len(parsed) == 1 and _DOCUMENT.search(start)
        return "json" if document or not any(parsed[:2]) else "jsonl"
    return "jsonl" if any(parsed) else "text"


_DOCUMENT = re.compile(
    rb'(?<!\\)"(history|conv|chat|chats|mapping|chat_messages|versions|date_unixtime)"\s*:'
)


def _value(line: bytes) -> Any:
    try:
        return parse(line)
    except ValueError:
        return None


def _sqlite(path: Path) -> str | None:
    with sqlite_copy(path) as connection:
        if "chat" in columns(connection, "chat"):
            return "openwebui"
        if "chat_id" in columns(connection, "messages") and columns(connection, "chats"):
            return "ollama"
        if "prompt" in columns(connection, "responses") and columns(connection, "conversations"):
            return "llm"
    return None
