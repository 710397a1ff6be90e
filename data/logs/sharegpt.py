"""ShareGPT records and Hugging Face parquet of either shape: imported data, not a log of the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from data.errors import BadInput
from data.logs.chat import Chat, Found, Reading, Said, guarded, text_or_none
from data.logs.files import elements, json_streams, lines, open_utf8, parse
from data.logs.openai import chat_of
from data.records import Reject, Role

SOURCE = "sharegpt"
_ROLES: dict[object, Role] = {
    "human": "user",
    "user": "user",
    "gpt": "assistant",
    "assistant": "assistant",
    "chatgpt": "assistant",
    "bing": "assistant",
    "bard": "assistant",
}
_PARQUET_ROWS = 1_000


def read_json(path: Path, reading: Reading) -> Iterator[Found]:
    """Records of a JSON list."""
    for stream in json_streams(path):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
            else:
                yield guarded(path.name, found[0], partial(_chat, found[1], found[0], path.name))


def read_jsonl(path: Path, reading: Reading) -> Iterator[Found]:
    """One record per line."""
    with closing(open_utf8(path)) as stream:
        for line in lines(stream, reading.settings.max_line_bytes, path.name):
            if isinstance(line, Reject):
                yield line
                continue
            locator = f"line {line.number}"
            try:
                record = parse(line.data)
            except ValueError as error:
                yield Reject(path.name, locator, str(error))
                continue
            yield guarded(path.name, locator, partial(_chat, record, locator, path.name))


def read_parquet(path: Path, reading: Reading) -> Iterator[Found]:
    """Rows with `messages` or `conversations`; path and row number are their identity."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(path)
        names = [name for name in ("messages", "conversations") if name in table.schema_arrow.names]
        if not names:
            raise BadInput(f"{path} has neither a messages nor a conversations column.")
        number = 0
        for batch in table.iter_batches(batch_size=_PARQUET_ROWS, columns=names[:1]):
            for record in batch.to_pylist():
                number += 1
                yield guarded(path.name, f"row {number}", partial(_row, record, number, path, reading))
    except (pa.ArrowException, ValueError, OverflowError, OSError) as error:
        raise BadInput(f"{path} is not a readable parquet file: {error}. Download it again.") from error


def _row(record: dict[str, Any], number: int, path: Path, reading: Reading) -> Found:
    locator = f"row {number}"
    if "conversations" in record:
        chat = _chat(record, locator, path.name)
    else:
        chat = chat_of(record, locator, reading, path.name)
    if isinstance(chat, Chat):
        chat.source, chat.id, chat.imported = "parquet", f"{path.name}:{number}", True
    return chat


def _chat(record: Any, locator: str, file: str) -> Found:
    turns = record.get("conversations") if isinstance(record, dict) else None
    if not isinstance(turns, list):
        return Reject(file, locator, "no list of conversations")
    said = []
    for turn in turns:
        if not isinstance(turn, dict):
            return Reject(file, locator, "a turn that is not an object")
        role = _ROLES.get(turn.get("from") or turn.get("role"))
        value = turn.get("value") if turn.get("value") is not None else turn.get("content")
        if role is None or not isinstance(value, str):
            said.append(Said("other", "", status="hidden"))
        else:
            said.append(Said(role, value))
    return Chat(SOURCE, text_or_none(record.get("id")), said, locator=locator, imported=True)
