"""Put the night's training rows together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prefect import task

from data import mixture
from data.night import Night
from data.settings import Settings
from data.store import Store
from models.base import Base, prepare_base
from models.chat import HttpChat
from models.grounding import base_answers
from models.server import serve_model
from quality.scoring import normalise, refuses
from tasks import artifacts
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
            bar = artifacts.Progress(plan, "base", "Base model")
            base = prepare_base(plan.recipe.preset, settings.models, bar)
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


def answered_seeds(plan: Plan, base: Base, settings: Settings, night: Night) -> mixture.Seeds:
    """The seed sets with the base's own answers, asked of the base's file once per base."""
    seeds = mixture.load_seeds()
    prompts = mixture.prompts_to_answer(seeds, plan.recipe, night.seed)
    bar = artifacts.Progress(plan, "grounding", "Base answers")
    s = settings.serve
    with (
        serve_model(
            base.gguf, alias="base", context=s.context, parallel=s.parallel, threads=s.threads
        ) as server,
        HttpChat.to(server, run=f"grounding-{night}", parallel=s.parallel) as chat,
    ):
        answers = base_answers(
            base,
            prompts,
            base.folder,
            chat,
            system=plan.recipe.persona,
            max_tokens=plan.recipe.train.answer_tokens,
            progress=bar,
        )
    return replace(seeds, answers=own_refusals_only(seeds, answers))


def own_refusals_only(seeds: mixture.Seeds, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers without those in which the base complied with what it should decline.

    A small base declines only some; training it to follow its lapses would teach them.
    """
    harmful = {row.text for row in seeds.refusals}
    return {
        text: answer for text, answer in answers.items() if text not in harmful or refuses(normalise(answer))
    }
