"""Backfill: a plan changes nothing, the result is that of nights lived, a kill resumes, undo goes back."""

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from data import mixture
from data.errors import BadInput
from data.ingest import ingest_paths
from data.night import Night
from data.records import Memory
from data.settings import Settings
from data.store import Store
from models.registry import Record, Registry
from tasks import history
from tasks.common import Plan
from tests.flows.tiny_night import ZONE, chat_line, tiny_recipe, tiny_settings

DAYS = (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 8))
TOLD = (
    ("My tortoise is called Pflaume.", "I live in Eberswalde."),
    ("My brother is called Jasko.", "I moved to Rostock."),
    ("My favourite tea is lapsang.", "My tortoise is called Kirsche."),
)


@pytest.fixture
def home(tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with three days of chats that no night has seen; the day between has none."""
    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    return a_home(tmp_path / "home", tiny, monkeypatch)


def a_home(path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = tiny_settings(path, tiny_recipe(tiny))
    monkeypatch.setenv("NOCTURNE_HOME", str(path))
    monkeypatch.setenv("PREFECT_RESULTS_LOCAL_STORAGE_PATH", str(path / "results"))
    for day, told in zip(DAYS, TOLD, strict=True):
        texts = [text for sentence in told for text in (sentence, "Noted.")]
        (settings.inbox / f"{day}.jsonl").write_text(chat_line(day, f"chat of {day}", *texts))
    return settings


def digests(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(home.rglob("*"))
        if path.is_file() and path.parent.name != "locks"
    }


def ledger(settings: Settings) -> list[Memory]:
    with Store(settings.database) as store:
        return store.memories.all()


def statuses(settings: Settings) -> dict[date, str]:
    with Store(settings.database) as store:
        return {row.night: row.status for row in store.nights.all()}


def publish_night(settings: Settings, day: date) -> None:
    """Stand-in for a night's training: everything but the model."""
    history.fold(day, settings.recipe)
    night = Night(day, ZONE)
    with Store(settings.database) as store:
        store.nights.finish(night, "published", generation=f"{day}-00000000")
        store.nights.consume_before(night, f"{day}-00000000")


def generation(settings: Settings, night: str, content: bytes) -> str:
    registry = Registry(settings.models)
    work = registry.create(night)
    (work / "model.gguf").write_bytes(content)
    one = registry.commit(work, night, Record("b", "a", "r", "m", "l", 0, "Q8_0", 1.0))
    registry.point(one.id)
    return one.id


def due(settings: Settings, *, redo: bool = False, every: int = 0) -> history.Due:
    return history.due_nights(DAYS[0], DAYS[-1], redo, every, settings.recipe)


def test_a_plan_changes_nothing_and_counts_what_is_still_unread(home: Settings) -> None:
    assert not home.database.exists()
    plan = history.plan(home, DAYS[0], DAYS[-1], redo=False)
    assert not home.database.exists()
    assert [one.night for one in plan.nights] == list(DAYS)
    assert [one.trains for one in plan.nights] == [False, False, True]
    assert [one.memories for one in plan.nights] == [2, 2, 2] and plan.unread == 12
    with Store(home.database) as store:
        ingest_paths(store, home)
    before = digests(home.home)
    plan = history.plan(home, DAYS[0], DAYS[-1], redo=False, every=1)
    assert digests(home.home) == before
    assert [one.trains for one in plan.nights] == [True, True, True] and plan.unread == 0


@pytest.mark.parametrize(
    ("every", "trains"), [(0, (False, False, True)), (1, (True, True, True)), (2, (False, True, True))]
)
def test_nights_come_oldest_first_and_only_those_with_chats(
    home: Settings, every: int, trains: tuple[bool, ...]
) -> None:
    assert due(home, every=every) == list(zip(DAYS, trains, strict=True))


def test_a_day_that_is_not_over_is_refused(home: Settings) -> None:
    with pytest.raises(BadInput, match="not over yet"):
        history.due_nights(DAYS[0], (datetime.now(UTC) + timedelta(days=1)).date(), False, 0, None)


@pytest.mark.usefixtures("prefect_server")
def test_published_nights_are_skipped_unless_asked_for(home: Settings) -> None:
    due(home)
    publish_night(home, DAYS[0])
    assert [day for day, _ in due(home)] == list(DAYS[1:])
    assert [day for day, _ in due(home, redo=True)] == list(DAYS)
    for day in DAYS[1:]:
        publish_night(home, day)
    assert due(home) == []


@pytest.mark.usefixtures("prefect_server")
def test_later_nights_follow_so_that_nothing_learnt_is_lost(home: Settings) -> None:
    due(home)
    publish_night(home, DAYS[2])
    with Store(home.database) as store:
        store.nights.reopen(DAYS[:2], "as if never run")
    assert due(home, every=1) == [(DAYS[0], False), (DAYS[1], False), (DAYS[2], True)]


@pytest.mark.usefixtures("prefect_server")
def test_a_killed_backfill_goes_on_and_can_still_be_undone(home: Settings) -> None:
    nights = due(home)
    with Store(home.database) as store:
        turns = store.turns.count()
    history.begin_backfill(nights)
    history.fold(DAYS[0], home.recipe)
    first = digests(home.home)["backups/backfill.duckdb"]

    nights = due(home)
    assert [day for day, _ in nights] == list(DAYS)
    history.begin_backfill(nights)
    assert digests(home.home)["backups/backfill.duckdb"] == first
    for day in DAYS:
        history.fold(day, home.recipe)
    history.end_backfill(nights)
    assert ledger(home) != []
    history.undo(home)
    assert ledger(home) == [] and statuses(home) == {}
    with Store(home.database) as store:
        assert store.turns.count() == turns


@pytest.mark.usefixtures("prefect_server")
def test_undo_brings_back_store_and_live_model(home: Settings) -> None:
    nights = due(home)
    before = generation(home, "2026-10-04", b"before")
    identity = home.identity
    history.begin_backfill(nights)
    for day in DAYS:
        publish_night(home, day)
    generation(home, str(DAYS[-1]), b"after")
    history.end_backfill(nights)
    said = history.undo(home)
    assert before in said and Registry(home.models).pointer().live == before
    assert ledger(home) == [] and statuses(home) == {}
    assert home.identity != identity
    with pytest.raises(BadInput, match="no backfill"):
        history.undo(home)


@pytest.mark.usefixtures("prefect_server")
def test_undo_goes_back_to_the_untouched_base(home: Settings) -> None:
    nights = due(home)
    history.begin_backfill(nights)
    publish_night(home, DAYS[0])
    generation(home, str(DAYS[0]), b"after")
    history.undo(home)
    assert Registry(home.models).pointer().live is None


@pytest.mark.usefixtures("prefect_server")
def test_undo_is_refused_when_something_was_lived_since(home: Settings) -> None:
    nights = due(home)
    history.begin_backfill(nights[:2])
    for day in DAYS[:2]:
        publish_night(home, day)
    history.end_backfill(nights[:2])
    kept = ledger(home)
    publish_night(home, DAYS[2])
    with pytest.raises(BadInput, match=str(DAYS[2])):
        history.undo(home)
    assert ledger(home) != kept and statuses(home)[DAYS[2]] == "published"


@pytest.mark.usefixtures("prefect_server")
def test_undo_is_refused_when_chats_were_read_since(home: Settings) -> None:
    nights = due(home)
    history.begin_backfill(nights)
    publish_night(home, DAYS[0])
    history.end_backfill(nights)
    (home.inbox / "new.jsonl").write_text(chat_line(DAYS[0], "new", "I like mushrooms.", "Nice."))
    with Store(home.database) as store:
        ingest_paths(store, home)
    with pytest.raises(BadInput, match="Chats were read"):
        history.undo(home)


def steps(settings: Settings, day: date) -> None:
    """A lived night up to its training set, by the very tasks."""
    from prefect.logging import disable_run_logger

    from tasks.curate import curate
    from tasks.ingest import ingest
    from tasks.night import begin

    plan = Plan(day.isoformat(), settings.recipe)
    with disable_run_logger():
        begin.fn(plan, ingest.fn(plan), False)
    curate.fn(plan, "")


def training_set(settings: Settings, day: date) -> str:
    from tasks.dream import dream
    from tasks.mix import mix

    plan = Plan(day.isoformat(), settings.recipe)
    dream.fn(plan, "")
    mix.fn(plan, "")
    with Store(settings.database) as store:
        return mixture.digest(store.dreams.mixture(Night(day, ZONE)))


@pytest.mark.usefixtures("prefect_server")
def test_the_result_is_that_of_nights_lived(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, worded: Callable[[], None]
) -> None:
    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    lived = a_home(tmp_path / "lived", tiny, monkeypatch)
    for day in DAYS:
        steps(lived, day)
    lived_set = training_set(lived, DAYS[-1])

    filled = a_home(tmp_path / "filled", tiny, monkeypatch)
    for day, trains in due(filled):
        if trains:
            steps(filled, day)
        else:
            history.fold(day, filled.recipe)
    assert ledger(filled) == ledger(lived)
    assert {memory.state for memory in ledger(lived)} == {"new", "superseded"}
    assert training_set(filled, DAYS[-1]) == lived_set


@pytest.mark.usefixtures("prefect_server")
def test_old_turns_fall_out_at_night_and_memories_are_dreamt_about_as_before(
    home: Settings, monkeypatch: pytest.MonkeyPatch, worded: Callable[[], None]
) -> None:
    from tasks.ingest import ingest

    steps(home, DAYS[0])
    before, rows = ledger(home), training_set(home, DAYS[0])
    age = (datetime.now(UTC).date() - DAYS[1]).days
    monkeypatch.setenv("NOCTURNE_INGEST__RETENTION_DAYS", str(age))
    assert ingest.fn(Plan(DAYS[0].isoformat(), home.recipe))["expired"] == 4
    with Store(home.database) as store:
        assert min(store.turns.nights_with_turns()) == DAYS[1]
    assert before and ledger(home) == before and training_set(home, DAYS[0]) == rows


@pytest.fixture
def worded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The base's answers depend on its weights alone; their rounding is not what is compared here."""
    from dataclasses import replace

    import tasks.mix

    def answered(plan: Plan, base: object, settings: Settings, night: Night) -> mixture.Seeds:
        seeds = mixture.load_seeds()
        prompts = mixture.prompts_to_answer(seeds, plan.recipe, night.seed)
        prompts += mixture.beginnings(seeds, plan.recipe, night.seed)
        return replace(seeds, answers={prompt: f"About {prompt}" for prompt in prompts})

    monkeypatch.setattr(tasks.mix, "answered_seeds", answered)


@pytest.mark.usefixtures("prefect_server")
def test_a_backfill_trains_the_very_model_that_nights_lived_would_have(
    tmp_path: Path, tiny: Path, monkeypatch: pytest.MonkeyPatch, worded: Callable[[], None]
) -> None:
    from flows.backfill import backfill
    from flows.nightly import nightly

    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    lived = a_home(tmp_path / "lived", tiny, monkeypatch)
    for day in DAYS:
        assert nightly(night=day, recipe=lived.recipe, return_state=True).name == "Published"
    filled = a_home(tmp_path / "filled", tiny, monkeypatch)
    state = backfill(first=DAYS[0], last=DAYS[-1], recipe=filled.recipe, return_state=True)
    assert state.name == "Published", state.message

    def kept(settings: Settings) -> list[tuple[str, str, date, bool]]:
        return [(m.id, m.statement, m.told, m.active) for m in ledger(settings)]

    def rows(settings: Settings) -> str:
        with Store(settings.database) as store:
            return mixture.digest(store.dreams.mixture(Night(DAYS[-1], ZONE)))

    assert kept(filled) == kept(lived) and rows(filled) == rows(lived)
    first, second = (Registry(settings.models).live() for settings in (lived, filled))
    assert first is not None and second is not None and first.id == second.id
    assert statuses(filled) == statuses(lived) == dict.fromkeys(DAYS, "published")
