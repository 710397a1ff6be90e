"""Put an examined generation into service, or keep yesterday's."""

from __future__ import annotations

from typing import Any

from prefect import task

from data import ledger
from data.night import Night
from data.settings import Settings
from data.store import Store
from models import embedding
from models.gateway_client import publish_to_gateway
from models.registry import Registry
from tasks.common import Plan, exclusive, stage


@task(name="publish")
def publish(plan: Plan, verdict: dict[str, Any]) -> dict[str, Any]:
    """Flip the pointer to a generation that passed; otherwise say which gates kept it out."""
    with stage(plan, "publish") as (settings, night, _, figures), exclusive(settings, "publish"):
        registry = Registry(settings.models)
        generation = verdict["generation"]
        if not verdict["passed"]:
            registry.set_status(generation, "rejected")
            status = "rejected"
            message = (
                f"{', '.join(verdict['failed'])} failed. The live model is unchanged, the day stays pending."
            )
        elif plan.recipe.publish.approval:
            status = "candidate"
            message = f"All gates passed. After reading the report: `python -m flows publish {generation}`."
        else:
            put_live(settings, generation)
            remember_recall(settings, night, verdict["digest"])
            registry.prune(plan.recipe.publish.keep)
            status = "published"
            message = f"Generation {generation} is live."
        figures |= {"status": status}
    return {
        "status": status,
        "message": message + _remarks(verdict),
        "generation": generation,
        "digest": verdict["digest"],
        "left_out": verdict["left_out"],
    }


def _remarks(verdict: dict[str, Any]) -> str:
    """What a person should look at in the report although the gates passed."""
    if not verdict["passed"]:
        return ""
    remarks = ""
    if verdict["left_out"]:
        remarks += f" {len(verdict['left_out'])} memories were left out, because a gate failed with them."
    if verdict["alarms"]:
        remarks += f" Failed without blocking: {', '.join(verdict['alarms'])}; see the report."
    return remarks


def put_live(settings: Settings, generation: str) -> None:
    """Make a generation the live one: through the gateway when one runs, else by the pointer alone."""
    registry = Registry(settings.models)
    registry.verify(registry.get(generation))
    if not publish_to_gateway(settings, generation):
        registry.point(generation)
    registry.set_status(generation, "published")


def remember_recall(settings: Settings, night: Night, digest: str) -> None:
    """Move memories along their life by what the published file recalled."""
    with Store(settings.database) as store:
        answers = [a for a in store.nights.answers(night, digest) if a.probe.memory_id]
        recalled: dict[str, list[bool]] = {}
        for answer in answers:
            if answer.probe.kind in ("direct", "paraphrase", "list"):
                recalled.setdefault(str(answer.probe.memory_id), []).append(answer.outcome == "right")
        shares = {memory: sum(rights) * 2 >= len(rights) for memory, rights in recalled.items()}
        store.memories.save(ledger.after_night(store.memories.curated(night), shares, night), night)
        if not embedding.missing():
            store.memories.embed(embedding.embed)
