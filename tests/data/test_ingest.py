"""Runs over files: nothing twice, nothing lost, edits and deletions as the person made them."""

import json
import os
import random
from datetime import date
from pathlib import Path

import pytest

from data import batches
from data import ingest as module
from data.errors import BadInput
from data.ingest import ingest_paths
from data.night import Night
from data.settings import Ingest, Source, load_settings
from data.store import Store

S = 1_767_261_600  # 2026-01-01T10:00:00Z
NIGHT = Night(date(2026, 1, 1), "UTC")


@pytest.fixture
def home(tmp_path):
    settings = load_settings({}, home=tmp_path / "home")
    settings.ensure_home()
    return settings


@pytest.fixture
def store(home):
    with Store(home.database) as opened:
        yield opened


def line(*texts, start=S, **extra):
    roles = ("user", "assistant")
    said = [{"role": roles[n % 2], "content": text, "created_at": start + n} for n, text in enumerate(texts)]
    return json.dumps({"messages": said, **extra}) + "\n"


def put(path, *lines):
    path.write_text("".join(lines))
    stamp = os.stat(path).st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(stamp, stamp))
    return path


def active(store):
    return [(turn.role, turn.text) for turn in store.turns.all()]


def told(store, night=NIGHT):
    return [one.user.text for one in store.turns.exchanges(night)]


def test_inbox_and_sources_are_read(home, store, tmp_path):
    put(home.inbox / "a.jsonl", line("from inbox", id="a"))
    (tmp_path / "elsewhere").mkdir()
    put(tmp_path / "elsewhere" / "b.jsonl", line("from source", id="b"))
    put(tmp_path / "elsewhere" / "c.jsonl", line("excluded", id="c"))
    ingest = Ingest(sources=(Source(path=str(tmp_path / "elsewhere" / "*.jsonl")),), exclude=("c.jsonl",))
    report = ingest_paths(store, home.model_copy(update={"ingest": ingest}))
    assert report.added == 2
    assert sorted(text for _, text in active(store)) == ["from inbox", "from source"]


def test_report_has_counts_and_utc_times(home, store):
    path = put(home.inbox / "a.jsonl", line("q", "a", "q2", id="a"), "garbage\n", line("  ", id="b"))
    file = ingest_paths(store, home, [path]).as_json()["files"][0]
    assert (file["format"], file["conversations"], file["user"], file["assistant"]) == ("openai", 1, 2, 1)
    assert (file["rejected"], file["skipped"]) == (1, 1)
    assert (file["first"], file["last"]) == ("2026-01-01T10:00:00.000Z", "2026-01-01T10:00:02.000Z")
    assert [one.locator for one in store.turns.rejects()] == ["line 2"]


def test_unchanged_file_is_not_read_again(home, store, monkeypatch):
    path = put(home.inbox / "a.jsonl", line("q", "a", id="a"))
    first = ingest_paths(store, home, [path])
    monkeypatch.setattr(module, "chats", None)
    again = ingest_paths(store, home, [path])
    assert (again.added, again.known) == (0, first.added)
    assert again.files[0].state == "unchanged" and again.files[0].user == 1
    os.utime(path, ns=(1, 1))
    assert ingest_paths(store, home, [path]).files[0].state == "unchanged"


def test_copies_and_proxy_history_add_nothing(home, store):
    put(home.inbox / "proxy.jsonl", line("q"), line("q", "a", "q2"), line("q", "a", "q2", "a2", "q3"))
    report = ingest_paths(store, home)
    assert report.added == 5 and report.files[0].user == 3
    put(home.inbox / "backup.jsonl", line("q", "a", "q2", "a2"))
    assert ingest_paths(store, home).added == 0
    assert told(store) == ["q", "q2", "q3"]


def test_repeated_short_words_are_kept(home, store):
    put(home.inbox / "a.jsonl", line("ok", "x", "thanks", "y", "ok", "z", "thanks", id="a"))
    ingest_paths(store, home)
    assert told(store) == ["ok", "thanks", "ok", "thanks"]


@pytest.mark.parametrize("identity", [{"id": "a"}, {}])
def test_an_edit_replaces_and_keeps_the_old_version(home, store, identity):
    path = put(home.inbox / "a.jsonl", line("one", "two", "three", **identity), line("other", id="b"))
    ingest_paths(store, home)
    put(path, line("one", "two", "3", **identity), line("other", id="b"))
    assert ingest_paths(store, home).added == 1
    assert told(store) == ["one", "other", "3"] or told(store) == ["other", "one", "3"]
    assert "three" in [turn.text for turn in store.turns.all(active_only=False)]
    put(path, line("one", "two", "three", **identity), line("other", id="b"))
    assert ingest_paths(store, home).added == 0
    assert "three" in told(store) and "3" not in told(store)


def test_an_edit_in_the_middle_adds_one_row(home, store):
    path = put(home.inbox / "a.jsonl", line("one", "two", "three", "four", id="a"))
    ingest_paths(store, home)
    put(path, line("one", "TWO", "three", "four", id="a"))
    assert ingest_paths(store, home).added == 1
    assert active(store)[1] == ("assistant", "TWO") and len(active(store)) == 4


def test_an_edited_first_message_without_ids(home, store):
    path = put(home.inbox / "a.jsonl", line("my dog is Rex", "nice"))
    ingest_paths(store, home)
    put(path, line("my dog is Max", "nice"))
    ingest_paths(store, home)
    assert told(store) == ["my dog is Max"]


def test_a_rotated_log_forgets_nothing(home, store):
    path = put(home.inbox / "a.jsonl", line("old"), line("old too"))
    ingest_paths(store, home)
    put(path, line("new"))
    ingest_paths(store, home)
    assert sorted(told(store)) == ["new", "old", "old too"]


def webui(text, *, current, updated=S):
    node = lambda key, up, role, words: {  # noqa: E731
        key: {"id": key, "parentId": up, "role": role, "content": words, "timestamp": S}
    }
    messages = (
        node("u", None, "user", text) | node("a", "u", "assistant", "A") | node("b", "u", "assistant", "B")
    )
    return {
        "id": "w",
        "updated_at": updated,
        "chat": {"history": {"messages": messages, "currentId": current}},
    }


def test_switching_the_branch_adds_nothing(home, store):
    path = put(home.inbox / "w.json", json.dumps([webui("q", current="a")]))
    assert ingest_paths(store, home).added == 3
    put(path, json.dumps([webui("q", current="b", updated=S + 5)]))
    assert ingest_paths(store, home).added == 0
    assert active(store) == [("user", "q"), ("assistant", "B")]


def test_an_older_backup_changes_nothing(home, store):
    put(home.inbox / "w.json", json.dumps([webui("new words", current="b", updated=S + 5)]))
    ingest_paths(store, home)
    put(home.inbox / "backup.json", json.dumps([webui("old words", current="a", updated=S)]))
    assert ingest_paths(store, home).added == 0
    assert active(store) == [("user", "new words"), ("assistant", "B")]


def test_same_chat_from_two_sources_is_learnt_once(home, store):
    put(home.inbox / "w.json", json.dumps([webui("q", current="a")]))
    put(home.inbox / "x.jsonl", line("q", "A", "and more"))
    assert ingest_paths(store, home).added == 6
    assert told(store) == ["q", "and more"]


def test_preview_says_it_all_and_leaves_nothing(home, store):
    put(home.inbox / "a.jsonl", line("q", "a", id="a"), line("late", id="b", start=S + 86_400), "x\n")
    report = ingest_paths(store, home, dry_run=True)
    assert report.dry_run and report.added == 3 and report.files[0].rejected == 1
    assert report.days == {date(2026, 1, 1): 2, date(2026, 1, 2): 1}
    assert store.turns.count() == 0 and store.turns.rejects() == []
    assert ingest_paths(store, home).added == 3


def test_a_bad_file_costs_only_itself(home, store):
    put(home.inbox / "a.jsonl", line("kept", id="a"))
    (home.inbox / "b.jsonl").write_bytes(b"\x00\x01\x02" * 100)
    (home.inbox / "c.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 200)
    (home.inbox / "d.zip").write_bytes(b"PK\x03\x04 not really")
    (home.inbox / "e.parquet").write_bytes(b"PAR1 no")
    report = ingest_paths(store, home)
    assert report.added == 1
    assert [Path(one.file).name for one in report.files if one.state == "refused"] == [
        "b.jsonl",
        "c.db",
        "d.zip",
        "e.parquet",
    ]
    assert all(one.reason for one in report.files if one.state == "refused")
    assert len(store.turns.rejects()) == 4


def test_a_missing_path_is_bad_input(home, store, tmp_path):
    with pytest.raises(BadInput, match="nowhere"):
        ingest_paths(store, home, [tmp_path / "nowhere"])


def test_a_growing_log_is_continued(home, store, monkeypatch):
    monkeypatch.setattr(module, "CONTINUE_BYTES", 1)
    lines = [line(f"q{n}", f"a{n}", id=f"c{n}", start=S + n * 10) for n in range(5)]
    path = put(home.inbox / "a.jsonl", *lines[:3], lines[3][:20])
    assert ingest_paths(store, home).added == 6
    put(path, *lines)
    report = ingest_paths(store, home)
    assert report.added == 4 and report.known == 0
    assert report.files[0].user == 5 and report.files[0].conversations == 5
    assert told(store) == [f"q{n}" for n in range(5)]


def test_a_file_that_changes_while_it_is_read_comes_next_time(home, store, monkeypatch):
    path = put(home.inbox / "a.jsonl", line("q", id="a"))
    real = module.chats

    def meddled(*arguments):
        yield from real(*arguments)
        put(path, line("q", "a", id="a"))

    monkeypatch.setattr(module, "chats", meddled)
    assert ingest_paths(store, home).files[0].state == "busy"
    assert store.turns.count() == 0
    monkeypatch.setattr(module, "chats", real)
    assert ingest_paths(store, home).added == 2


def test_an_interrupted_run_is_finished_by_the_next(home, store, monkeypatch):
    monkeypatch.setattr(batches, "BATCH_ROWS", 10)
    put(home.inbox / "a.jsonl", *(line(f"q{n}", f"a{n}", id=f"c{n}") for n in range(50)))

    def stop(file, messages):
        if messages >= 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest_paths(store, home, progress=stop)
    assert 0 < store.turns.count() < 100
    ingest_paths(store, home)
    assert store.turns.count() == 100 == len(active(store))


def test_an_archived_chat_waits_and_comes_back_when_it_is_put_back(home, store):
    def export(**marks: bool) -> None:
        path = home.inbox / "conversations.json"
        content = {"content_type": "text", "parts": ["I live in Eberswalde."]}
        said = {"author": {"role": "user"}, "create_time": S, "content": content}
        node = {"id": "u", "parent": None, "children": [], "message": said}
        chat = {"conversation_id": "c", "current_node": "u", "mapping": {"u": node}, "create_time": S}
        path.write_text(json.dumps([chat | marks]))

    export(is_archived=True)
    report = ingest_paths(store, home)
    assert report.added == 0 and report.files[0].skipped_why == {"archived": 1}
    export(is_archived=False)
    assert ingest_paths(store, home).added == 1
    export(is_archived=True)
    assert ingest_paths(store, home).added == 0
    assert [e.user.text for e in store.turns.exchanges(NIGHT)] == ["I live in Eberswalde."]


def test_private_chats_leave_a_tombstone_and_stay_out(home, store):
    path = put(home.inbox / "a.jsonl", line("I am ill", "sorry", id="a"), line("fine", id="b"))
    ingest_paths(store, home)
    put(path, line("#private I am ill", "sorry", id="a"), line("fine", id="b"))
    assert ingest_paths(store, home).added == 0
    assert told(store) == ["fine"] and store.turns.count() == 1
    put(home.inbox / "old.jsonl", line("I am ill", "sorry", id="a"), line("I am ill", "sorry"))
    assert ingest_paths(store, home).added == 0


def test_rows_older_than_the_retention_stay_out(home, store):
    put(home.inbox / "a.jsonl", line("ancient", id="a", start=S - 400 * 86_400), line("recent", id="b"))
    settings = home.model_copy(update={"ingest": Ingest(retention_days=365 * 20)})
    assert ingest_paths(store, settings, dry_run=True).added == 2
    age = (date.today() - date(2025, 6, 1)).days
    settings = home.model_copy(update={"ingest": Ingest(retention_days=age)})
    ingest_paths(store, settings)
    assert told(store) == ["recent"]


def test_secrets_never_reach_the_store(home, store):
    secret = "ghp_" + "a1B2" * 9
    put(home.inbox / "a.jsonl", line(f"token {secret}", f"I see {secret}", "fine", id="a"))
    report = ingest_paths(store, home)
    assert report.files[0].redacted == {"token": 2}
    assert active(store) == [("user", "token [token]"), ("assistant", "I see [token]"), ("user", "fine")]
    assert ingest_paths(store, home).added == 0


@pytest.mark.parametrize("seed", range(5))
def test_order_and_cutting_of_an_export_do_not_matter(home, tmp_path, seed):
    rng = random.Random(seed)
    lines = [
        line(*(f"m{c}.{n}" for n in range(1 + c % 4)), **({"id": f"c{c}"} if c % 2 else {}))
        for c in range(12)
    ]
    lines += [line("m1.0", "m1.1", "m1.2", "m1.3", id="c1"), line("m1.0", "changed", id="c1", start=S + 50)]
    stores = []
    for run in range(2):
        order = rng.sample(lines, len(lines)) if run else lines
        cut = rng.randrange(1, len(lines))
        folder = tmp_path / f"run{run}"
        folder.mkdir()
        put(folder / "1.jsonl", *order[:cut])
        put(folder / "2.jsonl", *order[cut:])
        with Store(folder / "n.duckdb") as fresh:
            ingest_paths(fresh, home, [folder / "1.jsonl", folder / "2.jsonl"])
            stores.append(
                sorted(
                    (t.id, t.parent, t.role, t.text, t.active, t.at)
                    for t in fresh.turns.all(active_only=False)
                )
            )
    assert stores[0] == stores[1]
