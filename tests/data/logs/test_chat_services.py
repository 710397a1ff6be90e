"""Open WebUI, ChatGPT and Claude from small files: which branch is active, what stays out."""

import json
import sqlite3
import zipfile

import pytest

from data.logs import detect
from data.settings import Ingest
from tests.data.logs.small_files import S, at, rejects, said, save, turns

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
