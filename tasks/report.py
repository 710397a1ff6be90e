"""Write the morning report and the same as Prefect artifacts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import task

from data.night import Night
from data.settings import Settings
from data.store import Store
from quality.report import Material, funnel, render
from tasks import artifacts
from tasks.common import Plan, stage


@task(name="report")
def report(plan: Plan, outcome: dict[str, Any]) -> dict[str, Any]:
    """Write `reports/<night>.html` and the funnel as an artifact."""
    with stage(plan, "report") as (settings, night, _, figures):
        material = gather(plan, settings, night, outcome)
        path = write(settings.reports / f"{night}.html", render(material))
        artifacts.table(plan, "funnel", funnel(material), "From told to recalled")
        figures |= {"bytes": path.stat().st_size}
    return {"path": str(path)}


def gather(plan: Plan, settings: Settings, night: Night, outcome: dict[str, Any]) -> Material:
    """Everything the report shows, read from the store."""
    with Store(settings.database) as store:
        verdicts = store.memories.verdicts(night)
        turns = {turn.id: turn for turn in store.turns.get([verdict.turn_id for verdict in verdicts])}
        stages = store.nights.stages(night)
        digest = outcome.get("digest", "")
        return Material(
            night=night.id,
            status=outcome["status"],
            message=outcome["message"],
            generation=outcome.get("generation") or "",
            recipe=plan.recipe.digest,
            memories=store.memories.all(night),
            verdicts=verdicts,
            turns=turns,
            dreams=store.dreams.all(night),
            answers=store.nights.answers(night, digest),
            gates=store.nights.gates(night, digest),
            stages=stages,
            rejects=store.turns.rejects(),
            quarantine=store.nights.quarantine(night),
            megabytes=disk(settings.home),
            excerpts=settings.report.excerpts,
            left_out=outcome.get("left_out", ()),
            tried=stages.get("examine", {}).get("figures", {}).get("tried", ()),
        )


def disk(home: Path) -> int:
    """Megabytes in the home folder."""
    return round(sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) / 1e6)


def write(path: Path, text: str) -> Path:
    """Write a file of the person's own, readable by them alone, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.chmod(0o600)
    part.replace(path)
    return path
