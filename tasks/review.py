"""A person's look at a night's dreams before anything is trained on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from prefect import task

from data.errors import BadInput
from data.night import Night
from data.records import Dream
from data.settings import Settings
from data.store import Store
from tasks.common import Plan
from tasks.dream import digest_of


@task(name="review")
def review(plan: Plan, asked: bool | None = None) -> dict[str, Any]:
    """What of the dreams is left to train on, and whether a person has to look at new ones first.

    Read anew in every run, so that a veto counts even when the dreaming itself is remembered.
    """
    settings = plan.settings
    with Store(settings.database) as store:
        night = plan.value(settings)
        left = [one for one in store.dreams.all(night) if one.verified]
        new = store.dreams.unreviewed(night)
    wanted = settings.review.dreams if asked is None else asked
    message = (
        f"{len(new)} new dreams wait for you: `python -m flows dreams` lists them, `--veto ID` refuses some, "
        f"`--approve` lets the others pass. Then run the night of {night} again."
    )
    return {"waiting": wanted and bool(new), "message": message, "digest": digest_of(left)}


def listed(settings: Settings, day: date | None, *, everything: bool) -> tuple[Night, list[Dream]]:
    """The night that waits (the named one, else the newest) and its dreams, only the new ones by default."""
    with Store(settings.database) as store:
        night = _night(store, settings, day)
        return night, store.dreams.all(night) if everything else store.dreams.unreviewed(night)


def veto(settings: Settings, ids: Sequence[str]) -> int:
    """Refuse dreams by id, in every night that dreams them again; BadInput names an unknown id."""
    with Store(settings.database) as store:
        unknown = store.dreams.unknown(ids)
        if unknown:
            raise BadInput(
                f"There is no dream {', '.join(unknown)}. `python -m flows dreams --all` lists them."
            )
        return store.dreams.veto(ids)


def approve(settings: Settings, day: date | None) -> tuple[Night, int]:
    """Let the new dreams of a night pass and return the night to pending; (night, how many)."""
    with Store(settings.database) as store, store.transaction():
        night = _night(store, settings, day)
        passed = store.dreams.approve(night)
        row = store.nights.get(night)
        if row is not None and row.status == "waiting":
            store.nights.reopen([night.date], "Its dreams were approved.")
    return night, passed


def _night(store: Store, settings: Settings, day: date | None) -> Night:
    waiting = [row.night for row in store.nights.all() if row.status == "waiting"]
    chosen = day or (waiting[-1] if waiting else store.dreams.newest())
    if chosen is None:
        raise BadInput("No night has dreamt yet. Run `python -m flows night` first.")
    return Night(chosen, settings.zone)
