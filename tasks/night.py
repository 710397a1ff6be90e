"""The frame around a night's steps: which night, may it run, what comes after a failed examination."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from prefect import get_run_logger, task
from prefect.runtime import flow_run
from prefect.states import Completed, State

from data.errors import BadInput
from data.ingest import ingest_paths
from data.night import Night
from data.settings import Recipe, Settings, load_settings, prepare_environment
from data.store import Store
from data.store.nights import Status
from models.preset import settled
from models.registry import Registry
from quality.repair import HALF, next_rung
from tasks import artifacts
from tasks.common import Plan, digest, exclusive

NAMES: dict[Status, str] = {
    "published": "Published",
    "candidate": "Candidate",
    "waiting": "Waiting",
    "rejected": "Rejected",
    "skipped": "Skipped",
}


@contextmanager
def holding_the_night(night: date | None, recipe: Recipe | None) -> Iterator[Plan]:
    """The plan of this run, with the night's lock held so that two runs never work at once."""
    settings = load_settings(recipe=recipe)
    prepare_environment(settings)
    settings.ensure_home()
    value = Night(night, settings.zone) if night else _scheduled(settings)
    if value.end > datetime.now(UTC):
        raise BadInput(
            f"The day of {value} is not over yet (it ends {value.end:%Y-%m-%d %H:%M} UTC). "
            "Choose an earlier night, or wait."
        )
    with exclusive(settings, "night"):
        Registry(settings.models).recover()
        yield Plan(value.id, settled(settings.recipe))


def _scheduled(settings: Settings) -> Night:
    """The last complete day at the scheduled time, so that a late run dreams of its own day."""
    scheduled = flow_run.scheduled_start_time or datetime.now(UTC)
    return Night.last_complete(scheduled, settings.zone)


@task(name="begin")
def begin(plan: Plan, day: dict[str, Any], redo: bool) -> dict[str, Any]:
    """Decide whether the night has anything to do, and mark it pending if so."""
    settings = plan.settings
    night = plan.value(settings)
    with Store(settings.database) as store:
        _refuse_if_later_nights_are_lived(store, night)
        before = store.memories.before(night)
        inputs = inputs_of(store, night)
        row = store.nights.get(night)
        same = row is not None and row.recipe == plan.recipe.digest and row.inputs == inputs
        if row is not None and row.done and same and not redo:
            return _nothing("Unchanged", f"Night {night} is already {row.status}; nothing has changed since.")
        _warn_of_undreamt_days(store, night)
        if row is None or not same or redo:
            store.nights.begin(night, plan.recipe.digest, inputs)
        if not day["exchanges"] and not any(m.active for m in before):
            store.nights.finish(night, "skipped", reason="No chats on that day and nothing known yet.")
            return _nothing(
                "Skipped", f"There are no chats on {night} and nothing is known yet: nothing to dream about."
            )
        if not day["exchanges"] and not redo and _ledger_already_live(store, night):
            store.nights.finish(night, "skipped", reason="No chats on that day.")
            return _nothing("Skipped", f"There are no chats on {night}; the live model stays as it is.")
        started = store.nights.started(night)
    return {"nothing_to_do": False, "digest": inputs, "begun": started}


def _refuse_if_later_nights_are_lived(store: Store, night: Night) -> None:
    """A model rebuilt from an older ledger would forget what later nights learned."""
    later = [row.night for row in store.nights.all() if row.status == "published" and row.night > night.date]
    if later:
        raise BadInput(
            f"Later nights are published already (up to {later[-1]}); this one would not know them. "
            f"Take the day in with `python -m flows backfill --from {night} --to {night}`."
        )


def unchanged(settings: Settings, night: date | None) -> str:
    """A line that says the night is done and nothing has changed since, or nothing when there is work."""
    if not settings.database.exists():
        return ""
    value = Night(night, settings.zone) if night else Night.last_complete(datetime.now(UTC), settings.zone)
    with Store(settings.database) as store:
        row = store.nights.get(value)
        if row is None or not row.done or row.recipe != settled(settings.recipe).digest:
            return ""
        if ingest_paths(store, settings, dry_run=True).added:
            return ""
        if row.inputs != inputs_of(store, value):
            return ""
    return (
        f"Night {value} is already {row.status} ({row.reason}) Nothing has changed since; nothing was done."
    )


def inputs_of(store: Store, night: Night) -> str:
    """Digest of what a night is made from: the day's turns and the ledger before it."""
    exchanges = store.turns.exchanges(night)
    turns = [(e.user.id, e.user.content_hash, e.answer.content_hash if e.answer else "") for e in exchanges]
    ledger = sorted((m.id, m.statement, m.state) for m in store.memories.before(night))
    return digest(turns, ledger)


def _nothing(name: str, message: str) -> dict[str, Any]:
    return {"nothing_to_do": True, "name": name, "message": message, "digest": "", "begun": ""}


def _ledger_already_live(store: Store, night: Night) -> bool:
    """Whether a model has been published since the ledger last changed, so an empty day needs none."""
    done = [row for row in store.nights.all() if row.status == "published" and row.night < night.date]
    return bool(done) and not any(
        row.status not in ("published", "skipped") and row.night > done[-1].night
        for row in store.nights.all()
    )


def _warn_of_undreamt_days(store: Store, night: Night) -> None:
    days = undreamt(store, night)
    if days:
        get_run_logger().warning(
            "%d earlier days were never dreamt about: `python -m flows backfill --from %s --to %s`.",
            len(days),
            days[0],
            days[-1],
        )


def undreamt(store: Store, night: Night) -> list[date]:
    """Days before `night` with chats that no night has consumed."""
    done = {row.night for row in store.nights.all() if row.done}
    return sorted(day for day in store.turns.nights_with_turns() if day < night.date and day not in done)


def next_attempt(plan: Plan, verdict: dict[str, Any]) -> Plan | None:
    """The next rung of the repair ladder after an examination, or None to stop."""
    tried = plan.rung.split("; ") if plan.rung else []
    halving = bool(tried) and tried[-1].startswith(HALF)
    if len(tried) >= plan.recipe.publish.repairs or (verdict["passed"] and not halving):
        return None
    settings = plan.settings
    night = plan.value(settings)
    halves = (*plan.halves, (plan.left_out, verdict["passed"])) if halving else ()
    with Store(settings.database) as store:
        memories = [m for m in store.memories.curated(night) if m.active]
        results = store.nights.gates(night, verdict["digest"])
        answers = store.nights.answers(night, verdict["digest"])
    rung = next_rung(tried, plan.recipe, results, answers, memories, halves)
    if rung is None:
        return None
    failed = ", ".join(verdict["failed"]) or "none"
    get_run_logger().warning("Gates failed: %s. Trying again with %s.", failed, rung.name)
    rungs = "; ".join([*tried, rung.name])
    return replace(plan, recipe=rung.recipe, left_out=rung.left_out, rung=rungs, halves=halves)


def better(plan: Plan, best: dict[str, Any] | None, verdict: dict[str, Any]) -> dict[str, Any]:
    """The verdict to publish by: the last that passed, which leaves out least, else the last of all."""
    if best is None or not best["passed"]:
        return verdict
    if not verdict["passed"]:
        return best
    Registry(plan.settings.models).set_status(best["generation"], "retired")
    return verdict


def close(plan: Plan, status: Status, message: str, generation: str | None = None) -> State:
    """Record how the night ended; only a published or skipped night consumes the day."""
    settings = plan.settings
    night = plan.value(settings)
    with Store(settings.database) as store, store.transaction():
        store.nights.finish(night, status, generation=generation, reason=message)
        if status == "published" and generation:
            store.nights.consume_before(night, generation)
    artifacts.markdown(plan, "night", f"## {NAMES[status]}\n\n{message}", "How the night ended")
    return Completed(name=NAMES[status], message=message)
