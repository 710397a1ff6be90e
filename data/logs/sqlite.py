"""Chat programs that keep a SQLite file: the Ollama app and the `llm` command line tool."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from data.logs.chat import Chat, Found, Reading, Said, asked_private, text_or_none
from data.logs.files import columns, sqlite_copy
from data.logs.times import UNREADABLE, micros


def read_ollama(path: Path, reading: Reading) -> Iterator[Found]:
    """Chats of the Ollama app, linear by message id; tool messages and thinking are not speech."""
    with sqlite_copy(path) as connection:
        for row in connection.execute("SELECT * FROM chats ORDER BY id"):
            chat = dict(row)
            messages = connection.execute("SELECT * FROM messages WHERE chat_id = ? ORDER BY id", [row["id"]])
            yield Chat(
                "ollama",
                text_or_none(row["id"]),
                [_ollama_said(dict(message)) for message in messages],
                locator=f"chat {row['id']}",
                started=_known(chat.get("created_at")),
                complete=True,
                private=asked_private(reading, chat.get("title")),
            )


def _ollama_said(message: dict[str, Any]) -> Said:
    role = message.get("role")
    if role not in ("user", "assistant"):
        return Said("other", "", status="hidden")
    return Said(
        role,
        _words(message.get("content")),
        micros(_plain(message.get("created_at"))),
        text_or_none(message.get("id")),
        model=text_or_none(message.get("model_name")),
        reasoning=_words(message.get("thinking")) or None,
    )


def read_llm(path: Path, reading: Reading) -> Iterator[Found]:
    """Conversations of llm: every response row is a question and its answer."""
    with sqlite_copy(path) as connection:
        stamp = "datetime_utc" if "datetime_utc" in columns(connection, "responses") else "NULL"
        names = _llm_names(connection)
        rows = connection.execute(
            f"SELECT *, {stamp} AS stamp FROM responses ORDER BY conversation_id, {stamp}, rowid"
        )
        for key, group in groupby(map(dict, rows), key=lambda row: row["conversation_id"] or row.get("id")):
            said: list[Said] = []
            for row in group:
                at, model = micros(_plain(row["stamp"])), text_or_none(row.get("model"))
                asked, answered = _words(row.get("prompt")), _words(row.get("response"))
                said.append(Said("user", asked, at, f"{row.get('id')}-prompt"))
                said.append(Said("assistant", answered, at, f"{row.get('id')}-response", model))
            yield Chat(
                "llm",
                str(key),
                said,
                locator=f"conversation {key}",
                complete=True,
                private=asked_private(reading, names.get(key)),
            )


def _llm_names(connection: sqlite3.Connection) -> dict[Any, Any]:
    if "name" not in columns(connection, "conversations"):
        return {}
    return {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM conversations")}


def _words(value: Any) -> str:
    """A column's text: SQLite lets any column hold bytes and numbers."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _plain(stamp: Any) -> Any:
    """A Go or SQLite time stamp in a spelling ISO readers know: at most six digits after the point."""
    if not isinstance(stamp, str):
        return stamp
    stamp = stamp.strip().removesuffix(" UTC").replace(" +0000", "+00:00")
    head, dot, tail = stamp.partition(".")
    digits = len(tail) - len(tail.lstrip("0123456789"))
    return f"{head}.{tail[: min(digits, 6)]}{tail[digits:]}" if dot else stamp


def _known(value: Any) -> int | None:
    found = micros(_plain(value))
    return None if found == UNREADABLE else found
