"""Every format from a small file written by hand after its schema: voices, branches, times, what stays out.

No third-party file of OpenAI-messages JSONL, LM Studio, SillyTavern, llama.cpp, Ollama, llm, Telegram or
WhatsApp was at hand; these fixtures follow the published schemas.
"""

import base64
import json
import sqlite3
import zipfile
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import BadInput
from data.logs import detect, read
from data.records import Reject, Turn
from data.settings import Ingest

S = 1_767_261_600  # 2026-01-01T10:00:00Z


def at(offset=0):
    return datetime.fromtimestamp(S + offset, UTC)


def save(path, value):
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def save_lines(path, *records):
    return save(path, "".join(json.dumps(record) + "\n" for record in records))


def turns(path, **options):
    return [one for one in read(path, **options) if isinstance(one, Turn)]


def rejects(path, **options):
    return [one for one in read(path, **options) if isinstance(one, Reject)]


def said(path, **options):
    return [(one.role, one.text) for one in turns(path, **options) if one.active]


# --- OpenAI messages and proxies


def test_openai_lines_keep_only_the_two_voices(tmp_path):
    path = save_lines(
        tmp_path / "a.jsonl",
        {
            "id": "c1",
            "model": "m",
            "created_at": "2026-01-01T10:00:00Z",
            "messages": [
                {"role": "system", "content": "be nice"},
                {"role": "developer", "content": "hidden"},
                {
                    "role": "user",
                    "content": [{"type": "text", "text": "hi"}, {"type": "image_url", "image_url": {}}],
                },
                {"role": "assistant", "content": None, "tool_calls": [{"id": "t"}]},
                {"role": "tool", "content": "42", "tool_call_id": "t"},
                {
                    "role": "assistant",
                    "content": "hello\r\nyou ",
                    "reasoning_content": "greet",
                    "created_at": S + 5,
                },
            ],
        },
    )
    assert detect(path) == "openai"
    user, answer = turns(path)
    assert (user.text, answer.text) == ("hi", "hello\nyou")
    assert answer.reasoning == "greet" and answer.model == "m" and answer.at == at(5)
    assert user.at == at() and user.time_quality == "derived"


def test_openai_bad_lines_cost_only_themselves(tmp_path):
    good = json.dumps({"id": "c", "messages": [{"role": "user", "content": "kept"}]})
    path = save(
        tmp_path / "a.jsonl",
        f'{good}\n[1]\nplain text\n{{"x": 1}}\n{good.replace("kept", "also")}\n{{"messages": [',
    )
    assert {text for _, text in said(path)} == {"kept", "also"}
    found = rejects(path)
    assert [one.locator for one in found] == ["line 2", "line 3", "line 4", "line 6"]
    assert "cut" in found[-1].reason


def test_captions_and_transcripts_are_not_speech(tmp_path):
    parts = [
        {"type": "text", "text": "look"},
        {"type": "image_url", "caption": "a red bicycle"},
        {"type": "input_audio", "transcript": "spoken words"},
    ]
    path = save_lines(tmp_path / "a.jsonl", {"messages": [{"role": "user", "content": parts}]})
    (turn,) = turns(path)
    assert turn.text == "look"
    assert turn.attachment_text == "a red bicycle\nspoken words"


@pytest.mark.parametrize("mark", [{"user": "dream-pipeline:7"}, {"metadata": {"tag": "dream-pipeline:7"}}])
def test_own_traffic_is_marked(tmp_path, mark):
    path = save_lines(tmp_path / "a.jsonl", {"messages": [{"role": "user", "content": "probe"}], **mark})
    assert [turn.origin for turn in turns(path)] == ["pipeline"]


def test_proxy_records_in_all_wrappings(tmp_path):
    request = {"model": "m", "messages": [{"role": "user", "content": "why"}]}
    reply = {"choices": [{"message": {"role": "assistant", "content": "because"}}]}
    chunk = 'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n'
    stream = chunk % "beca" + chunk % "use" + "data: [DONE]\n"
    code = lambda text: base64.b64encode(text.encode()).decode()  # noqa: E731
    shapes = [
        {"request": request, "response": reply},
        {"request_id": "r1", "messages": json.dumps(request["messages"]), "response": json.dumps(reply)},
        {"id": 4, "req_body": code(json.dumps(request)), "resp_body": code(stream)},
    ]
    for number, shape in enumerate(shapes):
        path = save_lines(tmp_path / f"{number}.jsonl", shape)
        assert said(path, format="openai") == [("user", "why"), ("assistant", "because")]
        assert len({turn.conversation for turn in turns(path)}) == 1


def test_time_units_are_told_apart(tmp_path):
    stamps = [S, S * 1000, S * 10**6, S * 10**9, str(S), "2026-01-01T10:00:00Z", "2026-01-01T11:00:00+01:00"]
    path = save_lines(
        tmp_path / "a.jsonl",
        {
            "id": "c",
            "messages": [{"role": "user", "content": str(n), "created_at": s} for n, s in enumerate(stamps)],
        },
    )
    assert [turn.at for turn in turns(path)] == [at()] * len(stamps)


def test_impossible_times_are_refused_not_replaced_by_now(tmp_path):
    stamps = [S, "yesterday", -5, 4_102_444_800, 0.5]
    path = save_lines(
        tmp_path / "a.jsonl",
        {
            "id": "c",
            "messages": [{"role": "user", "content": str(n), "created_at": s} for n, s in enumerate(stamps)],
        },
    )
    assert [turn.at for turn in turns(path)] == [at()] * 5
    assert [turn.time_quality for turn in turns(path)] == ["exact", *["derived"] * 4]
    assert len(rejects(path)) == 4


def test_local_times_without_zone_belong_to_the_person(tmp_path):
    path = save_lines(
        tmp_path / "a.jsonl",
        {"id": "c", "messages": [{"role": "user", "content": "x", "created_at": "2026-01-01T11:00:00"}]},
    )
    assert [turn.at for turn in turns(path, zone="Europe/Berlin")] == [at()]


# --- Open WebUI


def webui(**extra):
    details = '<details type="reasoning" done="true"><summary>Thought</summary>\n> quietly\n</details>\n'
    messages = {
        "u": {"id": "u", "parentId": None, "role": "user", "content": "ask", "timestamp": S},
        "a": {
            "id": "a",
            "parentId": "u",
            "role": "assistant",
            "content": details + "one",
            "timestamp": S,
            "model": "x",
        },
        "b": {
            "id": "b",
            "parentId": "u",
            "role": "assistant",
            "content": "two",
            "timestamp": S,
            "model": "y",
        },
        "v": {"id": "v", "parentId": "a", "role": "user", "content": "more", "timestamp": S + 9},
        "w": {"id": "w", "parentId": "v", "role": "assistant", "content": "cut off", "done": False},
    }
    blob = {"history": {"messages": messages, "currentId": "w"}, "messages": list(messages.values())}
    return {"id": "chat-1", "title": "T", "chat": blob, "created_at": S, "updated_at": S + 10, **extra}


def test_openwebui_export_reads_the_active_branch_once(tmp_path):
    path = save(tmp_path / "export.json", [webui()])
    assert detect(path) == "openwebui"
    assert said(path) == [("user", "ask"), ("assistant", "one"), ("user", "more")]
    found = {turn.message: turn for turn in turns(path)}
    assert found["a"].reasoning == "> quietly"
    assert not found["b"].active and found["b"].parent == "u"


def webui_db(path, *, rows):
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE TABLE chat (id TEXT, user_id TEXT, title TEXT, chat JSON, created_at INT, "
        "archived INT, meta JSON)"
    )
    connection.execute(
        "INSERT INTO chat VALUES ('chat-1', 'me', 'T', ?, ?, 0, '{}')", [json.dumps(webui()["chat"]), S]
    )
    if rows:
        connection.execute(
            "CREATE TABLE chat_message (id TEXT, chat_id TEXT, role TEXT, parent_id TEXT, content JSON, "
            "model_id TEXT, "
            "done BOOL, error JSON, created_at INT)"
        )
        connection.executemany(
            "INSERT INTO chat_message VALUES (?, 'chat-1', ?, ?, ?, NULL, 1, NULL, ?)",
            [
                ("chat-1-u", "user", None, json.dumps("from rows"), S),
                ("chat-1-w", "assistant", "chat-1-u", json.dumps([{"type": "text", "text": "yes"}]), S + 1),
            ],
        )
    connection.commit()
    return connection


def test_openwebui_database_in_both_schemas(tmp_path):
    webui_db(tmp_path / "old.db", rows=False).close()
    webui_db(tmp_path / "new.db", rows=True).close()
    assert detect(tmp_path / "old.db") == "openwebui"
    assert said(tmp_path / "old.db") == [("user", "ask"), ("assistant", "one"), ("user", "more")]
    assert said(tmp_path / "new.db") == [("user", "from rows"), ("assistant", "yes")]


def test_openwebui_database_is_read_while_it_is_written(tmp_path):
    connection = webui_db(tmp_path / "live.db", rows=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("UPDATE chat SET title = 'still only in the log'")
    connection.commit()
    before = (tmp_path / "live.db").read_bytes()
    assert len(said(tmp_path / "live.db")) == 3
    assert (tmp_path / "live.db").read_bytes() == before
    connection.close()


@pytest.mark.parametrize(
    "extra",
    [
        {"meta": {"tags": ["private"]}},
        {"title": "#private diary"},
        {"meta": {"internal": True}},
        {"id": "local:1"},
    ],
)
def test_openwebui_private_chats_are_not_read(tmp_path, extra):
    path = save(tmp_path / "export.json", [webui(**extra)])
    assert turns(path) == []


def test_archived_chats_are_read_only_when_asked(tmp_path):
    for name, chat in (("webui", webui(archived=True)), ("chatgpt", chatgpt(is_archived=True))):
        path = save(tmp_path / f"{name}.json", [chat])
        assert turns(path) == []
        assert turns(path, settings=Ingest(skip_archived=False))


# --- ChatGPT


def node(key, parent, role, text, **message):
    content = {"content_type": "text", "parts": [text]}
    body = {"id": key, "author": {"role": role}, "create_time": S, "content": content, **message}
    return {key: {"id": key, "parent": parent, "children": [], "message": body}}


def chatgpt(**extra):
    mapping = {"root": {"id": "root", "parent": None, "children": [], "message": None}}
    mapping |= node("s", "root", "system", "", create_time=None)
    mapping |= node("u", "s", "user", "question", create_time=S + 1)
    mapping |= node("t", "u", "assistant", "x", content={"content_type": "thoughts", "thoughts": []})
    mapping |= node("m", "t", "assistant", "remember this", recipient="bio")
    mapping |= node(
        "a", "m", "assistant", "answer\ue200cite\ue202turn0\ue201 here", metadata={"model_slug": "g"}
    )
    mapping |= node("old", "u", "assistant", "first try")
    return {
        "conversation_id": "c",
        "title": "T",
        "create_time": S,
        "current_node": "a",
        "mapping": mapping,
        **extra,
    }


def test_chatgpt_follows_the_current_node_not_the_clock(tmp_path):
    path = save(tmp_path / "conversations.json", [chatgpt()])
    assert detect(path) == "chatgpt"
    assert said(path) == [("user", "question"), ("assistant", "answer here")]
    assert [turn.text for turn in turns(path) if not turn.active] == ["first try"]


def test_chatgpt_without_current_node_takes_the_latest_leaf(tmp_path):
    record = chatgpt(current_node=None)
    record["mapping"]["old"]["message"]["create_time"] = S + 100
    path = save(tmp_path / "conversations.json", [record])
    assert said(path)[-1] == ("assistant", "first try")


def test_chatgpt_zip_in_any_folder(tmp_path):
    with zipfile.ZipFile(tmp_path / "export.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("me/conversations.json", json.dumps([chatgpt()]))
        archive.writestr("me/user.json", "{}")
    assert detect(tmp_path / "export.zip") == "chatgpt"
    assert len(said(tmp_path / "export.zip")) == 2


def test_chatgpt_do_not_remember_and_broken_records(tmp_path):
    broken = chatgpt(conversation_id="b")
    del broken["mapping"]["u"]["message"]["author"]
    records = [
        chatgpt(is_do_not_remember=True),
        broken,
        {"title": "no mapping"},
        chatgpt(conversation_id="d"),
    ]
    path = save(tmp_path / "conversations.json", records)
    assert {turn.conversation for turn in turns(path)} == {"d"}
    assert [one.locator for one in rejects(path)] == ["record 2", "record 3"]


def test_chatgpt_parents_in_a_circle_end(tmp_path):
    record = chatgpt()
    record["mapping"]["u"]["parent"] = "a"
    path = save(tmp_path / "conversations.json", [record])
    assert ("user", "question") in said(path)


# --- Claude


def test_claude_blocks_retries_and_attachments(tmp_path):
    message = lambda key, parent, who, text, **more: {  # noqa: E731
        "uuid": key,
        "parent_message_uuid": parent,
        "sender": who,
        "text": "",
        "created_at": "2026-01-01T10:00:00",
        "content": [
            {"type": "thinking", "thinking": "hm"},
            {"type": "text", "text": text},
            {"type": "tool_use"},
        ],
        **more,
    }
    record = {
        "uuid": "c",
        "name": "n",
        "created_at": "2026-01-01T10:00:00Z",
        "chat_messages": [
            message(
                "1",
                "00000000-0000-4000-8000-000000000000",
                "human",
                "see file",
                attachments=[{"extracted_content": "pasted"}],
            ),
            message("2", "1", "assistant", "first"),
            message("3", "1", "assistant", "second"),
        ],
    }
    path = save(tmp_path / "conversations.json", [record, {"uuid": "e", "chat_messages": []}])
    assert detect(path) == "claude"
    assert said(path) == [("user", "see file"), ("assistant", "second")]
    user = turns(path)[0]
    assert user.attachment_text == "pasted" and user.at == at() and user.reasoning == "hm"


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


# --- people


def test_telegram_needs_the_person(tmp_path):
    message = lambda n, who, text, **more: {  # noqa: E731
        "id": n,
        "type": "message",
        "date": "2026-01-01T11:00:00",
        "date_unixtime": str(S + n),
        "from": who,
        "from_id": f"user{len(who)}",
        "text": text,
        **more,
    }
    chat = {
        "name": "Bob",
        "id": 9,
        "messages": [
            message(1, "Me", ["see ", {"type": "link", "text": "this"}]),
            message(2, "Bob", "ok"),
            message(3, "Me", "", media_type="sticker"),
            message(4, "Me", "not mine", forwarded_from="X"),
            {**message(5, "Me", "joined"), "type": "service"},
        ],
    }
    path = save(tmp_path / "result.json", chat)
    assert detect(path) == "telegram"
    with pytest.raises(BadInput, match="me"):
        turns(path)
    assert said(path, me="Me") == [("user", "see this"), ("other", "ok")]
    assert turns(path, me="Me")[0].at == at(1)


def test_whatsapp_lines_continue_and_media_stay_out(tmp_path):
    path = save(
        tmp_path / "_chat.txt",
        "13/12/2025, 09:00 - Messages are end-to-end encrypted.\n"
        "13/12/2025, 09:01 - Me: first line\nsecond line\n"
        "\u200e[13/12/2025, 9:02:05\u202fPM] Bob: \u200e<Media omitted>\n"
        "13/12/2025, 09:03 - Bob: fine\n",
    )
    assert detect(path) == "whatsapp"
    assert said(path, me="Me") == [("user", "first line\nsecond line"), ("other", "fine")]
    assert turns(path, me="Me", zone="Europe/Berlin")[0].at == datetime(2025, 12, 13, 8, 1, tzinfo=UTC)


def test_whatsapp_ambiguous_dates_are_refused(tmp_path):
    path = save(tmp_path / "_chat.txt", "01/02/2025, 09:01 - Me: hi\n")
    with pytest.raises(BadInput, match="day and month"):
        turns(path, me="Me")


# --- refusals


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.jsonl", ""), ("notes.txt", "dear diary"), ("data.json", '{"a": 1}'), ("list.json", "[1, 2]")],
)
def test_unknown_files_are_refused_with_the_known_formats(tmp_path, name, content):
    with pytest.raises(BadInput, match=name):
        detect(save(tmp_path / name, content))


def test_naming_a_wrong_format_is_refused(tmp_path):
    path = save_lines(tmp_path / "a.jsonl", {"messages": []})
    with pytest.raises(BadInput, match="chatgpt"):
        turns(path, format="chatgpt")
