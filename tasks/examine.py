"""Export the adapter and examine the very file that would be served, scale by scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import task

from data.errors import ModelFileError
from data.night import Night
from data.records import MODEL, Answer, Dream, GateResult, Memory, Probe
from data.settings import Settings, load_settings
from data.store import Store
from models import gguf
from models.base import Base, prepare_base
from models.gguf_parts import moved
from models.registry import Record, Registry
from quality import gates, probes
from quality.drift import drift
from tasks import artifacts
from tasks.asking import ask_file, recorded
from tasks.common import STAGE, Plan, Stopwatch, digest, stage


@task(name="examine", **STAGE)
def examine(plan: Plan, adapter: str, mixture: str, upstream: str) -> dict[str, Any]:
    """Find the first format and scale whose file passes every gate; the best failing one is kept as rejected.

    A file that fails is asked a second, larger panel before it is blocked.
    """
    with stage(plan, "examine") as (settings, night, watch, figures):
        base = prepare_base(plan.recipe.preset, settings.models)
        with Store(settings.database) as store:
            memories = [m for m in store.memories.curated(night) if m.id not in plan.left_out]
            dreams = store.dreams.all(night)
            history = store.nights.published_gates(night)
        tried: list[dict[str, Any]] = []
        for quant in plan.recipe.publish.quants:
            for scale in plan.recipe.publish.scales:
                found = _attempt(
                    plan,
                    settings,
                    night,
                    base,
                    Path(adapter),
                    quant,
                    scale,
                    (dreams, memories),
                    history,
                    watch,
                )
                failed = gates.failing(found.results, plan.recipe.gates.advisory)
                tried.append({"quant": quant, "scale": scale, "failed": failed})
                artifacts.gate_table(plan, found.results)
                # A gentler adapter can win back what was lost, but never teaches what was not learnt.
                if found.passed or "recall" in failed:
                    break
            if found.passed:
                break
        generation = _keep(plan, settings, night, base, found, memories, mixture)
        figures |= {"tried": tried, "passed": found.passed, "seconds": dict(found.export.seconds)}
    return {
        "generation": generation,
        "digest": found.export.sha256[:16],
        "passed": found.passed,
        "failed": failed,
        "alarms": [
            result.name for result in found.results if not result.passed and result.name not in failed
        ],
        "left_out": list(plan.left_out),
        "tried": tried,
    }


@dataclass(frozen=True)
class _Attempt:
    """One exported file with its answers and verdicts."""

    export: gguf.Export
    answers: Sequence[Answer]
    results: Sequence[GateResult]
    passed: bool


def _attempt(
    plan: Plan,
    settings: Settings,
    night: Night,
    base: Base,
    adapter: Path,
    quant: str,
    scale: float,
    ledger: tuple[Sequence[Dream], Sequence[Memory]],
    history: Sequence[Mapping[str, GateResult]],
    watch: Stopwatch,
) -> _Attempt:
    out = settings.night_work(night) / f"candidate-{quant}-{scale}.gguf"
    shown = artifacts.Progress(plan, "export", "Merge, quantize")
    with watch.model():
        export = gguf.export(base, adapter, out, quant, scale, shown, apart=True)
    advisory = plan.recipe.gates.advisory
    for panel in (1, 2):
        asked = probes.night_probes(*ledger, plan.recipe.gates, stage=panel)
        with watch.model():
            before = ask_file(
                base.gguf, base.digest, asked, settings, run=f"base-{night}", progress=_bar(plan, "base")
            )
            bar = _bar(plan, "candidate")
            after = ask_file(export.path, export.sha256, asked, settings, run=f"night-{night}", progress=bar)
        live = _live(settings, asked)
        results = gates.examine(after, before, live, plan.recipe.gates, parity=export.parity)
        if gates.passed(results, advisory) or "recall" in gates.failing(results, advisory):
            break
    results = [*results, drift(history, results, plan.recipe.gates)]
    _record(settings, night, export.sha256, base.digest, after, before, results)
    return _Attempt(export, after, results, gates.passed(results, advisory))


def _bar(plan: Plan, who: str) -> artifacts.Progress:
    return artifacts.Progress(plan, f"examine-{who}", f"Examining the {who}")


def _live(settings: Settings, asked: Sequence[Probe]) -> list[Answer] | None:
    live = Registry(settings.models).live()
    return recorded(live.digest, asked, settings) if live else None


def _record(
    settings: Settings,
    night: Night,
    candidate: str,
    base_digest: str,
    after: Sequence[Answer],
    before: Sequence[Answer],
    results: Sequence[GateResult],
) -> None:
    with Store(settings.database) as store, store.transaction():
        store.nights.replace_answers(night, candidate[:16], after)
        store.nights.replace_answers(night, "base", before)
        store.nights.replace_gates(night, candidate[:16], results)


def _keep(
    plan: Plan,
    settings: Settings,
    night: Night,
    base: Base,
    found: _Attempt,
    memories: Sequence[Memory],
    mixture: str,
) -> str:
    """Commit the examined file as a generation, its manifest last; returns the generation's id."""
    registry = Registry(settings.models)
    work = registry.create(night.id)
    moved(found.export.path, work / MODEL)
    record = Record(
        base=base.digest,
        adapter=found.export.adapter,
        recipe=plan.recipe.digest,
        mixture=mixture,
        memories=digest(sorted(memory.id for memory in memories if memory.active)),
        seed=night.seed,
        quant=found.export.quant,
        scale=found.export.scale,
        gates=found.results,
        extra={"parity": dict(found.export.parity), "rung": plan.rung, "left_out": list(plan.left_out)},
    )
    generation = registry.commit(work, night.id, record, "candidate" if found.passed else "rejected")
    return generation.id


def generation_is_there(result: dict[str, Any]) -> bool:
    """Whether the generation a remembered examination names is on disk and unchanged."""
    registry = Registry(load_settings().models)
    if not any(one.id == result["generation"] for one in registry.all()):
        return False
    try:
        registry.verify(registry.get(result["generation"]))
    except ModelFileError:
        return False
    return True
