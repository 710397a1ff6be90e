"""Turn the active memories into hypothetical questions and answers, verified against their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from prefect import task

from data.night import Night
from data.records import Dream, Memory, Turn
from data.settings import Settings
from data.store import Store
from data.written import Asked
from models import dreamer
from models.chat import HttpChat
from quality.report import dream_rows
from quality.verification import review
from tasks import artifacts
from tasks.asking import served
from tasks.common import STAGE, Plan, Stopwatch, digest, stage
from tasks.writing import write_questions


@task(name="dream", **STAGE)
def dream(plan: Plan, upstream: str) -> dict[str, Any]:
    """Dream about every active memory, rebuild included, and keep refused dreams with their reason."""
    with stage(plan, "dream") as (settings, night, watch, figures):
        with Store(settings.database) as store:
            memories = store.memories.curated(night)
            active = [memory for memory in memories if memory.active]
            turns = store.turns.get([source for memory in active for source in memory.sources])
        dreams = imagine(plan, settings, night, memories, turns, watch)
        with Store(settings.database) as store:
            store.dreams.replace(night, dreams)
            dreams = store.dreams.all(night)
        verified = [one for one in dreams if one.verified]
        figures |= {"memories": len(active), "dreams": len(dreams), "refused": len(dreams) - len(verified)}
        artifacts.table(plan, "dreams", dream_rows(dreams), "Dreams by kind")
    return {**figures, "digest": digest_of(verified)}


def digest_of(dreams: Iterable[Dream]) -> str:
    """Digest of the dreams that go on to the mixture."""
    return digest(sorted((d.id, d.question, d.answer, d.split) for d in dreams))


def imagine(
    plan: Plan,
    settings: Settings,
    night: Night,
    memories: Sequence[Memory],
    turns: Sequence[Turn],
    watch: Stopwatch,
) -> list[Dream]:
    """Dreams of the whole ledger by rules, with the model's own added when the recipe asks for them."""
    s = plan.recipe.dream
    active = [memory for memory in memories if memory.active]
    written: dict[str, Asked] = {}
    if s.dreamer != "rules":
        with watch.model():
            written = write_questions(active, settings, plan.recipe, run=f"dream-{night}")
    dreams = dreamer.dream(memories, night.seed, s, written)
    dreams += dreamer.pair_up(active, night.seed, s.two_facts)
    dreams += dreamer.recombine(active, night.seed, s.recombinations)
    dreams += dreamer.reflect(active)
    if s.dreamer == "model":
        fresh = [memory for memory in active if memory.told == night.date]
        with watch.model(), dreaming_chat(settings, night) as chat:
            dreams += dreamer.dream_with_model(chat, fresh, turns, s)
    return review(dreams, memories, turns)


@contextmanager
def dreaming_chat(settings: Settings, night: Night) -> Iterator[HttpChat]:
    """The model that dreams: the configured endpoint, else the live generation."""
    endpoint = settings.recipe.dream.endpoint
    if endpoint:
        with HttpChat(endpoint, run=f"dream-{night}") as chat:
            yield chat
    else:
        with served(settings, run=f"dream-{night}") as (_, chat):
            yield chat
