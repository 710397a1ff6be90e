"""Backfill: past days taken in, oldest first, as if they had been lived."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.states import Completed, State

from data.settings import Recipe
from flows.nightly import nightly
from tasks.history import begin_backfill, due_nights, end_backfill, fold


@flow(name="backfill", persist_result=False)
def backfill(
    first: date,
    last: date,
    redo: bool = False,
    every: int = 0,
    recipe: Recipe | None = None,
    review_dreams: bool | None = None,
) -> State:
    """Curate every day from `first` to `last` in order and train after the last one.

    `every` trains after that many nights with chats as well; published nights are skipped unless `redo`.
    `review_dreams` is that of the nightly flow.
    """
    nights = due_nights(first, last, redo, every, recipe)
    if not nights:
        return Completed(name="Unchanged", message="Every night in that range is already done.")
    begin_backfill(nights)
    for day, trains in nights:
        if not trains:
            fold(day, recipe)
            continue
        state = nightly(night=day, redo=redo, recipe=recipe, review_dreams=review_dreams, return_state=True)
        if not state.is_completed() or state.name in ("Rejected", "Waiting"):
            return state
    end_backfill(nights)
    return Completed(
        name="Published", message=f"{len(nights)} nights taken in, {nights[0][0]} to {nights[-1][0]}."
    )
