"""Past days: what a backfill would do, doing it so that it can be undone."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from data.errors import BadInput, ModelFileError
from data.ingest import ingest_paths
from data.night import Night
from data.records import Memory
from data.settings import Recipe, Settings, load_settings
from data.store import Store
from data.store.core import restore
from models.files import read_json, write_json
from models.gateway_client import rollback_gateway
from models.preset import settled
from models.registry import Registry
from tasks.backup import backup_of
from tasks.check import run_check
from tasks.common import Plan, digest, exclusive
from tasks.curate import curate_night, reader, settle
from tasks.night import inputs_of
from tasks.traces import erase_files

Due = list[tuple[date, bool]]
MINUTES_A_NIGHT = 6.0
MEGABYTES_A_GENERATION = 160
UNTOUCHED = "base"


@dataclass(frozen=True, slots=True)
class PlannedNight:
    """One line of a backfill's plan."""

    night: date
    turns: int
    memories: int
    status: str
    trains: bool


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """What a backfill would do, without doing it."""

    nights: tuple[PlannedNight, ...]
    minutes: float
    megabytes: int
    unread: int


def _range(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def _due(store: Store, first: date, last: date, redo: bool, every: int) -> Due:
    """The days to take in, and later nights on record again, because they build on the ledger before them.

    A training between would publish a model that lacks the later nights, so then only the last trains.
    """
    counts = store.turns.nights_with_turns()
    rows = store.nights.all()
    done = {row.night for row in rows if row.done}
    wanted = [day for day in _range(first, last) if counts.get(day) and (redo or day not in done)]
    if not wanted:
        return []
    again = {row.night for row in rows if row.night > wanted[0] and counts.get(row.night)}
    days = sorted({*wanted, *again})
    step = 0 if again & done else every
    due = [(day, bool(step) and place % step == 0) for place, day in enumerate(days, start=1)]
    return [*due[:-1], (days[-1], True)]


def plan(settings: Settings, first: date, last: date, redo: bool, every: int = 0) -> BackfillPlan:
    """The nights of the range with their turns and the memories they would give; nothing is changed.

    Everything is tried on a copy of the store, chats that are not read yet included.
    """
    with _copy(settings) as store:
        unread = ingest_paths(store, settings).added
        due = dict(_due(store, first, last, redo, every))
        counts = store.turns.nights_with_turns()
        before = {row.night: row.status for row in store.nights.all()}
        seconds = _measured_seconds(store, settings)
        lines = []
        for day in sorted({*_range(first, last), *due}):
            if not counts.get(day):
                continue
            night = Night(day, settings.zone)
            found = _take_in(store, night, settings, settings.recipe)[0] if day in due else []
            new = sum(memory.active and memory.told == day for memory in found)
            status = before.get(day, "never run")
            lines.append(PlannedNight(day, counts[day], new, status, due.get(day, False)))
    trainings = sum(due.values())
    return BackfillPlan(tuple(lines), trainings * seconds / 60, trainings * MEGABYTES_A_GENERATION, unread)


@contextmanager
def _copy(settings: Settings) -> Iterator[Store]:
    """A store to try things on: a copy of the real one, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="plan-", dir=settings.work) as folder:
        path = Path(folder) / settings.database.name
        if settings.database.exists():
            with Store(settings.database):
                for name in (settings.database, _log_of(settings.database)):
                    if name.exists():
                        shutil.copyfile(name, path.with_name(name.name))
        with Store(path) as store:
            yield store


def _log_of(database: Path) -> Path:
    return database.with_name(database.name + ".wal")


def _measured_seconds(store: Store, settings: Settings) -> float:
    """How long the last published night took here, or a first guess."""
    for row in reversed(store.nights.all()):
        stages = store.nights.stages(Night(row.night, settings.zone))
        if row.status == "published" and "train" in stages:
            return float(sum(stage["seconds"] for stage in stages.values()))
    return MINUTES_A_NIGHT * 60


def due_nights(first: date, last: date, redo: bool, every: int, recipe: Recipe | None) -> Due:
    """(day, whether a training follows it) for every night the backfill has to take in, oldest first."""
    settings = load_settings(recipe=recipe)
    if Night(last, settings.zone).end > datetime.now(UTC):
        raise BadInput(f"The day {last} is not over yet. Choose an earlier --to.")
    with Store(settings.database) as store:
        ingest_paths(store, settings)
        return _due(store, first, last, redo, every)


def fold(day: date, recipe: Recipe | None) -> int:
    """Take one past day into the ledger without training; it is consumed when a later night publishes."""
    settings = load_settings(recipe=recipe)
    night = Night(day, settings.zone)
    with Store(settings.database) as store:
        turns = digest([(e.user.id, e.user.content_hash) for e in store.turns.exchanges(night)])
    run_check(Plan(night.id, settings.recipe), "turns", turns)
    with exclusive(settings, "night"), Store(settings.database) as store:
        memories, words = _take_in(store, night, settings, settled(settings.recipe))
    if words:
        erase_files(settings, words, rebuilt=False)
    return sum(memory.active and memory.told == day for memory in memories)


def _take_in(store: Store, night: Night, settings: Settings, recipe: Recipe) -> tuple[list[Memory], set[str]]:
    """The ledger after a day, stored with the night left pending, and the words that were to be forgotten."""
    with store.transaction():
        inputs = inputs_of(store, night)
        verdicts, memories = curate_night(store, night, recipe, reader(settings, recipe, night))
        store.nights.begin(night, recipe.digest, inputs)
        words = settle(store, night, memories, verdicts)
    return memories, words


def _note_of(settings: Settings) -> dict[str, Any] | None:
    backup = backup_of(settings)
    if not backup.exists():
        return None
    try:
        return read_json(backup.with_suffix(".json"))
    except ModelFileError:
        return None


def begin_backfill(nights: Due) -> None:
    """Keep the store and the live generation as they are, so that the backfill can be undone.

    A backfill that was killed and goes on keeps what it kept the first time.
    """
    settings = load_settings()
    target = backup_of(settings)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    live = Registry(settings.models).pointer().live
    days = [str(day) for day, _ in nights]
    with exclusive(settings, "night"), Store(settings.database) as store:
        note = _note_of(settings)
        if note and "finished" not in note and not _lived_since(store, note):
            note = {**note, "nights": sorted({*note["nights"], *days})}
        else:
            target.with_suffix(".json").unlink(missing_ok=True)
            store.backup(target)
            note = {"live": live, "nights": days, "made": str(datetime.now(UTC))}
        write_json(target.with_suffix(".json"), note)
        store.nights.reopen([day for day, _ in nights], "Taken in again by a backfill.")


def end_backfill(nights: Due) -> None:
    """Note that the backfill ran to its end, and what it made of the store."""
    settings = load_settings()
    note = _note_of(settings)
    if note is None:
        return
    with Store(settings.database) as store:
        made = _state_of(store)
    write_json(
        backup_of(settings).with_suffix(".json"), {**note, "finished": str(datetime.now(UTC)), "state": made}
    )


def _state_of(store: Store) -> str:
    """Digest of what a person would miss if the store were put back: chats and memories."""
    return digest(store.turns.count(), [(m.id, m.statement, m.state) for m in store.memories.all()])


def undo(settings: Settings) -> str:
    """Bring back store and live model as they were before the last backfill.

    Refused when other nights have run, chats were read or memories changed since, because undoing would
    lose that. The live model goes back first and the note goes last, so a killed undo can be repeated.
    """
    note = _note_of(settings)
    if note is None:
        raise BadInput("There is no backfill to undo.")
    backup = backup_of(settings)
    with exclusive(settings, "night"), exclusive(settings, "publish"):
        with Store(settings.database) as store:
            _refuse_if_lived_since(store, note)
        if not rollback_gateway(settings, note["live"] or UNTOUCHED):
            Registry(settings.models).point(note["live"])
        # Results of finished stages describe the store that goes now; under a new name none is found.
        (settings.home / "home.id").write_text(secrets.token_hex(8), encoding="ascii")
        restore(backup, settings.database)
        backup.with_suffix(".json").unlink()
    kept = f"generation {note['live']} is live" if note["live"] else "the untouched base is live"
    return f"The backfill of {len(note['nights'])} nights is undone; {kept}."


def _lived_since(store: Store, note: dict[str, Any]) -> list[str]:
    """Nights that began after a backfill: after its end, or outside its days when it did not end."""
    ended = note.get("finished")
    after = datetime.fromisoformat(ended or note["made"])
    own = () if ended else note["nights"]
    rows = [row for row in store.nights.all() if row.started and row.started > after]
    return [str(row.night) for row in rows if str(row.night) not in own]


def _refuse_if_lived_since(store: Store, note: dict[str, Any]) -> None:
    later = _lived_since(store, note)
    if later:
        raise BadInput(
            f"Other nights have run since the backfill ({', '.join(later)}); undoing it would lose them."
        )
    if "state" in note and note["state"] != _state_of(store):
        raise BadInput(
            "Chats were read or memories changed since the backfill; undoing it would lose that. "
            "`python -m flows forget` and `correct` change single memories."
        )
