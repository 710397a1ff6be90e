"""Training rates on a card: our loop on Unsloth, stock Unsloth, and plain transformers with PEFT.

Every engine takes the same rows of token ids. The device is an argument, so that a processor can run
whatever needs no card.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.gpu_model import WORDS, token_rows
from data.settings import Train

ROWS_PER_NIGHT, PASSES, STEPS = 1600, 4, 10
Step = Callable[[Sequence[Any]], None]


def recipe(device: str) -> Train:
    """What every engine trains with; 16-bit LoRA on a processor or where bitsandbytes is missing."""
    quantized = device != "cpu" and find_spec("bitsandbytes") is not None
    return Train(rate=1e-4, outer_rate=1.0, batch_rows=16, load_in_4bit=quantized)


def limit_memory(gigabytes: int) -> None:
    """Let this process have as much of the card as a card of that size would leave it."""
    import torch

    whole = torch.cuda.get_device_properties(0).total_memory / 2**30
    torch.cuda.set_per_process_memory_fraction(min(1.0, (gigabytes - 0.6) / whole))


def train_part(engine: str, folder: Path, gigabytes: int, device: str, steps: int = STEPS) -> dict[str, Any]:
    """Rates and memory of `steps` steps of one engine over the same rows, after two to warm up."""
    import torch

    on_card = device != "cpu"
    if on_card:
        limit_memory(gigabytes)
    s = recipe(device)
    size = s.batch_rows
    words = json.loads((folder / "config.json").read_text(encoding="utf-8"))["vocab_size"]
    rows = token_rows(size * (steps + 2), min(words, WORDS))
    step = {"unsloth": our_step, "stock": stock_step, "peft": peft_step}[engine](folder, rows, s, device)
    for warm in range(2):
        step(rows[warm * size : (warm + 1) * size])
    if on_card:
        torch.cuda.synchronize()
        torch.cuda.reset_peak_memory_stats()
    started = time.perf_counter()
    for number in range(2, steps + 2):
        step(rows[number * size : (number + 1) * size])
    if on_card:
        torch.cuda.synchronize()
    seconds = time.perf_counter() - started
    done = rows[2 * size :]
    tokens = sum(len(row.prefix) + len(row.own) for row in done)
    return {
        "bits": 4 if s.load_in_4bit else 16,
        "tokens_per_s": round(tokens / seconds, 1),
        "rows_per_s": round(len(done) / seconds, 2),
        "peak_gb": round(torch.cuda.max_memory_reserved() / 2**30, 2) if on_card else None,
        "night_train_s": round(PASSES * ROWS_PER_NIGHT * seconds / len(done), 1),
        "tflops": round(_operations(folder, tokens) / seconds / 1e12, 2),
    }


def _operations(folder: Path, tokens: int) -> float:
    """Frozen-weight operations of forward and input gradient, without recomputation."""
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    width, inner = config["hidden_size"], config["intermediate_size"]
    heads, keys = config["num_attention_heads"], config["num_key_value_heads"]
    layer = width * config["head_dim"] * (2 * heads + 2 * keys) + 3 * width * inner
    return 4.0 * tokens * layer * config["num_hidden_layers"]


def our_step(folder: Path, rows: Sequence[Any], s: Train, device: str) -> Step:
    """One step of our loop: packed rows, logits at answers only."""
    import torch

    from models.learner import batch_loss
    from models.unsloth_backend import UnslothStudent

    student = UnslothStudent(folder, rows, s, 1, device=f"{device}:0")
    optimizer = torch.optim.AdamW(list(student.parameters.values()), lr=s.rate)

    def step(chosen: Sequence[Any]) -> None:
        batch_loss(student, student.pack(chosen), {}, 1.0).total.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def stock_step(folder: Path, rows: Sequence[Any], s: Train, device: str) -> Step:
    """One step as Unsloth's own fine-tuning makes it: padded rows, its fused loss."""
    import unsloth

    from models.unsloth_backend import adapter_arguments, load_arguments

    loader = unsloth.FastLanguageModel
    model, _ = loader.from_pretrained(**load_arguments(folder, s, 1, 2048))
    model = loader.get_peft_model(model, **adapter_arguments(s, 1))
    loader.for_training(model)
    return padded_step(model, s, device)


def peft_step(folder: Path, rows: Sequence[Any], s: Train, device: str) -> Step:
    """One step of plain transformers and PEFT."""
    import torch
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    from models.targets import TARGETS

    loading: dict[str, Any] = {"dtype": torch.bfloat16, "device_map": {"": device}, "local_files_only": True}
    if s.load_in_4bit:
        loading["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    model = AutoModelForCausalLM.from_pretrained(folder, **loading)
    if s.load_in_4bit:
        model = prepare_model_for_kbit_training(model)
    adapter = LoraConfig(
        r=s.rank, lora_alpha=s.alpha, target_modules=list(TARGETS[s.targets]), task_type="CAUSAL_LM"
    )
    return padded_step(get_peft_model(model, adapter).train(), s, device)


def padded_step(model: Any, s: Train, device: str) -> Step:
    """A step over rows filled up to the longest, the loss on their answers."""
    import torch

    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=s.rate)

    def step(chosen: Sequence[Any]) -> None:
        whole = [row.prefix + row.prompt + row.answer for row in chosen]
        longest = max(map(len, whole))
        rest = [longest - len(row) for row in whole]
        ids = [[*row, *[0] * gap] for row, gap in zip(whole, rest, strict=True)]
        labels = [
            [*[-100] * (len(ids[at]) - gap - len(row.answer)), *row.answer, *[-100] * gap]
            for at, (row, gap) in enumerate(zip(chosen, rest, strict=True))
        ]
        mask = [[1] * len(row) + [0] * gap for row, gap in zip(whole, rest, strict=True)]
        given = {"input_ids": ids, "labels": labels, "attention_mask": mask}
        tensors = {name: torch.tensor(values, device=device) for name, values in given.items()}
        with torch.autocast(device, torch.bfloat16):
            model(**tensors).loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step
