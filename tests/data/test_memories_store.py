from dataclasses import replace
from datetime import date, timedelta

import pytest

from data import ledger
from data.night import Night
from data.records import Memory, Verdict
from data.store import Store

DAY = date(2026, 10, 5)
NIGHT = Night(DAY, "UTC")


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "store.duckdb") as opened:
        yield opened


def dog(value, night=NIGHT, source="t1"):
    statement = f"My dog is called {value}."
    return Memory(
        f"id-{value}", statement, "my dog", "name", value, night.date, (source,), slot="my dog|name"
    )


def run(store, night, found, verdicts=()):
    """What the pipeline does with a night's tellings."""
    memories = ledger.merge(store.memories.before(night), found, night)
    store.memories.replace_night(night, memories, verdicts)


def everything(store):
    tables = ("memory_versions", "verdicts", "forgotten", "memory_docs", "memory_terms", "memory_vectors")
    return {name: sorted(store.connection.execute(f"FROM {name}").fetchall(), key=repr) for name in tables}


def test_memory_comes_back_as_it_was_stored(store):
    memory = replace(dog("Bramble"), kind="preference", sources=("b", "a"), last_recalled=DAY, stress=1.25)
    store.memories.replace_night(NIGHT, [memory], [])
    assert store.memories.get("id-Bramble") == memory
    assert store.memories.get("nobody") is None


def test_rerun_of_a_night_gives_identical_rows(store):
    verdicts = [
        Verdict("t1", 0.7, True, "a fact", {"novelty": 0.5}),
        Verdict("t2", 0.1, False, "greeting", {}),
    ]
    run(store, NIGHT, [dog("Rex")], verdicts)
    run(store, NIGHT.next, [dog("Bramble", NIGHT.next, "t2")])
    before = everything(store)
    run(store, NIGHT.next, [dog("Bramble", NIGHT.next, "t2")])
    run(store, NIGHT, [dog("Rex")], verdicts)
    after = everything(store)
    assert before["memory_versions"] == after["memory_versions"]
    assert before["verdicts"] == after["verdicts"]


def test_rerun_drops_what_the_night_no_longer_tells(store):
    run(store, NIGHT, [dog("Rex")])
    run(store, NIGHT, [dog("Bramble")])
    assert [m.value for m in store.memories.all()] == ["Bramble"]
    assert store.memories.search("Rex") == []


def test_ledger_of_an_earlier_night_can_be_read_again(store):
    run(store, NIGHT, [dog("Rex")])
    run(store, NIGHT.next, [dog("Bramble", NIGHT.next, "t2")])
    assert [m.value for m in store.memories.active(NIGHT)] == ["Rex"]
    assert [m.value for m in store.memories.active()] == ["Bramble"]
    assert [m.value for m in store.memories.before(NIGHT)] == []


def test_examination_is_kept_apart_from_curation(store):
    run(store, NIGHT, [dog("Bramble")])
    for _ in range(2):
        examined = ledger.after_night(store.memories.curated(NIGHT), {"id-Bramble": True}, NIGHT)
        store.memories.save(examined, NIGHT)
    (memory,) = store.memories.all()
    assert memory.nights_recalled == 1
    assert store.memories.curated(NIGHT)[0].nights_recalled == 0


def test_edit_by_the_person_survives_a_rerun_of_the_night_before(store):
    run(store, NIGHT, [dog("Rex")])
    edited = ledger.correct(store.memories.all(), "id-Rex", dog("Bramble", source="person"), NIGHT.next)
    store.memories.save(edited)
    for night in (NIGHT, NIGHT.next):
        run(store, night, [dog("Rex")] if night == NIGHT else [])
    assert [m.value for m in store.memories.active()] == ["Bramble"]
    assert [m.value for m in store.memories.before(NIGHT.next) if m.active] == ["Bramble"]


def test_forgetting_leaves_no_word_in_any_table(store):
    run(store, NIGHT, [dog("Rex")])
    run(store, NIGHT.next, [dog("Bramble", NIGHT.next, "t2")])
    gone = store.memories.forget(["id-Bramble"])
    assert {m.value for m in gone} == {"Bramble", "Rex"}
    left = repr({name: rows for name, rows in everything(store).items() if name != "forgotten"}).lower()
    assert "bramble" not in left and "rex" not in left
    assert store.memories.active() == [] and store.memories.search("dog") == []
    assert {m.state for m in store.memories.all()} == {"forgotten"}


def test_forgotten_stays_away_when_old_nights_run_again(store):
    run(store, NIGHT, [dog("Bramble")])
    store.memories.forget(["id-Bramble"])
    run(store, NIGHT, [dog("Bramble")])
    assert store.memories.active() == []
    after = Night(DAY + timedelta(days=5), "UTC")
    run(store, after, [dog("Bramble", after, "t7")])
    assert [m.told for m in store.memories.active()] == [after.date]


def test_forgetting_inside_a_night_erases_too(store):
    run(store, NIGHT, [dog("Bramble")])
    night = NIGHT.next
    forgotten = ledger.forget(store.memories.before(night), ["id-Bramble"], night)
    store.memories.replace_night(night, forgotten, [])
    assert store.memories.get("id-Bramble").state == "forgotten"
    assert "Bramble." not in repr(everything(store))


def test_failed_night_leaves_the_ledger_as_it_was(store):
    run(store, NIGHT, [dog("Rex")])
    before = everything(store)
    with pytest.raises(RuntimeError), store.transaction():
        run(store, NIGHT.next, [dog("Bramble", NIGHT.next, "t2")])
        raise RuntimeError("power cut")
    assert everything(store) == before


def test_verdicts_come_back_best_first_with_their_signals(store):
    verdicts = [
        Verdict("t1", 0.1, False, "greeting", {}),
        Verdict("t2", 0.7, True, "a fact", {"novelty": 0.5}),
    ]
    store.memories.replace_night(NIGHT, [], verdicts)
    assert store.memories.verdicts(NIGHT) == verdicts[::-1]
    assert store.memories.verdicts(NIGHT.next) == []
