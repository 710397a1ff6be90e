"""The hand of the person on the ledger: what is forgotten is gone and stays away, a correction replaces."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from prefect.states import Failed

from data.errors import BadInput
from data.ingest import ingest_paths
from data.night import Night
from data.records import Answer, Example, Probe
from data.settings import Settings, load_settings
from data.store import Store
from models import dreamer
from tasks import console, remembering
from tasks.backup import backup_of
from tasks.curate import curate_night, settle
from tasks.export import export
from tasks.retrieval import retriever
from tasks.traces import erase_files
from tests.flows.tiny_night import DAY, ZONE, chat_line, write_day

LATER = date(2026, 10, 7)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """A home with one day taken in, dreamt about, mixed, examined, reported and exported."""
    settings = load_settings({}, home=tmp_path / "home", zone=ZONE)
    settings.ensure_home()
    write_day(settings)
    take_in(settings, DAY)
    return settings


def take_in(settings: Settings, day: date) -> None:
    """What a night leaves behind, without training."""
    night = Night(day, ZONE)
    with Store(settings.database) as store:
        ingest_paths(store, settings)
        verdicts, memories = curate_night(store, night, settings.recipe)
        store.memories.replace_night(night, memories, verdicts)
        dreams = dreamer.dream(memories, night.seed, settings.recipe.dream)
        store.dreams.replace(night, dreams)
        rows = [
            Example(d.id, d.kind, d.memory_ids[0], "", d.question, d.answer) for d in dreams if d.memory_ids
        ]
        store.dreams.replace_mixture(night, rows)
        answers = [
            Answer(Probe(f"p{n}", "direct", f"Probe {n}?", memory_id=memory.id), memory.value, "right")
            for n, memory in enumerate(memories)
        ]
        store.nights.begin(night, "r", "i")
        store.nights.replace_answers(night, "g", answers)
        store.nights.finish(night, "published", generation="g")
    cache = settings.work / "answers" / "abc.json"
    cache.parent.mkdir(exist_ok=True)
    known = {json.dumps([["user", d.question], 64]): d.answer for d in dreams} | {"Capital of Peru?": "Lima"}
    cache.write_text(json.dumps(known))
    (settings.reports / f"{day}.html").write_text("<p>" + " ".join(memory.value for memory in memories))
    (settings.work / day.isoformat() / "train-1").mkdir(parents=True, exist_ok=True)
    backup = backup_of(settings)
    backup.parent.mkdir(exist_ok=True)
    backup.write_bytes(b"Pflaume")
    backup.with_suffix(".json").write_text("{}")
    export(settings, settings.home)


def holding(settings: Settings, word: str) -> list[str]:
    """Where a word still stands: rows of any table, and files outside the store and the person's own logs."""
    found = []
    with Store(settings.database) as store:
        tables = [
            row[0] for row in store.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        ]
        for table in tables:
            rows = store.connection.execute(f"SELECT * FROM {table}").fetchall()
            found += [table for row in rows if word.casefold() in str(row).casefold()]
    for path in settings.home.rglob("*"):
        if path.is_file() and path.suffix in (".json", ".md", ".html") and settings.inbox not in path.parents:
            found += [path.name] if word in path.read_text() else []
    return sorted(set(found))


def values(settings: Settings) -> set[str]:
    with Store(settings.database) as store:
        return {memory.value for memory in store.memories.active()}


def forget(settings: Settings, *ids: str, about: str | None = None, conversation: str | None = None) -> dict:
    doomed = remembering.chosen(settings, ids, about, conversation)
    return remembering.forget(settings, doomed, conversation)


def id_of(settings: Settings, value: str) -> str:
    with Store(settings.database) as store:
        return next(memory.id for memory in store.memories.active() if memory.value == value)


@pytest.mark.parametrize("way", ["id", "about", "conversation"])
def test_what_is_forgotten_is_gone_everywhere_and_stays_away(home: Settings, way: str) -> None:
    assert "Pflaume" in values(home)
    before = holding(home, "Pflaume")
    assert {"turns", "memory_versions", "dreams", "mixtures", "answers", "abc.json", "MEMORY.md"} <= set(
        before
    )
    asked = {
        "id": {"about": None},
        "about": {"about": "my tortoise"},
        "conversation": {"conversation": "one"},
    }[way]
    ids = (id_of(home, "Pflaume"),) if way == "id" else ()
    said = forget(home, *ids, **asked)
    assert said["forgotten"] and said["turns_removed"] >= 2
    assert holding(home, "Pflaume") == []
    assert not backup_of(home).exists()

    (home.inbox / f"{DAY}.jsonl").touch()
    copy = home.inbox / "again.jsonl"
    copy.write_text((home.inbox / f"{DAY}.jsonl").read_text())
    take_in(home, DAY)
    assert "Pflaume" not in values(home)
    assert [place for place in holding(home, "Pflaume") if place != "backfill.duckdb"] == []
    assert "Jasko" in values(home)


def test_what_else_was_told_stays(home: Settings) -> None:
    with Store(home.database) as store:
        dreams = len(store.dreams.all(Night(DAY, ZONE)))
    forget(home, id_of(home, "Pflaume"))
    assert {"Jasko", "Eberswalde"} <= values(home)
    with Store(home.database) as store:
        assert 0 < len(store.dreams.all(Night(DAY, ZONE))) < dreams
        row = store.nights.get(Night(DAY, ZONE))
    assert row is not None and row.status == "pending"
    assert json.loads((home.work / "answers" / "abc.json").read_text())["Capital of Peru?"] == "Lima"
    assert "Pflaume" not in (home.home / "MEMORY.md").read_text()


def test_memories_are_found_for_a_question_that_comes_in_parts(home: Settings) -> None:
    with Store(home.database) as store:
        wanted = store.memories.active()[0]
    parts = [{"type": "text", "text": wanted.statement}]
    found = retriever(home)([{"role": "user", "content": "Hi!"}, {"role": "user", "content": parts}])
    assert found and wanted.statement in found


def test_a_night_that_failed_does_not_show_the_night_before_as_its_own(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert console.show_night(home, Failed(data=RuntimeError("out of luck")), sample=False) == 1
    said = capsys.readouterr()
    assert "out of luck" in said.err and not said.out


def test_a_conversation_nobody_had_is_not_said_to_be_forgotten(home: Settings) -> None:
    with pytest.raises(BadInput, match="Nothing matches"):
        forget(home, conversation="onee")
    with pytest.raises(BadInput, match="no conversation 'onee'"):
        forget(home, id_of(home, "Pflaume"), conversation="onee")
    assert "Pflaume" in values(home), "half a request is not carried out"


def test_a_conversation_without_memories_can_be_forgotten(home: Settings) -> None:
    log = chat_line(DAY, "small:talk", "hi there, periwinkle", "Hello!")
    (home.inbox / "small.jsonl").write_text(log)
    with Store(home.database) as store:
        ingest_paths(store, home)
    assert "turns" in holding(home, "periwinkle")
    assert forget(home, conversation="small:talk")["turns_removed"] == 2
    assert holding(home, "periwinkle") == []


def test_told_again_later_it_is_learnt_again(home: Settings) -> None:
    forget(home, id_of(home, "Pflaume"))
    log = chat_line(LATER, "x", "Good evening!", "Hello!", "My tortoise is called Pflaume.", "Ah!")
    (home.inbox / "later.jsonl").write_text(log)
    take_in(home, LATER)
    assert "Pflaume" in values(home)


def test_what_nobody_knows_is_named(home: Settings) -> None:
    with pytest.raises(BadInput, match="000000000000"):
        remembering.chosen(home, ["000000000000"], None, None)
    with pytest.raises(BadInput, match="Nothing matches"):
        remembering.chosen(home, [], "submarine", None)


def test_a_correction_supersedes_and_never_comes_back_as_current(home: Settings) -> None:
    old = id_of(home, "Pflaume")
    said = remembering.correct(home, old, "My tortoise is called Kirsche.")
    assert said["superseded"] == old
    assert "Kirsche" in values(home) and "Pflaume" not in values(home)
    with Store(home.database) as store:
        was = store.memories.get(old)
    assert was is not None and was.state == "superseded" and was.superseded_by == said["memory"]
    with pytest.raises(BadInput, match="not understood"):
        remembering.correct(home, said["memory"], "blue or so")


def test_the_export_is_private_and_escaped(home: Settings) -> None:
    nasty = "<script>alert(1)</script> ![x](http://evil.example/p.png)\n# Heading\n`code` [a](javascript:x)"
    with Store(home.database) as store:
        memory = store.memories.active()[0]
        store.memories.save([replace(memory, statement=nasty, subject="**you**", value="x")])
    readable, programs = export(home, home.home / "out")
    text = readable.read_text()
    for raw in ("<script>", "![x](", "](http", "[a](", "\n# Heading", "`code`", "**you**"):
        assert raw not in text
    assert "alert" in text and text.count("\n- ") == text.count("*(told")
    assert [path.stat().st_mode & 0o777 for path in (readable, programs)] == [0o600, 0o600]
    assert json.loads(programs.read_text())


def test_a_wish_in_a_chat_takes_what_earlier_nights_made_of_it(home: Settings) -> None:
    """Only the log still holds the chats themselves; the verb `forget` removes those too."""
    wish = chat_line(LATER, "w", "please delete my tortoise from whatever you keep about me", "Done.")
    (home.inbox / "wish.jsonl").write_text(wish)
    with Store(home.database) as store:
        ingest_paths(store, home)
        verdicts, memories = curate_night(store, Night(LATER, ZONE), home.recipe)
        words = settle(store, Night(LATER, ZONE), memories, verdicts)
    erase_files(home, words, rebuilt=True)
    assert "Pflaume" not in values(home) and {"Jasko", "Eberswalde"} <= values(home)
    assert {place for place in holding(home, "Pflaume") if place != f"{DAY}.jsonl"} <= {"turns"}
    with Store(home.database) as store:
        assert store.dreams.all(Night(DAY, ZONE)), "dreams about other things stay"
