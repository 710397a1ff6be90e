"""Programs on the own machine and imports, from small files: voices, versions, times, what stays out.

No third-party file of LM Studio, SillyTavern, llama.cpp, Ollama or llm was at hand; these fixtures follow
the published schemas.
"""

import sqlite3

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import BadInput
from data.logs import detect
from tests.data.logs.small_files import S, at, said, save, save_lines, turns

# --- LM Studio, SillyTavern, llama.cpp


def test_lmstudio_selected_versions(tmp_path):
    text = lambda words, **more: {"type": "text", "text": words, **more}  # noqa: E731
    block = lambda words, **more: {  # noqa: E731
        "type": "contentBlock",
        "stepIdentifier": f"{(S + 3) * 1000}-0.5",
        "content": [text(words)],
        **more,
    }
    record = {
        "name": "n",
        "createdAt": S * 1000,
        "messages": [
            {
                "versions": [
                    {"type": "singleStep", "role": "user", "content": [text("draft")]},
                    {"type": "singleStep", "role": "user", "content": [text("final")]},
                ],
                "currentlySelected": 1,
            },
            {
                "versions": [
                    {
                        "type": "multiStep",
                        "role": "assistant",
                        "senderInfo": {"senderName": "q"},
                        "steps": [
                            block("hmm", style={"type": "thinking"}),
                            block("answer"),
                            {"type": "toolStatus"},
                        ],
                    }
                ],
                "currentlySelected": 0,
            },
        ],
    }
    path = save(tmp_path / "1767261600000.conversation.json", record)
    assert detect(path) == "lmstudio"
    assert said(path) == [("user", "final"), ("assistant", "answer")]
    user, answer, draft = turns(path)
    assert (answer.reasoning, answer.model, answer.at, answer.time_quality) == ("hmm", "q", at(3), "derived")
    assert draft.text == "draft" and not draft.active


def test_sillytavern_header_greeting_and_hidden(tmp_path):
    path = save_lines(
        tmp_path / "chat.jsonl",
        {
            "user_name": "Me",
            "character_name": "Ada",
            "create_date": "2026-01-01@11h00m00s",
            "chat_metadata": {},
        },
        {
            "name": "Ada",
            "is_user": False,
            "mes": "Welcome, traveller.",
            "send_date": "January 1, 2026 11:00am",
        },
        {"name": "Me", "is_user": True, "mes": "I like tea", "send_date": "January 1, 2026 11:00am"},
        {
            "name": "Ada",
            "is_user": False,
            "mes": "Noted",
            "send_date": S * 1000,
            "gen_started": "x",
            "swipes": ["Noted", "No"],
            "extra": {"model": "m", "reasoning": "tea"},
        },
        {"name": "sys", "is_system": True, "mes": "hidden"},
    )
    assert detect(path) == "sillytavern"
    assert said(path, zone="Europe/Berlin") == [("user", "I like tea"), ("assistant", "Noted")]
    user, answer = turns(path, zone="Europe/Berlin")
    assert user.at == answer.at == at() and user.speaker == "Me" and answer.reasoning == "tea"


def llama(number=False):
    key = (lambda n: n + 5) if number else (lambda n: f"m{n}")
    message = lambda n, up, role, text, **more: {  # noqa: E731
        "id": key(n),
        "convId": "c",
        "type": "text",
        "timestamp": (S + n) * 1000,
        "role": role,
        "content": text,
        "parent": -1 if number and up < 0 else key(up) if up >= 0 else None,
        "children": [],
        **more,
    }
    conv = {"id": "c", "name": "n", "lastModified": (S + 9) * 1000, "currNode": key(3)}
    messages = [
        {**message(0, -1, "system", ""), "type": "root"},
        message(1, 0, "user", "q", extra=[{"type": "imageFile", "base64Url": "data:xxxx"}]),
        message(2, 1, "assistant", "old"),
        message(3, 1, "assistant", "new", reasoningContent="r", toolCalls="[]"),
    ]
    return conv, messages


def test_llamacpp_three_shapes(tmp_path):
    conv, messages = llama()
    session = {"type": "session", "harness": "llama.app", **conv}
    numbered = dict(zip(("conv", "messages"), llama(number=True), strict=True))
    paths = [
        save(tmp_path / "a.json", {"conv": conv, "messages": messages}),
        save(tmp_path / "b.json", [numbered]),
        save_lines(tmp_path / "c.jsonl", session, *({"type": "message", "message": one} for one in messages)),
    ]
    for path in paths:
        assert detect(path) == "llamacpp"
        assert said(path) == [("user", "q"), ("assistant", "new")]
        assert [turn.text for turn in turns(path) if not turn.active] == ["old"]
        assert turns(path)[1].reasoning == "r" and turns(path)[0].at == at(1)


# --- OpenClaw


def test_openclaw_tree_takes_the_newest_entry(tmp_path):
    entry = lambda key, up, role, text, **more: {  # noqa: E731
        "type": "message",
        "id": key,
        "parentId": up,
        "timestamp": "2026-01-01T10:00:00.000Z",
        "message": {
            "role": role,
            "content": [{"type": "text", "text": text}, {"type": "thinking", "thinking": "t"}],
            **more,
        },
    }
    path = save_lines(
        tmp_path / "s.jsonl",
        {"type": "session", "version": 3, "id": "s", "timestamp": "2026-01-01T10:00:00Z", "cwd": "/x"},
        entry("1", None, "user", "hello"),
        entry("2", "1", "assistant", "dropped branch"),
        entry("3", "1", "assistant", "kept branch", model="m"),
        entry("4", "3", "toolResult", "lots of output"),
        entry("5", "4", "assistant", "half", stopReason="aborted"),
        entry("6", "5", "assistant", "NO_REPLY"),
    )
    assert detect(path) == "openclaw"
    assert said(path) == [("user", "hello"), ("assistant", "kept branch")]
    assert [turn.text for turn in turns(path) if not turn.active] == ["dropped branch"]


def test_openclaw_automatic_sessions_are_left_out(tmp_path):
    path = save_lines(
        tmp_path / "s.jsonl",
        {"type": "session", "id": "cron:7", "timestamp": "2026-01-01T10:00:00Z"},
        {"type": "message", "message": {"role": "user", "content": "run backup"}},
    )
    assert turns(path) == []


def test_openclaw_daily_notes_are_notes(tmp_path):
    path = save(
        tmp_path / "2026-01-01.md", "# Day\n\n- likes tea\n- has a dog\n  called Rex\n\nA paragraph.\n"
    )
    assert detect(path) == "openclaw"
    assert said(path) == [("note", "likes tea"), ("note", "has a dog\ncalled Rex"), ("note", "A paragraph.")]
    assert {turn.at.date().isoformat() for turn in turns(path)} == {"2026-01-01"}


# --- imports


def test_sharegpt_and_parquet_are_imports(tmp_path):
    talk = [
        {"from": "system", "value": "s"},
        {"from": "gpt", "value": "hi"},
        {"from": "human", "value": "yo"},
    ]
    one = save(tmp_path / "a.json", [{"id": "x", "conversations": talk}])
    two = save_lines(tmp_path / "a.jsonl", {"id": "x", "conversations": talk})
    three, four = tmp_path / "a.parquet", tmp_path / "b.parquet"
    pq.write_table(pa.Table.from_pylist([{"conversations": talk}]), three)
    messages = [{"role": "assistant", "content": "hi"}, {"role": "user", "content": "yo"}]
    pq.write_table(pa.Table.from_pylist([{"messages": messages}]), four)
    for path in (one, two, three, four):
        assert said(path) == [("assistant", "hi"), ("user", "yo")]
        assert {(turn.origin, turn.at) for turn in turns(path)} == {("import", None)}


# --- SQLite programs


def test_ollama_app(tmp_path):
    path = tmp_path / "db.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE chats (id TEXT, title TEXT, created_at TEXT);"
            "CREATE TABLE messages (id INTEGER, chat_id TEXT, role TEXT, content TEXT, "
            "thinking TEXT, model_name TEXT, "
            "created_at TEXT);"
            "INSERT INTO chats VALUES ('c', 't', '2026-01-01 10:00:00');"
            "INSERT INTO messages VALUES (1, 'c', 'user', 'hi', '', NULL, "
            "'2026-01-01 10:00:00.123456789 +0000 UTC'),"
            "(2, 'c', 'tool', 'x', '', NULL, '2026-01-01 10:00:00'), "
            "(3, 'c', 'assistant', 'yo', 'hm', 'm', '2026-01-01 10:00:01');"
        )
    connection.close()
    assert detect(path) == "ollama"
    assert said(path, zone="Europe/Berlin") == [("user", "hi"), ("assistant", "yo")]
    user, answer = turns(path, zone="Europe/Berlin")
    assert user.at == at().replace(microsecond=123456) and answer.at == at(1) and answer.reasoning == "hm"


def test_bytes_and_numbers_in_a_text_column_are_read_as_text(tmp_path):
    llm, ollama = tmp_path / "llm.db", tmp_path / "ollama.db"
    with sqlite3.connect(llm) as connection:
        connection.executescript(
            "CREATE TABLE conversations (id TEXT);"
            "CREATE TABLE responses (id TEXT, prompt TEXT, response TEXT, conversation_id TEXT);"
            "INSERT INTO responses VALUES ('r', x'61736b', 7, 'c');"
        )
    connection.close()
    with sqlite3.connect(ollama) as connection:
        connection.executescript(
            "CREATE TABLE chats (id TEXT);"
            "CREATE TABLE messages (id INTEGER, chat_id TEXT, role TEXT, content TEXT, model_name TEXT);"
            "INSERT INTO chats VALUES ('c');"
            "INSERT INTO messages VALUES (1, 'c', 'user', x'6869ff', x'6d'), (2, 'c', 'assistant', 7, NULL);"
        )
    connection.close()
    assert said(llm) == [("user", "ask"), ("assistant", "7")]
    assert said(ollama) == [("user", "hi\ufffd"), ("assistant", "7")]


def test_a_database_with_a_damaged_name_is_refused(tmp_path):
    path = tmp_path / "ollama.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE chats (id TEXT, thing TEXT);"
            "CREATE TABLE messages (id INTEGER, chat_id TEXT, role TEXT, content TEXT);"
            "INSERT INTO chats VALUES ('c', NULL);"
        )
    connection.close()
    path.write_bytes(path.read_bytes().replace(b"thing", b"th\xe4ng"))
    with pytest.raises(BadInput, match="cannot be read as a SQLite database"):
        turns(path, format="ollama")


def test_llm_logs(tmp_path):
    path = tmp_path / "logs.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE conversations (id TEXT, name TEXT, model TEXT);"
            "CREATE TABLE responses (id TEXT, model TEXT, prompt TEXT, system TEXT, response TEXT, "
            "conversation_id TEXT, "
            "datetime_utc TEXT);"
            "INSERT INTO conversations VALUES ('c', 'n', 'm');"
            "INSERT INTO responses VALUES ('r2', 'm', 'and', NULL, 'two', 'c', '2026-01-01T10:00:09'),"
            "('r1', 'm', 'ask', 'sys', 'one', 'c', '2026-01-01T10:00:00+00:00');"
        )
    connection.close()
    assert detect(path) == "llm"
    assert said(path) == [("user", "ask"), ("assistant", "one"), ("user", "and"), ("assistant", "two")]
    assert turns(path)[0].at == at() and turns(path)[2].at == at(9)
