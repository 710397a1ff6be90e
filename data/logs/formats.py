"""The formats by name, and how a file's content tells which it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from data.errors import BadInput
from data.logs import openai, openwebui
from data.logs.chat import Found, Reading
from data.logs.files import (
    SQLITE_MAGIC,
    ZIP_MAGIC,
    Line,
    columns,
    head_of,
    lines,
    open_utf8,
    parse,
    sqlite_copy,
)
from data.records import Reject

Reader = Callable[[Path, Reading], Iterator[Found]]


def _openai(path: Path, reading: Reading) -> Iterator[Found]:
    with closing(open_utf8(path)) as stream:
        for line in lines(stream, reading.settings.max_line_bytes, path.name):
            yield line if isinstance(line, Reject) else openai_line(line, reading, path.name)


def openai_line(line: Line, reading: Reading, file: str) -> Found:
    """The chat of one line of an OpenAI-messages log."""
    locator = f"line {line.number}"
    try:
        return openai.chat_of(parse(line.data), locator, reading, file)
    except ValueError as error:
        cut = "the line is cut, its writer may still be busy" if not line.whole else str(error)
        return Reject(file, locator, cut)


_READERS: dict[str, dict[str, Reader]] = {
    "openai": {"jsonl": _openai},
    "openwebui": {"json": openwebui.read_json, "sqlite": openwebui.read_db},
}

FORMATS: tuple[str, ...] = tuple(_READERS)

_KEYS = (
    ("openwebui", rb'(?<!\\)"history"\s*:\s*\{\s*"(messages|currentId|current_id)"'),
    ("openai", rb'(?<!\\)"messages"\s*:'),
)


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
    if kind == "sqlite":
        return _sqlite(path)
    head = head_of(path)
    for name, pattern in _KEYS:
        if kind in _READERS[name] and re.search(pattern, head):
            return name
    raise BadInput(f"{path} is not a chat log of a known format. Known: {', '.join(FORMATS)}.")


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
    if start[:1] != b"{":
        return "text"
    first = start.split(b"\n", 1)
    value = _value(first[0])
    if isinstance(value, dict) and len(first) == 2:
        return "jsonl"
    return "jsonl" if isinstance(value, dict) and "messages" in value and "history" not in value else "json"


def _value(line: bytes) -> Any:
    try:
        return parse(line)
    except ValueError:
        return None


def _sqlite(path: Path) -> str:
    with sqlite_copy(path) as connection:
        if "chat" in columns(connection, "chat"):
            return "openwebui"
    raise BadInput(f"{path} is a SQLite database without chats of a known program.")
