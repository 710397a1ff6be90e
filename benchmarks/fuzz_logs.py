"""Small valid chat logs of every format for the fuzzer, and how a damaged tree becomes such a file again."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from functools import cache
from typing import Any

from benchmarks.fuzz_inputs import Sample, json_bytes, json_lines

S = 1_767_261_600  # 2026-01-01T10:00:00Z
ME = "Ada"
ISO = "2026-01-01T10:00:00Z"
TOKEN = "sk-" + "a1B2" * 8


def _tree(up: str, key: str = "id") -> dict[str, dict[str, Any]]:
    """Three messages and a second answer, each naming the one above it in `up`."""
    said = [("u", None, "user", "My dog is called Rex, é."), ("a", "u", "assistant", "Noted."),
            ("b", "u", "assistant", f"Another {TOKEN}"), ("v", "a", "user", "I moved to Lyon.")]  # fmt: skip
    return {
        name: {key: name, up: above, "role": role, "content": text, "timestamp": S + place}
        for place, (name, above, role, text) in enumerate(said)
    }


def _openai() -> dict[str, Any]:
    parts = [{"type": "text", "text": "I play the tuba."}, {"type": "image_url", "caption": "a tuba"}]
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": parts, "created_at": ISO, "name": ME},
        {"role": "assistant", "content": "Lovely.", "reasoning_content": "hm", "id": "m2"},
    ]
    return {"id": "c1", "created_at": S, "model": "m", "messages": messages, "metadata": {"tags": ["x"]}}


def _proxied() -> dict[str, Any]:
    request = {"model": "m", "messages": [{"role": "user", "content": "I live in Ghent."}]}
    stream = 'data: {"choices":[{"delta":{"content":"Fine"}}]}\n\ndata: [DONE]\n\n'
    return {"request_id": "r", "request": {"body": json.dumps(request)}, "response": stream, "endTime": ISO}


def _openwebui() -> dict[str, Any]:
    thought = '<details type="reasoning"><summary>T</summary>quietly</details>'
    nodes = _tree("parentId")
    nodes["a"] |= {"content": f"{thought}Noted.", "model": "m", "done": True}
    nodes["u"]["files"] = [{"caption": "c", "file": {"data": {"content": "a file"}}}]
    return {"id": "w1", "title": "T", "chat": {"history": {"messages": nodes, "currentId": "v"}},
            "created_at": S, "updated_at": S + 9, "archived": False, "meta": {"tags": ["a"]}}  # fmt: skip


def _openwebui_tables() -> dict[str, Any]:
    chat = _openwebui()
    row = {**chat, "chat": json.dumps(chat["chat"]), "meta": "{}", "folder_id": "f"}
    rows = [
        {"id": f"w1-{name}", "chat_id": "w1", "role": node["role"], "parent_id": node["parentId"], "done": 1,
         "content": json.dumps(node["content"]), "model_id": "m", "error": None, "created_at": S}
        for name, node in _tree("parentId").items()
    ]  # fmt: skip
    return {"chat": [row], "chat_message": rows, "folder": [{"id": "f", "name": "n"}]}


def _chatgpt() -> dict[str, Any]:
    nodes = {
        key: {"id": key, "parent": node["parent"], "message": {
            "author": {"role": node["role"]}, "create_time": float(node["timestamp"]), "status": "finished",
            "content": {"content_type": "text", "parts": [node["content"]]}, "recipient": "all",
            "weight": 1.0, "metadata": {"model_slug": "m"}}}
        for key, node in _tree("parent").items()
    }  # fmt: skip
    return {"conversation_id": "g1", "title": "T", "create_time": float(S), "update_time": S + 9.5,
            "current_node": "v", "mapping": nodes, "is_archived": False}  # fmt: skip


def _claude() -> dict[str, Any]:
    messages = [
        {"uuid": key, "parent_message_uuid": node["up"], "created_at": ISO, "text": node["content"],
         "sender": "human" if node["role"] == "user" else "assistant",
         "content": [{"type": "text", "text": node["content"]}, {"type": "thinking", "thinking": "t"}],
         "attachments": [{"extracted_content": "pasted"}]}
        for key, node in _tree("up").items()
    ]  # fmt: skip
    return {"uuid": "l1", "name": "T", "created_at": ISO, "updated_at": ISO, "chat_messages": messages}


def _lmstudio() -> dict[str, Any]:
    text = [{"type": "text", "text": "I sail on Sundays."}]
    step = {"type": "contentBlock", "stepIdentifier": f"{S}000-0.5", "content": text, "style": {"type": "x"}}
    user = {"type": "singleStep", "role": "user", "content": text}
    answer = {"type": "multiStep", "role": "assistant", "steps": [step], "senderInfo": {"senderName": "m"}}
    messages = [{"versions": [user, user], "currentlySelected": 1}, {"versions": [answer]}]
    return {"name": "n", "createdAt": S * 1000, "userLastMessagedAt": S * 1000, "messages": messages}


def _sillytavern() -> list[Any]:
    return [
        {"user_name": ME, "character_name": "Bo", "create_date": "2026-01-01@11h00m00s", "chat_metadata": {}},
        {"name": ME, "is_user": True, "mes": "I like tea.", "send_date": "January 1, 2026 11:00am"},
        {"name": "Bo", "is_user": False, "mes": "Noted", "send_date": S * 1000, "extra": {"reasoning": "r"}},
    ]


def _llamacpp() -> dict[str, Any]:
    extra = [{"type": "textFile", "content": "a file"}]
    messages = [{**node, "type": "text", "extra": extra} for node in _tree("parent").values()]
    return {
        "conv": {"id": "p1", "name": "n", "lastModified": S * 1000, "currNode": "v"},
        "messages": messages,
    }


def _llamacpp_lines() -> list[Any]:
    session = {"type": "session", "harness": "llama.app", **_llamacpp()["conv"]}
    return [session, *({"type": "message", "message": one} for one in _llamacpp()["messages"])]


def _openclaw() -> list[Any]:
    entries = [
        {"type": "message", "id": key, "parentId": node["up"], "timestamp": ISO, "message": {
            "role": node["role"], "content": [{"type": "text", "text": node["content"]}], "model": "m"}}
        for key, node in _tree("up").items()
    ]  # fmt: skip
    return [{"type": "session", "version": 3, "id": "s1", "timestamp": ISO}, *entries]


def _sharegpt() -> dict[str, Any]:
    return {"id": "x", "conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "yo"}]}


def _telegram() -> dict[str, Any]:
    messages = [
        {"id": n, "type": "message", "date_unixtime": str(S + n), "from": who, "from_id": "u", "text": text}
        for n, who, text in ((1, ME, ["see ", {"type": "link", "text": "this"}]), (2, "Bo", "ok"))
    ]  # fmt: skip
    return {"chats": {"list": [{"name": "Bo", "id": 9, "messages": messages}]}}


_OLLAMA = {
    "chats": [{"id": "o1", "title": "t", "created_at": "2026-01-01 10:00:00"}],
    "messages": [
        {"id": 1, "chat_id": "o1", "role": "user", "content": "I am allergic to cashews.", "thinking": "",
         "model_name": None, "created_at": "2026-01-01 10:00:00.123456789 +0000 UTC"},
        {"id": 2, "chat_id": "o1", "role": "assistant", "content": "Noted.", "thinking": "hm",
         "model_name": "m", "created_at": "2026-01-01 10:00:01"},
    ],
}  # fmt: skip
_LLM = {
    "conversations": [{"id": "k1", "name": "n", "model": "m"}],
    "responses": [{"id": "r1", "model": "m", "prompt": "ask", "system": None, "response": "one",
                   "conversation_id": "k1", "datetime_utc": "2026-01-01T10:00:00+00:00"}],
}  # fmt: skip
_WHATSAPP = (
    f"13/12/2025, 09:00 - Messages are encrypted.\n13/12/2025, 09:01 - {ME}: I like figs.\nsecond line\n"
    "\u200e[13/12/2025, 9:02:05\u202fPM] Bo: \u200e<Media omitted>\n13/12/2025, 09:03 - Bo: fine\n"
)  # fmt: skip
_NOTES = "# Day\n\n- likes tea\n- has a dog\n  called Rex\n\nA paragraph.\n1) a list\n"


@cache
def log_samples() -> dict[str, tuple[Sample, ...]]:
    """Valid logs by format."""
    return {
        "openai": (
            Sample("a.jsonl", [_openai(), _proxied()], json_lines),
            Sample("a.json", [_openai(), _openai()], json_bytes),
        ),
        "openwebui": (
            Sample("a.json", [_openwebui()], json_bytes),
            Sample("a.db", _openwebui_tables(), _sqlite),
        ),
        "chatgpt": (Sample("a.json", [_chatgpt()], json_bytes), Sample("a.zip", [_chatgpt()], _zip)),
        "claude": (Sample("a.json", [_claude()], json_bytes), Sample("a.zip", [_claude()], _zip)),
        "lmstudio": (Sample("1767261600000.conversation.json", _lmstudio(), json_bytes),),
        "sillytavern": (Sample("a.jsonl", _sillytavern(), json_lines),),
        "llamacpp": (
            Sample("a.json", _llamacpp(), json_bytes),
            Sample("a.jsonl", _llamacpp_lines(), json_lines),
        ),
        "openclaw": (
            Sample("a.jsonl", _openclaw(), json_lines),
            Sample("2026-01-01.md", _NOTES.encode()),
        ),
        "sharegpt": (
            Sample("a.json", [_sharegpt()], json_bytes),
            Sample("a.jsonl", [_sharegpt(), _sharegpt()], json_lines),
        ),
        "parquet": tuple(
            Sample(f"{place}.parquet", _parquet(rows))
            for place, rows in enumerate(([_sharegpt()], [{"messages": _openai()["messages"][2:]}]))
        ),
        "ollama": (Sample("a.db", _OLLAMA, _sqlite),),
        "llm": (Sample("a.db", _LLM, _sqlite),),
        "telegram": (Sample("result.json", _telegram(), json_bytes),),
        "whatsapp": (Sample("_chat.txt", _WHATSAPP.encode()),),
    }  # fmt: skip


def _zip(value: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("conversations.json"), json_bytes(value))
    return out.getvalue()


def _parquet(rows: list[Any]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def _sqlite(tables: Any) -> bytes:
    """A database of these rows; a value SQLite has no type for becomes JSON, and a text need not be UTF-8."""
    named = {_name(name): rows for name, rows in tables.items()} if isinstance(tables, dict) else {}
    with closing(sqlite3.connect(":memory:")) as connection:
        for table, rows in named.items():
            listed = rows if isinstance(rows, list) else [rows]
            found = [{_name(key): one for key, one in row.items()} for row in listed if isinstance(row, dict)]
            columns = list(dict.fromkeys(name for row in found for name in row))
            if not columns:
                continue
            quoted = ", ".join(f'"{name}"' for name in columns)
            connection.execute(f'CREATE TABLE "{table}" ({quoted})')
            for row in found:
                values = [_value(row.get(name)) for name in columns]
                marks = ["CAST(? AS TEXT)" if isinstance(row.get(name), str) else "?" for name in columns]
                connection.execute(f'INSERT INTO "{table}" VALUES ({", ".join(marks)})', values)
        connection.execute("PRAGMA user_version = 1")  # without a page there is nothing to serialize
        connection.commit()
        return connection.serialize()


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", text.lower()) or "x"


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if isinstance(value, int) and abs(value) >= 2**63:
        return float(value)
    return json_bytes(value) if isinstance(value, list | dict) else value
