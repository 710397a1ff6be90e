"""Train the night's adapter."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from prefect import task

from data.store import Store
from models import trainer
from models.base import prepare_base
from models.handover import lend_card, room_needed
from models.preset import load_preset
from tasks import artifacts
from tasks.common import STAGE, Plan, exclusive, stage


@task(name="train", retries=1, retry_delay_seconds=10, **STAGE)
def train(plan: Plan, upstream: str) -> dict[str, Any]:
    """Fine-tune a fresh adapter on the mixture; a killed run continues from its checkpoint."""
    with stage(plan, "train") as (settings, night, watch, figures), exclusive(settings, "train"):
        with Store(settings.database) as store:
            barred = {row for suite, row, _ in store.nights.quarantine(night) if suite == "mixture"}
            examples = [row for row in store.dreams.mixture(night) if row.id not in barred]
        bar = artifacts.Progress(plan, "train", "Training")
        with watch.model():
            base = prepare_base(plan.recipe.preset, settings.models)
            learn = partial(
                trainer.train,
                examples,
                base,
                settings.night_work(night) / f"train-{upstream}",
                plan.recipe.train,
                seed=night.seed,
                persona=plan.recipe.persona,
                card=settings.card,
                start=base.start,
            )
            if trainer.choose_backend(plan.recipe.train.backend) == "unsloth":
                room = room_needed(load_preset(plan.recipe.preset), base, plan.recipe.train)
                result = lend_card(settings, room, lambda tell: learn(progress=tell), bar)
            else:
                result = learn(progress=bar)
        figures |= {"steps": result.steps, "rows": result.rows, "answer_tokens": result.answer_tokens}
        figures |= {"backend": result.backend, "losses": [round(loss, 4) for loss in result.losses][-400:]}
    return {
        "adapter": str(result.adapter),
        "digest": result.digest,
        "steps": result.steps,
        "rows": result.rows,
    }


def adapter_is_there(result: dict[str, Any]) -> bool:
    """Whether the adapter a remembered training names is on disk, unchanged."""
    adapter = Path(result["adapter"])
    weights = adapter / "adapter_model.safetensors"
    return weights.is_file() and trainer.adapter_digest(adapter) == result["digest"]
