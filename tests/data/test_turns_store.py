"""The raw log: exchanges of a night, versions, forgetting, own traffic, retention."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.logs.rows import EPOCH
from data.night import Night
from data.records import Reject, Turn
from data.store import Store
from data.store.frames import day_of, pl
from data.text import chain_hash, content_hash, normalise

ZONE = "Europe/Berlin"
NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
NIGHT = Night(date(2026, 3, 10), ZONE)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "n.duckdb") as opened:
        yield opened


def talk(*texts, chat="c", start=NOON, source="test", step=10, **extra):
    roles = ("user", "assistant")
    return [
        Turn(source, chat, str(n), roles[n % 2], text, start + timedelta(seconds=n * step), **extra)
        for n, text in enumerate(texts)
    ]


def put(store, *turns):
    return store.turns.ingest(Path("x"), turns, zone=ZONE)


def told(store, night=NIGHT):
    return [one.user.text for one in store.turns.exchanges(night)]


def test_exchanges_carry_what_was_said_before_and_the_answer(store):
    put(store, *talk("one", "two", "three"))
    first, second = store.turns.exchanges(NIGHT)
    assert (first.before, first.user.text, first.answer.text) == (None, "one", "two")
    assert (second.before.text, second.user.text, second.answer) == ("two", "three", None)
    assert first.user.at == NOON


def test_exchanges_are_in_order_of_time_across_chats(store):
    put(store, *talk("late", chat="a", start=NOON + timedelta(hours=2)), *talk("early", "x", "mid", chat="b"))
    assert told(store) == ["early", "mid", "late"]


def test_an_answer_after_the_boundary_still_belongs_to_its_question(store):
    edge = datetime(2026, 3, 11, 3, 59, 55, tzinfo=ZoneInfo(ZONE))
    put(store, *talk("last words", "answer", "next day", start=edge))
    assert [(one.user.text, one.answer and one.answer.text) for one in store.turns.exchanges(NIGHT)] == [
        ("last words", "answer")
    ]
    (following,) = store.turns.exchanges(NIGHT.next)
    assert following.before.text == "answer"


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
def test_days_of_23_and_25_hours_lose_and_double_nothing(store, day):
    night = Night.parse(day, ZONE)
    hours = int((night.end - night.start) / timedelta(hours=1))
    for hour in range(-1, hours + 1):
        put(store, *talk(f"h{hour}", chat=f"c{hour}", start=night.start + timedelta(hours=hour)))
    assert told(store, night) == [f"h{hour}" for hour in range(hours)]
    assert store.turns.nights_with_turns()[night.date] == hours


@given(
    st.datetimes(datetime(2016, 1, 1), datetime(2026, 1, 1)),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia"]),
)
def test_the_stored_day_is_the_night_that_holds_the_instant(moment, zone):
    frame = pl.DataFrame({"at": [moment]}, schema={"at": pl.Datetime("us")})
    assert (
        frame.select(day_of(pl.col("at"), zone)).item()
        == Night.containing(moment.replace(tzinfo=UTC), zone).date
    )


def test_only_active_turns_of_real_chats_are_exchanged(store):
    put(store, *talk("import", chat="a", origin="import"), *talk("own", chat="b", origin="pipeline"))
    put(store, *talk("other branch", chat="c", active=False), *talk("real", chat="d"))
    note = Turn("test", "n", "0", "note", "a note", NOON)
    put(store, note)
    assert told(store) == ["real"]


def test_the_same_words_on_another_day_are_another_exchange(store):
    put(store, *talk("I feel ill", chat="a"))
    put(store, *talk("I feel ill", chat="b", start=NOON + timedelta(days=1)))
    assert told(store) == ["I feel ill"] and told(store, NIGHT.next) == ["I feel ill"]


def test_get_finds_ids_with_colons_in_the_given_order(store):
    put(store, *talk("x", "y", chat="a:b:c"))
    ids = ["test:a:b:c:1", "test:a:b:c:0", "test:nothing:1", "no colon"]
    assert [turn.id for turn in store.turns.get(ids)] == ids[:2]


def test_get_returns_the_newest_version(store):
    put(store, *talk("old"))
    put(store, *talk("new"))
    assert [turn.text for turn in store.turns.get(["test:c:0"])] == ["new"]
    assert store.turns.count() == 2 and told(store) == ["new"]


def test_forgotten_turns_go_with_their_copies_and_stay_out(store):
    put(store, *talk("secret", "ok", "rest"), *talk("secret", "ok", chat="copy", source="elsewhere"))
    assert store.turns.forget_turns(["test:c:0"]) == ["elsewhere:copy:0", "test:c:0"]
    put(store, *talk("secret", "ok", "rest"), *talk("secret", "ok", chat="third", source="more"))
    assert "secret" not in [turn.text for turn in store.turns.all(active_only=False)]
    assert told(store) == ["rest"]


def test_a_tombstone_holds_no_words(store):
    put(store, *talk("very private words"))
    assert store.turns.tombstone("test", "c", "do not remember") == ["test:c:0"]
    assert put(store, *talk("very private words")).added == 0
    for (table,) in store.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
        assert "very private" not in str(store.connection.execute(f"FROM {table}").fetchall())


def test_own_calls_are_marked_before_and_after_they_are_read(store):
    mine = chain_hash("", "user", "what is my name?")
    put(store, *talk("what is my name?", chat="a"))
    assert store.turns.tag_pipeline([mine]) == 1
    put(store, *talk("what is my name?", "Gal", chat="b"))
    assert told(store) == [] and store.turns.tag_pipeline([mine]) == 0


def test_expired_turns_do_not_come_back_with_the_same_file(store):
    put(store, *talk("old", "x"), *talk("new", chat="d", start=NOON + timedelta(days=5)))
    assert store.turns.expire(date(2026, 3, 12)) == 2
    assert put(store, *talk("old", "x")).added == 0
    assert [turn.text for turn in store.turns.all()] == ["new"]


def test_a_reject_among_turns_is_kept(store):
    report = put(store, *talk("x"), Reject("x", "turn 2", "no text"))
    assert report.rejected == 1
    assert [(one.locator, one.reason) for one in store.turns.rejects()] == [("turn 2", "no text")]


@given(st.text())
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    once.encode()


@given(st.text(), st.text())
def test_chain_hashes_tell_voice_and_history_apart(one, two):
    one, two = normalise(one), normalise(two)
    assert chain_hash("", "user", one) != chain_hash("", "assistant", one)
    assert (chain_hash("", "user", one) == chain_hash("", "user", two)) == (one == two)
    assert chain_hash(chain_hash("", "user", one), "user", two) != chain_hash("", "user", two)
    assert content_hash("user", one) == chain_hash("", "user", one)


def test_times_survive_to_the_microsecond(store):
    moment = EPOCH + timedelta(microseconds=1_773_140_400_123_457)
    put(store, *talk("x", start=moment))
    assert next(iter(store.turns.all())).at == moment
