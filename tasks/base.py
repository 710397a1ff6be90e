"""Make the base ready: the master and its files once, and its own answers to what every night asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from prefect import task

from data import mixture
from data.night import Night
from data.settings import Settings
from models.base import Base, prepare_base
from models.crew import crew
from models.grounding import base_answers, base_texts
from models.packing import STORY_LENGTH
from models.trainer import choose_backend
from models.warm_start import checked
from quality import probes
from quality.scoring import normalise, refuses
from tasks import artifacts
from tasks.asking import ask_file
from tasks.common import Plan, stage


@task(name="base")
def prepare(plan: Plan) -> dict[str, Any]:
    """Prepare the base and record its answers to the general prompts and the fixed panels.

    All of it is kept per base, so later nights ask only for prompts they draw for the first time.
    """
    with stage(plan, "base") as (settings, night, watch, figures), watch.model():
        choose_backend(plan.recipe.train.backend)  # a night that cannot train ends before its first hour
        base = prepare_base(
            plan.recipe.preset, settings.models, artifacts.Progress(plan, "base", "Base model")
        )
        if base.start and plan.recipe.train.warm_start:
            checked(base.start, plan.recipe.train)
        seeds = answered_seeds(plan, base, settings, night)
        panel = probes.fixed_probes((), plan.recipe.gates)
        panel += probes.untold_probes((), plan.recipe.gates.untold_probes)
        bar = artifacts.Progress(plan, "base-panel", "Base examined")
        ask_file(base.gguf, base.digest, panel, settings, run=f"base-{night}", progress=bar)
        figures |= {"base": base.name, "answers": len(seeds.answers), "panel": len(panel)}
    return figures


def answered_seeds(plan: Plan, base: Base, settings: Settings, night: Night) -> mixture.Seeds:
    """The seed sets with the base's own answers, asked of the base's file once per base."""
    seeds = mixture.load_seeds()
    prompts = mixture.prompts_to_answer(seeds, plan.recipe, night.seed)
    bar = artifacts.Progress(plan, "grounding", "Base answers")
    s = settings.serve
    with crew(
        base.gguf, run=f"grounding-{night}", context=s.context, parallel=s.parallel, threads=s.threads
    ) as chat:
        stories = {story.text for story in seeds.stories}
        answers: dict[str, str] = {}
        for long in (False, True):
            answers |= base_answers(
                base,
                [text for text in prompts if (text in stories) == long],
                base.folder,
                chat,
                system=plan.recipe.persona,
                max_tokens=plan.recipe.train.answer_tokens * (STORY_LENGTH if long else 1),
                progress=bar,
            )
        answers |= base_texts(
            base,
            mixture.beginnings(seeds, plan.recipe, night.seed),
            base.folder,
            chat,
            max_tokens=plan.recipe.train.answer_tokens * STORY_LENGTH,
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
