"""Past days: what a backfill would do, doing it so that it can be undone."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from data.errors import BadInput
from data.ingest import ingest_paths
from data.night import Night
from data.settings import Recipe, Settings, load_settings
from data.store import Store
from models.gateway_client import rollback_gateway
from models.registry import Registry
from tasks.common import Plan, digest, exclusive
from tasks.curate import curate_night

Due = list[tuple[date, bool]]
MINUTES_A_NIGHT = 6.0
MEGABYTES_A_GENERATION = 160


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
    counts = store.turns.nights_with_turns()
    done = {row.night for row in store.nights.all() if row.done}
    days = [day for day in _range(first, last) if counts.get(day) and (redo or day not in done)]
    due = [(day, bool(every) and (place + 1) % every == 0) for place, day in enumerate(days)]
    return [*due[:-1], (due[-1][0], True)] if due else []


def plan(settings: Settings, first: date, last: date, redo: bool, every: int = 0) -> BackfillPlan:
    """The nights of the range with their turns and the memories they would give; nothing is written."""
    with Store(settings.database) as store:
        preview = ingest_paths(store, settings, dry_run=True)
        due = dict(_due(store, first, last, redo, every))
        counts = store.turns.nights_with_turns()
        rows = {row.night: row for row in store.nights.all()}
        lines = []
        for day in _range(first, last):
            if not counts.get(day):
                continue
            night = Night(day, settings.zone)
            found = curate_night(store, night, settings.recipe)[1] if day in due else []
            status = rows[day].status if day in rows else "never run"
            new = sum(memory.active and memory.told == day for memory in found)
            lines.append(PlannedNight(day, counts[day], new, status, due.get(day, False)))
    trainings = sum(due.values())
    seconds = _measured_seconds(settings)
    return BackfillPlan(
        tuple(lines), trainings * seconds / 60, trainings * MEGABYTES_A_GENERATION, preview.added
    )


def _measured_seconds(settings: Settings) -> float:
    """How long the last published night took here, or a first guess."""
    with Store(settings.database) as store:
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
    with exclusive(settings, "night"), Store(settings.database) as store, store.transaction():
        before = store.memories.before(night)
        verdicts, memories = curate_night(store, night, settings.recipe)
        plan_of_day = Plan(night.id, settings.recipe)
        store.nights.begin(night, plan_of_day.recipe.digest, digest("folded", len(before), len(verdicts)))
        store.memories.replace_night(night, memories, verdicts)
    return sum(memory.active and memory.told == day for memory in memories)


def _backup(settings: Settings) -> Path:
    return settings.home / "backups" / "backfill.duckdb"


def begin_backfill(nights: Due) -> None:
    """Keep the store and the live generation as they are, so that the backfill can be undone."""
    settings = load_settings()
    target = _backup(settings)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    live = Registry(settings.models).live()
    with exclusive(settings, "night"):
        with Store(settings.database) as store:
            store.connection.execute("CHECKPOINT")
        part = target.with_suffix(".part")
        shutil.copyfile(settings.database, part)
        part.chmod(0o600)
        os.replace(part, target)
    note = {
        "live": live.id if live else None,
        "nights": [str(day) for day, _ in nights],
        "made": str(datetime.now(UTC)),
    }
    target.with_suffix(".json").write_text(json.dumps(note), encoding="utf-8")


def end_backfill(nights: Due) -> None:
    """Note that the backfill ran to its end."""
    settings = load_settings()
    path = _backup(settings).with_suffix(".json")
    note = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**note, "finished": str(datetime.now(UTC))}), encoding="utf-8")


def undo(settings: Settings) -> str:
    """Bring back store and live model as they were before the last backfill.

    Refused when other nights have run since, because their memories would be lost with it.
    """
    backup = _backup(settings)
    if not backup.exists():
        raise BadInput("There is no backfill to undo.")
    note = json.loads(backup.with_suffix(".json").read_text(encoding="utf-8"))
    with exclusive(settings, "night"), exclusive(settings, "publish"):
        _refuse_if_lived_since(settings, note["nights"], datetime.fromisoformat(note["made"]))
        registry = Registry(settings.models)
        if note["live"] and not rollback_gateway(settings, note["live"]):
            registry.rollback(note["live"])
        with Store(settings.database) as store:
            store.connection.execute("CHECKPOINT")
        os.replace(backup, settings.database)
        settings.database.with_name(settings.database.name + ".wal").unlink(missing_ok=True)
        backup.with_suffix(".json").unlink()
    kept = f"; generation {note['live']} is live" if note["live"] else "; no generation was live then"
    return f"The backfill of {len(note['nights'])} nights is undone{kept}."


def _refuse_if_lived_since(settings: Settings, nights: Sequence[str], made: datetime) -> None:
    with Store(settings.database) as store:
        later = [
            str(row.night)
            for row in store.nights.all()
            if row.started and row.started > made and str(row.night) not in nights
        ]
    if later:
        raise BadInput(
            f"Other nights have run since the backfill ({', '.join(later)}); undoing it would lose them."
        )
