"""One bounded run on a card: `python -m benchmarks.gpu_night [--json]`; at most eight minutes.

Builds random models in the shape of Qwen3-4B and 8B, so nothing is downloaded, and holds the process to
12, 16 and 24 GB. Reports training rates of Unsloth through our loop and of plain transformers with PEFT
over the same rows, peak memory, the training time of a hundred memories, the share of the card's bf16
matmul rate, and what merging and quantizing cost per billion parameters. Every part is a process of
its own with a deadline; a part that fails or does not fit says so and the others go on. Without CUDA it
ends with code 2.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from data.settings import CHECKOUT, Train
from models.unsloth_backend import child_environment

LIMIT_SECONDS = 460.0
ROWS_PER_NIGHT = 1600
PASSES = 4
CARDS_GB = {"4b": (12,), "8b": (16, 24)}
SHAPES = {
    "4b": {
        "hidden_size": 2560,
        "intermediate_size": 9728,
        "num_hidden_layers": 36,
        "num_attention_heads": 32,
    },
    "8b": {
        "hidden_size": 4096,
        "intermediate_size": 12288,
        "num_hidden_layers": 36,
        "num_attention_heads": 32,
    },
}
WORDS = 151_936
PART_SECONDS = 110.0


def build(shape: str, folder: Path) -> float:
    """A random Qwen3 of the given shape in bf16 with a word-free tokenizer, on disk; its billions."""
    import torch
    from transformers import Qwen3Config, Qwen3ForCausalLM

    config = Qwen3Config(
        **SHAPES[shape],
        vocab_size=WORDS,
        num_key_value_heads=8,
        head_dim=128,
        max_position_embeddings=4096,
        tie_word_embeddings=shape == "4b",
    )
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        model = Qwen3ForCausalLM(config)
    model.cpu().save_pretrained(folder, max_shard_size="4GB")
    _tokenizer().save_pretrained(folder)
    return sum(p.numel() for p in model.parameters()) / 1e9


def _tokenizer() -> Any:
    """A tokenizer that loaders accept; the rows are token ids already."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from transformers import PreTrainedTokenizerFast

    special = {"<|endoftext|>": 0, "<|im_end|>": 1, "<|unk|>": 2}
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(WordLevel(special, unk_token="<|unk|>")),
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        unk_token="<|unk|>",
    )


def token_rows(count: int) -> list[Any]:
    """Rows of the lengths a night has: 30 shared prompt tokens, 18 own, an answer of 9; random ids."""
    import random

    from models.packing import Row

    draw = random.Random(1)
    prefix = tuple(draw.randrange(1000, 100_000) for _ in range(30))

    def some(mean: int) -> tuple[int, ...]:
        return tuple(draw.randrange(1000, 100_000) for _ in range(max(2, mean + draw.randrange(-4, 5))))

    rows = []
    for number in range(count):
        answer = some(9)
        rows.append(
            Row(
                f"r{number}",
                f"m{number // 16}",
                "direct",
                "ce",
                prefix,
                some(18),
                answer,
                (1.0,) * len(answer),
            )
        )
    return rows


def limit_memory(gigabytes: int) -> None:
    """Let this process have as much of the card as a card of that size would leave it."""
    import torch

    whole = torch.cuda.get_device_properties(0).total_memory / 2**30
    torch.cuda.set_per_process_memory_fraction(min(1.0, (gigabytes - 0.6) / whole))


def train_part(engine: str, folder: Path, gigabytes: int, steps: int) -> dict[str, Any]:
    """Rates and memory of `steps` steps of one engine over the same rows."""
    import torch

    limit_memory(gigabytes)
    s = Train(rate=1e-4, batch_rows=16)
    rows = token_rows(s.batch_rows * (steps + 2))
    step = _stepper(engine, folder, rows, s)
    size = s.batch_rows
    for warm in range(2):
        step(rows[warm * size : (warm + 1) * size])
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    started = time.perf_counter()
    for number in range(2, steps + 2):
        step(rows[number * size : (number + 1) * size])
    torch.cuda.synchronize()
    seconds = time.perf_counter() - started
    done = rows[2 * size : (steps + 2) * size]
    tokens = sum(len(row.prefix) + len(row.own) for row in done)
    return {
        "tokens_per_s": round(tokens / seconds, 1),
        "rows_per_s": round(len(done) / seconds, 2),
        "peak_gb": round(torch.cuda.max_memory_reserved() / 2**30, 2),
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


def _stepper(engine: str, folder: Path, rows: Sequence[Any], s: Train) -> Any:
    import torch

    if engine == "unsloth":
        from models.loop import batch_loss
        from models.unsloth_backend import UnslothStudent

        student = UnslothStudent(folder, rows, s, 1)
        optimizer = torch.optim.AdamW(list(student.parameters.values()), lr=s.rate)

        def ours(chosen: Sequence[Any]) -> None:
            batch_loss(student, student.pack(chosen), {}, 1.0).total.backward()
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)

        return ours
    model = _peft_model(folder, s)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=s.rate)

    def padded(chosen: Sequence[Any]) -> None:
        whole = [row.prefix + row.prompt + row.answer for row in chosen]
        longest = max(map(len, whole))
        ids = torch.tensor([(*row, *[0] * (longest - len(row))) for row in whole], device="cuda")
        labels = torch.full_like(ids, -100)
        for at, row in enumerate(chosen):
            labels[at, len(whole[at]) - len(row.answer) : len(whole[at])] = ids[
                at, len(whole[at]) - len(row.answer) : len(whole[at])
            ]
        with torch.autocast("cuda", torch.bfloat16):
            model(input_ids=ids, attention_mask=ids > 0, labels=labels).loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return padded


def _peft_model(folder: Path, s: Train) -> Any:
    """The 4-bit model with the same adapter as plain transformers and PEFT load it."""
    import torch
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    from models.targets import TARGETS

    quantization = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=torch.bfloat16,
    )
    model = AutoModelForCausalLM.from_pretrained(
        folder, quantization_config=quantization, device_map={"": 0}, local_files_only=True
    )
    model = prepare_model_for_kbit_training(model)
    adapter = LoraConfig(r=s.rank, lora_alpha=s.alpha, target_modules=list(TARGETS[s.targets]))
    return get_peft_model(model, adapter).train()


def export_part(folder: Path) -> dict[str, Any]:
    """Merge and Q8_0 seconds per billion parameters on the processor, on a quarter of the matrices."""
    import gguf
    import numpy
    import torch
    from safetensors import safe_open

    merged = quantized = 0.0
    count = 0
    for shard in sorted(folder.glob("*.safetensors")):
        with safe_open(shard, framework="pt") as file:
            names = [name for name in file.keys() if name.endswith("_proj.weight")][::4]  # noqa: SIM118
            for name in names:
                weight = file.get_tensor(name)
                low, high = torch.randn(weight.shape[0], 16), torch.randn(16, weight.shape[1])
                started = time.perf_counter()
                whole = weight.float().addmm_(low, high, alpha=1e-3).half().numpy()
                merged += time.perf_counter() - started
                started = time.perf_counter()
                gguf.quants.quantize(whole.astype(numpy.float32), gguf.GGMLQuantizationType.Q8_0)
                quantized += time.perf_counter() - started
                count += whole.size
    return {
        "merge_s_per_billion": round(merged / count * 1e9, 1),
        "q8_0_s_per_billion": round(quantized / count * 1e9, 1),
    }


def matmul_limit() -> float:
    """The card's measured bf16 rate on 8192-wide squares, in TFLOP/s."""
    import torch

    left = torch.randn(8192, 8192, dtype=torch.bfloat16, device="cuda")
    best = float("inf")
    for _ in range(6):
        torch.cuda.synchronize()
        started = time.perf_counter()
        left @ left
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    return 2.0 * 8192**3 / best / 1e12


def part(words: Sequence[str], folder: Path, deadline: float) -> dict[str, Any]:
    """One measurement in a process of its own; what went wrong instead of figures when it did."""
    left = min(PART_SECONDS, deadline - time.monotonic())
    if left < 15:
        return {"skipped": "no time left"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.gpu_night", "--part", *words],
            cwd=CHECKOUT,
            env=child_environment(folder / "caches"),
            capture_output=True,
            text=True,
            timeout=left,
        )
    except subprocess.TimeoutExpired:
        return {"failed": f"more than {left:.0f} s"}
    lines = done.stdout.strip().splitlines()
    if done.returncode == 0 and lines:
        return dict(json.loads(lines[-1]))
    reason = [line for line in done.stderr.splitlines() if line.strip()][-1:] or ["no message"]
    return {"failed": reason[0][:300]}


def night(folder: Path) -> dict[str, Any]:
    """All parts within the limit."""
    import torch

    deadline = time.monotonic() + LIMIT_SECONDS
    limit = matmul_limit()
    figures: dict[str, Any] = {
        "benchmark": "gpu_night",
        "card": torch.cuda.get_device_name(0),
        "bf16_tflops": round(limit, 1),
    }
    for shape, cards in CARDS_GB.items():
        place = folder / shape
        figures[shape] = part(["build", shape, str(place), "0"], folder, deadline)
        for gigabytes in cards:
            engines = ("unsloth", "peft") if gigabytes == cards[0] else ("unsloth",)
            for engine in engines:
                found = part([engine, shape, str(place), str(gigabytes)], folder, deadline)
                if "tflops" in found:
                    found["share_of_bf16"] = round(found["tflops"] / limit, 3)
                figures[shape][f"{engine}_{gigabytes}gb"] = found
        figures[shape]["export"] = part(["export", shape, str(place), "0"], folder, deadline)
    figures["seconds"] = round(LIMIT_SECONDS - (deadline - time.monotonic()), 1)
    return figures


def run_part(words: Sequence[str]) -> dict[str, Any]:
    """What the child of `part` does."""
    engine, shape, place, gigabytes = words
    folder = Path(place)
    if engine == "build":
        started = time.perf_counter()
        return {
            "billions": round(build(shape, folder), 2),
            "build_s": round(time.perf_counter() - started, 1),
        }
    if engine == "export":
        return export_part(folder)
    return train_part(engine, folder, int(gigabytes), steps=12)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; the last line printed is one JSON object."""
    import torch

    parser = argparse.ArgumentParser(prog="benchmarks.gpu_night", description=__doc__)
    parser.add_argument("--json", action="store_true", help="accepted for symmetry; output is always JSON")
    parser.add_argument("--part", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if not torch.cuda.is_available():
        print("gpu_night measures an NVIDIA card and torch sees none. Check `nvidia-smi`.", file=sys.stderr)
        return 2
    if given.part:
        print(json.dumps(run_part(given.part)))
        return 0
    with tempfile.TemporaryDirectory(prefix="nocturne-gpu-") as folder:
        print(json.dumps(night(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
