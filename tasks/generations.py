"""Generations in service: approve a candidate, roll back, examine the live one again, take it elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data.errors import BadInput, NocturneError, PublishError, StoreBusy
from data.night import Night
from data.records import Generation
from data.settings import Settings, load_settings
from data.store import Store
from models.base import prepare_base
from models.gateway_client import rollback_gateway
from models.gguf_parts import joined
from models.registry import Registry
from quality import gates, probes
from tasks.asking import ask_file
from tasks.common import exclusive
from tasks.publish import put_live, remember_recall


def approve(generation: str | None, reason: str) -> str:
    """Publish a candidate that passed its gates; returns a line for the person."""
    settings = load_settings()
    registry = Registry(settings.models)
    with exclusive(settings, "publish"):
        chosen = registry.get(generation) if generation else _newest_candidate(registry)
        if chosen.status == "rejected":
            raise BadInput(
                f"Generation {chosen.id} failed its gates and cannot be published. Read its report."
            )
        put_live(settings, chosen.id)
        try:
            _note_approval(settings, chosen, reason or "Approved by the person.")
        except StoreBusy as error:
            raise StoreBusy(
                f"Generation {chosen.id} is live, but its night could not be noted as published. {error} "
                f"Then run `python -m flows publish {chosen.id}` again."
            ) from error
    return f"Generation {chosen.id} is live."


def _note_approval(settings: Settings, chosen: Generation, reason: str) -> None:
    night = Night.parse(chosen.night, settings.zone)
    remember_recall(settings, night, chosen.digest[:16])
    with Store(settings.database) as store:
        store.nights.finish(night, "published", generation=chosen.id, reason=reason)


def _newest_candidate(registry: Registry) -> Generation:
    waiting = [generation for generation in registry.all() if generation.status == "candidate"]
    if not waiting:
        raise BadInput("No candidate is waiting. `python -m flows status` shows the generations.")
    return max(waiting, key=lambda generation: generation.created)


def roll_back(generation: str | None) -> str:
    """Serve an earlier generation at once and return the days it does not know to pending."""
    settings = load_settings()
    registry = Registry(settings.models)
    with exclusive(settings, "publish"):
        before = registry.live()
        if before is None:
            raise BadInput("Nothing has been published yet, so there is nothing to roll back to.")
        if not rollback_gateway(settings, generation):
            registry.rollback(generation)
        live = registry.live()
        if live is None or live.id == before.id:
            raise PublishError(
                "The live model did not change. `python -m flows doctor` checks the generations."
            )
        registry.set_status(before.id, "retired")
        days = reopened(settings, live)
    return f"Generation {live.id} is live again. Pending again: {', '.join(map(str, days)) or 'no day'}."


def reopened(settings: Settings, live: Generation) -> list[date]:
    """Return the published nights after `live` to pending."""
    with Store(settings.database) as store:
        days = [
            row.night
            for row in store.nights.all()
            if row.status == "published" and str(row.night) > live.night
        ]
        store.nights.reopen(days, f"Rolled back to generation {live.id}.")
    return days


def as_one_file(settings: Settings, out: Path, generation: str | None) -> str:
    """Write the live or the named generation as one file, readable by its owner; a line for the person."""
    registry = Registry(settings.models)
    chosen = registry.get(generation) if generation else registry.live()
    if chosen is None:
        raise BadInput("Nothing has been published yet, so there is no model of yours to write.")
    registry.verify(chosen)
    try:
        out.touch(mode=0o600, exist_ok=False)
    except FileExistsError as error:
        raise BadInput(f"{out} is there already. Choose another name.") from error
    try:
        joined(chosen.gguf, out)
    except NocturneError:
        out.unlink()
        raise
    return f"{out} is generation {chosen.id} in one file. It holds what you told."


def examine_live() -> list[str]:
    """Names of the gates the live file fails on the larger panel; its digest is verified first."""
    settings = load_settings()
    registry = Registry(settings.models)
    live = registry.live()
    if live is None:
        raise BadInput("Nothing has been published yet, so there is nothing to audit.")
    registry.verify(live)
    night = Night.parse(live.night, settings.zone)
    base = prepare_base(settings.recipe.preset, settings.models)
    with Store(settings.database) as store:
        memories, dreams = store.memories.curated(night), store.dreams.all(night)
    asked = probes.night_probes(dreams, memories, settings.recipe.gates, stage=2)
    after = ask_file(live.gguf, live.digest, asked, settings, run=f"audit-{live.id}")
    before = ask_file(base.gguf, base.digest, asked, settings, run="audit-base")
    parity = live.manifest.get("extra", {}).get("parity")
    g = settings.recipe.gates
    return gates.failing(gates.examine(after, before, None, g, parity=parity), g.advisory)
