"""The morning report: what a night learned, missed and dropped, as one page that loads nothing.

Chat text on the page is untrusted: the template escapes everything and the page's policy forbids
scripts, frames and every request. With excerpts switched off memories appear by their id alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.records import Answer, Dream, GateResult, Memory, Reject, Turn, Verdict

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = Path(__file__).resolve().parent / "report.html"
EXCERPT = 140
MOST_ROWS = 200
RECALL = frozenset({"direct", "paraphrase", "list"})


@dataclass(frozen=True)
class Material:
    """Everything a report is made of."""

    night: str
    status: str
    message: str
    generation: str
    recipe: str
    memories: Sequence[Memory]
    verdicts: Sequence[Verdict]
    turns: Mapping[str, Turn]
    dreams: Sequence[Dream]
    answers: Sequence[Answer]
    gates: Sequence[GateResult]
    stages: Mapping[str, Mapping[str, Any]]
    rejects: Sequence[Reject] = ()
    quarantine: Sequence[tuple[str, str, str]] = ()
    megabytes: int = 0
    excerpts: bool = True
    tried: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    left_out: Sequence[str] = ()


def render(material: Material) -> str:
    """The page as HTML."""
    return _template(TEMPLATE.read_text(encoding="utf-8")).render(r=page(material))


@lru_cache(maxsize=2)
def _template(source: str) -> Template:
    from jinja2 import Environment, StrictUndefined

    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)


def funnel(material: Material) -> list[dict[str, Any]]:
    """Turns told and kept, then memories extracted, dreamt, learned and recalled."""
    current = [memory for memory in material.memories if memory.active]
    dreamt = {one for dream in material.dreams if dream.verified for one in dream.memory_ids}
    right, asked = recalled(material.answers)
    counts = [
        ("told", len(material.verdicts), "turns"),
        ("kept", sum(verdict.kept for verdict in material.verdicts), "turns"),
        ("extracted", sum(str(m.told) == material.night for m in current), "memories"),
        ("known in all", len(current), "memories"),
        ("dreamt", sum(memory.id in dreamt for memory in current), "memories"),
        ("recalled at all", sum(right[memory.id] > 0 for memory in current), "memories"),
        ("recalled always", sum(0 < asked[m.id] == right[m.id] for m in current), "memories"),
    ]
    most = max([count for _, count, _ in counts] + [1])
    return [
        {"name": name, "count": count, "unit": unit, "percent": round(100 * count / most, 1)}
        for name, count, unit in counts
    ]


def recalled(answers: Sequence[Answer]) -> tuple[Counter[str], Counter[str]]:
    """(right, asked) held-out recall questions per memory id."""
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for answer in answers:
        if answer.probe.kind in RECALL and answer.probe.memory_id:
            asked[answer.probe.memory_id] += 1
            right[answer.probe.memory_id] += answer.outcome == "right"
    return right, asked


def page(material: Material) -> dict[str, Any]:
    """The values the template shows."""
    rows = _memory_rows(material)
    train = material.stages.get("train", {}).get("figures", {})
    seconds = sum(stage["seconds"] for stage in material.stages.values())
    model = sum(stage["model_seconds"] for stage in material.stages.values())
    return {
        "night": material.night,
        "status": material.status,
        "message": _message(material),
        "excerpts": material.excerpts,
        "generation": material.generation,
        "recipe": material.recipe,
        "nothing_learned": _nothing_learned(material),
        "funnel": funnel(material),
        "gates": material.gates,
        "tried": material.tried,
        "left_out": [row["text"] for row in rows if row["state"] == "left out"],
        "learned": [row for row in rows if row["asked"] and 2 * row["right"] >= row["asked"]][:MOST_ROWS],
        "missed": [row for row in rows if not row["asked"] or 2 * row["right"] < row["asked"]][:MOST_ROWS],
        "changed": _changed_rows(material),
        "verdicts": verdict_rows(material.verdicts),
        "dropped": _dropped_rows(material),
        "rejects": [
            {"where": f"{Path(r.file).name}:{r.locator}", "reason": r.reason} for r in material.rejects
        ],
        "quarantine": [
            {"suite": suite, "row": row, "reason": reason} for suite, row, reason in material.quarantine
        ],
        "dreams": dream_rows(material.dreams),
        "dream_examples": _dream_examples(material),
        "times": _times(material.stages),
        "seconds": seconds,
        "overhead": seconds - model,
        "megabytes": material.megabytes,
        **_loss(train),
    }


def verdict_rows(verdicts: Sequence[Verdict]) -> list[dict[str, Any]]:
    """Verdicts grouped by reason, kept ones first, without any text."""
    groups = Counter((verdict.kept, verdict.reason) for verdict in verdicts)
    ordered = sorted(groups.items(), key=lambda item: (-item[0][0], -item[1], item[0][1]))
    return [{"kept": kept, "reason": reason, "turns": count} for (kept, reason), count in ordered]


def dream_rows(dreams: Sequence[Dream]) -> list[dict[str, Any]]:
    """Dreams counted by kind, with how many verification refused."""
    made = Counter(one.kind for one in dreams)
    refused = Counter(one.kind for one in dreams if not one.verified)
    return [{"kind": kind, "dreamt": made[kind], "refused": refused[kind]} for kind in sorted(made)]


def _text(material: Material, text: str, name: str) -> str:
    if not material.excerpts:
        return name
    line = " ".join(text.split())
    return line if len(line) <= EXCERPT else line[: EXCERPT - 1] + "…"


def _memory_rows(material: Material) -> list[dict[str, Any]]:
    right, asked = recalled(material.answers)
    said: dict[str, str] = {}
    for answer in material.answers:
        if answer.probe.kind in RECALL and answer.probe.memory_id and answer.outcome != "right":
            said.setdefault(answer.probe.memory_id, answer.text)
    return [
        {
            "text": _text(material, memory.statement, memory.id),
            "state": "left out" if memory.id in material.left_out else memory.state,
            "right": right[memory.id],
            "asked": asked[memory.id],
            "said": _text(material, said.get(memory.id, ""), ""),
        }
        for memory in material.memories
        if memory.active
    ]


def _changed_rows(material: Material) -> list[dict[str, Any]]:
    return [
        {"text": _text(material, memory.statement, memory.id) or memory.id, "state": memory.state}
        for memory in material.memories
        if not memory.active
    ][:MOST_ROWS]


def _dropped_rows(material: Material) -> list[dict[str, Any]]:
    if not material.excerpts:
        return []
    dropped = [
        verdict for verdict in material.verdicts if not verdict.kept and verdict.turn_id in material.turns
    ]
    return [
        {
            "text": _text(material, material.turns[verdict.turn_id].text, verdict.turn_id),
            "reason": verdict.reason,
        }
        for verdict in dropped[:MOST_ROWS]
    ]


def _dream_examples(material: Material) -> list[dict[str, Any]]:
    if not material.excerpts:
        return []
    seen: Counter[str] = Counter()
    chosen = []
    for dream in material.dreams:
        if dream.split != "test" and seen[dream.kind] < 4:
            seen[dream.kind] += 1
            chosen.append(
                {
                    "question": _text(material, dream.question, dream.id),
                    "answer": _text(material, dream.answer, ""),
                    "kind": dream.kind,
                    "refused": _text(material, dream.refused, ""),
                }
            )
    return chosen


def _message(material: Material) -> str:
    """The night's message without the status it may begin with, which stands before it on the page."""
    rest = material.message.removeprefix(f"{material.status.capitalize()}: ")
    return rest[:1].upper() + rest[1:]


def _nothing_learned(material: Material) -> str:
    """Why the day left nothing behind, or an empty text when a memory of that day was recalled.

    Memories of earlier days that are still recalled do not hide a day from which nothing was learned.
    """
    right, _ = recalled(material.answers)
    active = [memory for memory in material.memories if memory.active]
    today = [memory for memory in active if str(memory.told) == material.night]
    if any(right[memory.id] for memory in today):
        return ""
    earlier = sum(right[memory.id] > 0 for memory in active)
    still = f" {earlier} earlier memories are still known." if earlier else ""
    if not material.verdicts:
        return f"There was no chat on that day.{still}"
    if not today:
        return f"No exchange of the day held anything new worth remembering.{still}"
    why = "The gates say why." if material.gates else "No examination was held."
    return f"No question about the {len(today)} memories of the day was answered right. {why}{still}"


def _times(stages: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    longest = max([stage["seconds"] for stage in stages.values()] + [0.001])
    return [
        {"name": name, "seconds": stage["seconds"], "percent": round(100 * stage["seconds"] / longest, 1)}
        for name, stage in stages.items()
    ]


def _loss(train: Mapping[str, Any]) -> dict[str, Any]:
    losses = list(train.get("losses", ()))
    if len(losses) < 2:
        return {"loss_points": "", "loss_first": 0.0, "loss_last": 0.0, "steps": 0}
    top = max(losses) or 1.0
    points = " ".join(
        f"{640 * place / (len(losses) - 1):.1f},{140 - 120 * loss / top:.1f}"
        for place, loss in enumerate(losses)
    )
    return {
        "loss_points": points,
        "loss_first": losses[0],
        "loss_last": losses[-1],
        "steps": train.get("steps", 0),
    }
