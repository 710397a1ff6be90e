"""Turn the active memories into hypothetical questions and answers, verified against their sources."""

from __future__ import annotations

from collections import Counter
from typing import Any

from prefect import task

from data.records import Dream
from data.store import Store
from models import dreamer
from tasks import artifacts
from tasks.common import STAGE, Plan, Stopwatch, digest, stage


@task(name="dream", **STAGE)
def dream(plan: Plan, upstream: str) -> dict[str, Any]:
    """Dream about every active memory, rebuild included, and keep refused dreams with their reason."""
    with stage(plan, "dream") as (settings, night, watch, figures):
        with Store(settings.database) as store:
            memories = store.memories.curated(night)
            active = [memory for memory in memories if memory.active]
            turns = store.turns.get([source for memory in active for source in memory.sources])
        dreams = write(plan, memories, turns, night.seed, watch)
        with Store(settings.database) as store:
            store.dreams.replace(night, dreams)
            dreams = store.dreams.all(night)
        verified = [one for one in dreams if one.verified]
        figures |= {"memories": len(active), "dreams": len(dreams), "refused": len(dreams) - len(verified)}
        artifacts.table(plan, "dreams", dream_rows(dreams), "Dreams by kind")
    return {**figures, "digest": digest(sorted((d.id, d.question, d.answer, d.split) for d in verified))}


def dream_rows(dreams: list[Dream]) -> list[dict[str, Any]]:
    """Counts by kind and reason of refusal."""
    made = Counter(one.kind for one in dreams)
    refused = Counter(one.kind for one in dreams if not one.verified)
    return [{"kind": kind, "dreamt": made[kind], "refused": refused[kind]} for kind in sorted(made)]
