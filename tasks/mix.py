"""Put the night's training rows together."""

from __future__ import annotations

from collections import Counter
from typing import Any

from prefect import task

from data import mixture
from data.store import Store
from models.base import prepare_base
from tasks import artifacts
from tasks.base import answered_seeds
from tasks.common import STAGE, Plan, stage


@task(name="mix", **STAGE)
def mix(plan: Plan, upstream: str) -> dict[str, Any]:
    """Mix dreams, negatives, grounding, refusals and replay by their shares, deterministic in the night."""
    with stage(plan, "mix") as (settings, night, watch, figures):
        with Store(settings.database) as store:
            barred = {row for suite, row, _ in store.nights.quarantine(night) if suite == "dreams"}
            dreams = [one for one in store.dreams.all(night) if one.verified and one.id not in barred]
            memories = [one for one in store.memories.curated(night) if one.id not in plan.left_out]
        with watch.model():
            base = prepare_base(plan.recipe.preset, settings.models)
            seeds = answered_seeds(plan, base, settings, night)
        examples = mixture.mix(dreams, memories, seeds, plan.recipe, night.seed)
        with Store(settings.database) as store:
            store.dreams.replace_mixture(night, examples)
        counts = Counter(example.kind for example in examples)
        figures |= {"rows": len(examples), "kinds": dict(counts)}
        rows = [
            {"kind": kind, "rows": n, "share": round(n / len(examples), 3)}
            for kind, n in counts.most_common()
        ]
        artifacts.table(plan, "mixture", rows, "Training mixture")
    return {**figures, "digest": mixture.digest(examples)}
