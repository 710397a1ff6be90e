"""Whether the card and the processor train alike: one batch's loss and gradient, and a night's recall.

Each tier runs in a process of its own and leaves what it found beside the model; the second one compares.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.gpu_model import SHAPES, token_rows
from benchmarks.night_rows import PERSONA, Night, make_night
from data.settings import Train
from models.dequantize import dequantize
from models.grounding import greedy
from models.preset import load_preset
from models.source import find
from models.trainer import train
from quality.scoring import contains, normalise

RECALL_POINTS = 3.0
ANSWER_TOKENS, ASKED_AT_ONCE = 24, 30


@dataclass(frozen=True)
class Master:
    """The weights both tiers train over."""

    hf: Path
    digest: str
    template_arguments: Mapping[str, Any] | None = None


def agree_part(folder: Path, device: str) -> dict[str, Any]:
    """Loss and gradient of one batch with the same adapter, on the processor first and then on the card."""
    import torch

    from models.learner import batch_loss, references

    s = Train(batch_rows=8, load_in_4bit=False, threads=4, first_layer=0.0)  # the card adapts every layer
    words = SHAPES["small"]["vocab_size"]
    rows = [*token_rows(4, words), *token_rows(8, words, "kl")[4:]]
    student = student_of(folder, rows, s, device)
    draw = torch.Generator().manual_seed(3)
    for name in sorted(student.parameters):
        weight = student.parameters[name]
        weight.data.copy_(0.02 * torch.randn(weight.shape, generator=draw))
    before = references(student, rows, s.batch_rows, lambda share, text: None)
    outcome = batch_loss(student, student.pack(rows), before, s.kl_weight)
    outcome.total.backward()
    gradient = torch.cat(
        [student.parameters[name].grad.flatten().cpu() for name in sorted(student.parameters)]
    )
    loss = float(outcome.total.detach())
    if device == "cpu":
        torch.save({"loss": loss, "gradient": gradient}, folder / "cpu.pt")
        return {"loss": round(loss, 5)}
    other = torch.load(folder / "cpu.pt", weights_only=True)
    alike = torch.nn.functional.cosine_similarity(gradient, other["gradient"], dim=0)
    return {"loss": round(loss, 5), "cpu": round(other["loss"], 5), "gradient_cosine": round(float(alike), 5)}


def student_of(folder: Path, rows: Sequence[Any], s: Train, device: str) -> Any:
    """The tier of that device with `rows` made ready."""
    if device == "cpu":
        from models.trl_backend import CpuStudent

        student = CpuStudent(folder, s, 1, half=False)
        student.prepare(rows, lambda share, text: None)
        return student
    from models.unsloth_backend import UnslothStudent

    found = UnslothStudent(folder, rows, s, 1, device=f"{device}:0")
    found.prepare(rows, lambda share, text: None)
    return found


def recall_part(folder: Path, device: str) -> dict[str, Any]:
    """Recall of SmolLM2 after the same night on this tier, beside the other one's where that is known."""
    night = make_night({}, grounding=0, untold=60)
    s = Train(load_in_4bit=False, first_layer=0.0, backend="trl" if device == "cpu" else "unsloth")
    tier = "cpu" if device == "cpu" else "card"
    other = None if device == "cpu" else folder / "cpu.json"
    return trained_recall(smollm2(folder), night, s, folder, tier, device, other)


def smollm2(folder: Path) -> Master:
    """The packaged model in 16 bits, unpacked once for both tiers."""
    found = find(load_preset("smollm2-135m").source, fetch=False)
    assert found.gguf is not None
    hf = folder / "hf"
    if not (hf / "config.json").is_file():
        dequantize(found.gguf, hf)
    return Master(hf, found.gguf.name)


def trained_recall(
    master: Master, night: Night, s: Train, folder: Path, tier: str, device: str, other: Path | None
) -> dict[str, Any]:
    """Train `night`, ask what was told in words never trained, keep the verdicts as `tier`, compare."""
    trained = train(night.rows, master, folder / tier, s, seed=1)
    answers = answers_with(master.hf, trained.adapter, [question for question, _ in night.told], device)
    right = [
        contains(normalise(said), [normalise(value)])
        for said, (_, value) in zip(answers, night.told, strict=True)
    ]
    (folder / f"{tier}.json").write_text(json.dumps(right), encoding="utf-8")
    found: dict[str, Any] = {
        "backend": trained.backend,
        "questions": len(right),
        "recall": round(sum(right) / len(right), 4),
        "train_s": round(trained.seconds, 1),
        "steps": trained.steps,
    }
    if other is None:
        return found
    if not other.is_file():
        return {**found, "not_compared": "the other tier left no answers"}
    before = json.loads(other.read_text(encoding="utf-8"))
    apart = 100.0 * abs(sum(right) - sum(before)) / len(right)
    return {
        **found,
        "other_recall": round(sum(before) / len(before), 4),
        "points_apart": round(apart, 2),
        "same_verdict": round(sum(a == b for a, b in zip(right, before, strict=True)) / len(right), 4),
        "agrees": apart <= RECALL_POINTS,
    }


def answers_with(hf: Path, adapter: Path, questions: Sequence[str], device: str) -> list[str]:
    """Greedy answers of the model with its adapter, by plain PEFT whatever tier trained it."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = AutoModelForCausalLM.from_pretrained(hf, dtype=torch.float32, local_files_only=True)
    model = PeftModel.from_pretrained(base, str(adapter)).to(device).eval()
    tokenizer = AutoTokenizer.from_pretrained(hf, local_files_only=True)
    answers: list[str] = []
    for low in range(0, len(questions), ASKED_AT_ONCE):
        answers += greedy(model, tokenizer, questions[low : low + ASKED_AT_ONCE], PERSONA, ANSWER_TOKENS)
    return answers
