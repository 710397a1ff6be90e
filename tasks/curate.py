"""Decide what of the day is worth remembering and bring the ledger up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

from prefect import task

from data import ledger
from data.night import Night
from data.records import Chat, Exchange, Memory, Verdict
from data.settings import Recipe, Settings
from data.store import Store
from models.registry import Registry
from quality import curation, extraction, forgetting, selection
from quality.report import verdict_rows
from quality.updates import completed, outdated
from quality.voting import vote, with_votes
from tasks import artifacts
from tasks.asking import served
from tasks.common import STAGE, Plan, digest, stage
from tasks.reading import Reading, read_exchanges, told
from tasks.traces import erase_files, erase_traces

Reader = Callable[[Sequence[Exchange]], Mapping[str, Reading]]

NOT_FOUND = "asked to be forgotten, but no memory has those words: `python -m flows memories`, then `forget`"


@task(name="curate", **STAGE)
def curate(plan: Plan, upstream: str) -> dict[str, Any]:
    """Score the day's exchanges, extract memories from the kept ones and merge them into the ledger."""
    with stage(plan, "curate") as (settings, night, watch, figures), Store(settings.database) as store:
        read = reader(settings, plan.recipe, night)
        voting = plan.recipe.curate.model_vote and Registry(settings.models).live()
        with ExitStack() as models:
            if voting or read:
                models.enter_context(watch.model())
            chat = models.enter_context(served(settings, run=f"vote-{night}"))[1] if voting else None
            verdicts, memories = curate_night(store, night, plan.recipe, read, chat)
        words = settle(store, night, memories, verdicts)
        active = [memory for memory in memories if memory.active]
        found = [memory for memory in active if memory.told == night.date]
        kept = sum(verdict.kept for verdict in verdicts)
        figures |= {"exchanges": len(verdicts), "kept": kept, "found": len(found), "active": len(active)}
        artifacts.table(plan, "verdicts", verdict_rows(verdicts), "What was kept and why")
    if words:
        erase_files(settings, words, rebuilt=True)
    return {**figures, "digest": digest(sorted((m.id, m.statement, m.state) for m in active))}


def settle(store: Store, night: Night, memories: Sequence[Memory], verdicts: Sequence[Verdict]) -> set[str]:
    """Store the ledger after a night, and erase what earlier nights made of memories the day asked to forget.

    Returns the words of those memories, which files beside the store may still hold.
    """
    forgotten = {memory.id for memory in memories if memory.state == "forgotten"}
    with store.transaction():
        gone = [memory for memory in store.memories.before(night) if memory.id in forgotten and memory.value]
        words = erase_traces(store, gone)
        store.memories.replace_night(night, memories, verdicts)
    return words


def reader(settings: Settings, recipe: Recipe, night: Night) -> Reader | None:
    """The model's reading of exchanges, when this recipe asks for one."""
    if recipe.curate.extractor == "rules":
        return None
    return partial(read_exchanges, settings=settings, recipe=recipe, run=f"read-{night}")


def curate_night(
    store: Store, night: Night, recipe: Recipe, read: Reader | None = None, chat: Chat | None = None
) -> tuple[list[Verdict], list[Memory]]:
    """Verdicts on a night's exchanges and the ledger after them; writes nothing."""
    barred = {row for suite, row, _ in store.nights.quarantine(night) if suite == "turns"}
    exchanges = [e for e in store.turns.exchanges(night) if e.user.id not in barred]
    return remember(exchanges, store.memories.before(night), night, recipe, read, chat)


def remember(
    exchanges: Sequence[Exchange],
    known: Sequence[Memory],
    night: Night,
    recipe: Recipe,
    read: Reader | None = None,
    chat: Chat | None = None,
) -> tuple[list[Verdict], list[Memory]]:
    """Verdicts on a day's exchanges and the ledger after it.

    `read` lets a model write down what was told, beside the rules; with a `chat` the model has a vote too.
    A turn that asks to forget what nothing in the ledger fits says so in its verdict.
    """
    context = curation.ledger_context(known, night)
    judged = curation.judge_all(exchanges, context, recipe.curate)
    if chat is not None:
        judged = with_votes(judged, vote(exchanges, chat), recipe.curate)
    verdicts = selection.select(judged, exchanges, recipe.curate)
    kept = {verdict.turn_id for verdict in verdicts if verdict.kept}
    active = [memory for memory in known if memory.active]
    heard = extraction.extract_all(exchanges, night, active)
    if read is not None:
        chosen = [exchange for exchange in exchanges if exchange.user.id in kept]
        heard = told(chosen, heard, read(chosen), night, active)
    found = [memory for memory in heard if kept.intersection(memory.sources)]
    merged = ledger.merge(known, ledger.credit(found, verdicts), night)
    news = outdated(found, merged, exchanges)
    merged = ledger.supersede(completed(news, merged, exchanges), news)
    doomed, missed = asked_to_forget(exchanges, merged)
    verdicts = [replace(v, reason=NOT_FOUND) if v.turn_id in missed else v for v in verdicts]
    return verdicts, ledger.forget(merged, doomed, night)


def asked_to_forget(exchanges: Sequence[Exchange], memories: Sequence[Memory]) -> tuple[set[str], set[str]]:
    """Ids of memories the person asked, in the day's chats, to forget, and the turns that named none."""
    meant: dict[str, set[str]] = {}
    for request in (r for e in exchanges for r in extraction.requests(e) if r.kind == "forget"):
        named = {memory.id for memory in forgetting.meant(request.topic, memories)}
        meant[request.turn_id] = meant.get(request.turn_id, set()) | named
    return set().union(*meant.values()), {turn for turn, named in meant.items() if not named}
