"""One bounded run on a card: `python -m benchmarks.gpu_night [--json]`; at most eight minutes.

Random models in the shape of Qwen3-4B and 8B, on a process held to 12, 16 and 24 GB: training rates of our
loop on Unsloth, of stock Unsloth and of plain transformers with PEFT over the same rows, peak memory, the
training time of a hundred memories, the share of the card's bf16 matmul rate, what merging and quantizing
cost, and whether the card and the processor find the same loss and gradient. Every part is a process of its
own with a deadline; one that fails or does not fit says so and the others go on. Code 2 without CUDA.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.gpu_model import SHAPES, build, token_rows
from data.settings import CHECKOUT, Train
from models.unsloth_backend import child_environment

LIMIT_SECONDS = 460.0
LEAST_SECONDS = 20.0
ROWS_PER_NIGHT, PASSES, STEPS = 1600, 4, 10
DEVICE = "cuda"
# (part, shape, gigabytes of the card, most seconds), what matters most first within a shape
PARTS: tuple[tuple[str, str, int, float], ...] = (
    ("machine", "", 0, 60),
    ("build", "small", 0, 60),
    ("agree_cpu", "small", 0, 60),
    ("agree", "small", 0, 120),
    ("build", "4b", 0, 90),
    ("unsloth", "4b", 12, 150),
    ("peft", "4b", 12, 120),
    ("stock", "4b", 12, 120),
    ("export", "4b", 0, 40),
    ("build", "8b", 0, 120),
    ("unsloth", "8b", 16, 150),
    ("peft", "8b", 16, 120),
    ("unsloth", "8b", 24, 120),
    ("export", "8b", 0, 40),
)
GIGABYTES_ON_DISK = {"small": 1, "4b": 10, "8b": 19}
VERSIONS = ("torch", "transformers", "peft", "unsloth", "bitsandbytes", "triton")


def machine() -> dict[str, Any]:
    """The card, the versions, and the measured bf16 rate on 8192-wide squares in TFLOP/s."""
    import torch

    left = torch.randn(8192, 8192, dtype=torch.bfloat16, device=DEVICE)
    best = float("inf")
    for _ in range(8):
        torch.cuda.synchronize()
        started = time.perf_counter()
        left @ left
        torch.cuda.synchronize()
        best = min(best, time.perf_counter() - started)
    found = {name: metadata.version(name) for name in VERSIONS if find_spec(name)}
    free, total = torch.cuda.mem_get_info()
    return {
        "card": torch.cuda.get_device_name(0),
        "memory_gb": round(total / 2**30, 1),
        "free_gb": round(free / 2**30, 1),
        "cuda": torch.version.cuda,
        "versions": found,
        "bf16_tflops": round(2.0 * 8192**3 / best / 1e12, 1),
    }


def recipe() -> Train:
    """What every engine trains with; 16-bit LoRA where bitsandbytes is missing."""
    return Train(rate=1e-4, batch_rows=16, load_in_4bit=find_spec("bitsandbytes") is not None)


def limit_memory(gigabytes: int) -> None:
    """Let this process have as much of the card as a card of that size would leave it."""
    import torch

    whole = torch.cuda.get_device_properties(0).total_memory / 2**30
    torch.cuda.set_per_process_memory_fraction(min(1.0, (gigabytes - 0.6) / whole))


def train_part(engine: str, folder: Path, gigabytes: int) -> dict[str, Any]:
    """Rates and memory of STEPS steps of one engine over the same rows, after two to warm up."""
    import torch

    limit_memory(gigabytes)
    s = recipe()
    size = s.batch_rows
    rows = token_rows(size * (STEPS + 2))
    step = {"unsloth": our_step, "stock": stock_step, "peft": peft_step}[engine](folder, rows, s)
    for warm in range(2):
        step(rows[warm * size : (warm + 1) * size])
    torch.cuda.synchronize()
    torch.cuda.reset_peak_memory_stats()
    started = time.perf_counter()
    for number in range(2, STEPS + 2):
        step(rows[number * size : (number + 1) * size])
    torch.cuda.synchronize()
    seconds = time.perf_counter() - started
    done = rows[2 * size :]
    tokens = sum(len(row.prefix) + len(row.own) for row in done)
    return {
        "bits": 4 if s.load_in_4bit else 16,
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


Step = Callable[[Sequence[Any]], None]


def our_step(folder: Path, rows: Sequence[Any], s: Train) -> Step:
    """One step of our loop: packed rows, logits at answers only."""
    import torch

    from models.loop import batch_loss
    from models.unsloth_backend import UnslothStudent

    student = UnslothStudent(folder, rows, s, 1, device=f"{DEVICE}:0")
    optimizer = torch.optim.AdamW(list(student.parameters.values()), lr=s.rate)

    def step(chosen: Sequence[Any]) -> None:
        batch_loss(student, student.pack(chosen), {}, 1.0).total.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def stock_step(folder: Path, rows: Sequence[Any], s: Train) -> Step:
    """One step as Unsloth's own fine-tuning makes it: padded rows, its fused loss."""
    import unsloth

    from models.unsloth_backend import adapter_arguments, load_arguments

    loader = unsloth.FastLanguageModel
    model, _ = loader.from_pretrained(**load_arguments(folder, s, 1, 2048))
    model = loader.get_peft_model(model, **adapter_arguments(s, 1))
    loader.for_training(model)
    return padded_step(model, s)


def peft_step(folder: Path, rows: Sequence[Any], s: Train) -> Step:
    """One step of plain transformers and PEFT."""
    import torch
    from peft import LoraConfig, get_peft_model, prepare_model_for_kbit_training
    from transformers import AutoModelForCausalLM, BitsAndBytesConfig

    from models.targets import TARGETS

    loading: dict[str, Any] = {"dtype": torch.bfloat16, "device_map": {"": DEVICE}, "local_files_only": True}
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
    return padded_step(get_peft_model(model, adapter).train(), s)


def padded_step(model: Any, s: Train) -> Step:
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
        tensors = {name: torch.tensor(values, device=DEVICE) for name, values in given.items()}
        with torch.autocast(DEVICE, torch.bfloat16):
            model(**tensors).loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)

    return step


def agree_part(folder: Path, *, card: bool) -> dict[str, Any]:
    """Loss and gradient of one batch with the same adapter, on the processor first and then on the card."""
    import torch

    from models.loop import _references, batch_loss

    s = Train(batch_rows=8, load_in_4bit=False, threads=4)
    words = SHAPES["small"]["vocab_size"]
    rows = [*token_rows(4, words), *token_rows(8, words, "kl")[4:]]
    student = _student(folder, rows, s, card)
    draw = torch.Generator().manual_seed(3)
    for name in sorted(student.parameters):
        weight = student.parameters[name]
        weight.data.copy_(0.02 * torch.randn(weight.shape, generator=draw))
    references = _references(student, rows, s, lambda share, text: None)
    outcome = batch_loss(student, student.pack(rows), references, s.kl_weight)
    outcome.total.backward()
    gradient = torch.cat(
        [student.parameters[name].grad.flatten().cpu() for name in sorted(student.parameters)]
    )
    loss = float(outcome.total.detach())
    if not card:
        torch.save({"loss": loss, "gradient": gradient}, folder / "cpu.pt")
        return {"loss": round(loss, 5)}
    other = torch.load(folder / "cpu.pt", weights_only=True)
    alike = torch.nn.functional.cosine_similarity(gradient, other["gradient"], dim=0)
    return {"loss": round(loss, 5), "cpu": round(other["loss"], 5), "gradient_cosine": round(float(alike), 5)}


def _student(folder: Path, rows: Sequence[Any], s: Train, card: bool) -> Any:
    if not card:
        from models.trl_backend import CpuStudent

        student = CpuStudent(folder, s, 1, half=False)
        student.prepare(rows, lambda share, text: None)
        return student
    from models.unsloth_backend import UnslothStudent

    found = UnslothStudent(folder, rows, s, 1, device=f"{DEVICE}:0")
    found.prepare(rows, lambda share, text: None)
    return found


def export_part(folder: Path) -> dict[str, Any]:
    """Merge and Q8_0 seconds per billion parameters on the processor, on a sixteenth of the matrices."""
    import gguf
    import numpy
    import torch
    from safetensors import safe_open

    merged = quantized = 0.0
    count = 0
    for shard in sorted(folder.glob("*.safetensors")):
        with safe_open(shard, framework="pt") as file:
            names = [name for name in file.keys() if name.endswith("_proj.weight")][::16]  # noqa: SIM118
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


def run_part(kind: str, shape: str, folder: Path, gigabytes: int) -> dict[str, Any]:
    """What the child of `part` measures."""
    if kind == "machine":
        return machine()
    if kind == "build":
        started = time.perf_counter()
        billions = build(shape, folder, DEVICE)
        return {"billions": round(billions, 3), "build_s": round(time.perf_counter() - started, 1)}
    if kind.startswith("agree"):
        return agree_part(folder, card=kind == "agree")
    return export_part(folder) if kind == "export" else train_part(kind, folder, gigabytes)


def part(words: Sequence[str], work: Path, seconds: float) -> dict[str, Any]:
    """One measurement in a process of its own; what went wrong instead of figures when it did."""
    if seconds < LEAST_SECONDS:
        return {"skipped": "no time left"}
    result, log = work / "result.json", work / "log"
    result.unlink(missing_ok=True)
    with log.open("wb") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.gpu_night", "--part", *words, str(result)],
            cwd=CHECKOUT,
            env=child_environment(work / "caches"),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            return {"failed": f"more than {seconds:.0f} s", "log": _tail(log)}
        finally:
            _end(child)
    if child.returncode == 0 and result.is_file():
        return dict(json.loads(result.read_text(encoding="utf-8")))
    return {"failed": f"exit {child.returncode}", "log": _tail(log)}


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the part, compilers it started included."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait()


def _tail(log: Path) -> list[str]:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line.strip()[:200] for line in lines if line.strip()][-4:]


def night(work: Path, parts: Sequence[tuple[str, str, int, float]] = PARTS) -> dict[str, Any]:
    """All parts within the limit; a shape that could not be built is left out."""
    end = time.monotonic() + LIMIT_SECONDS
    figures: dict[str, Any] = {"benchmark": "gpu_night"}
    lost: set[str] = set()
    for kind, shape, gigabytes, most in parts:
        if shape in lost:
            continue
        place = work / (shape or "none")
        name = f"{kind}_{gigabytes}gb" if gigabytes else kind
        if kind == "build":
            _make_room(work, place)
            free = shutil.disk_usage(work).free / 1e9
            if free < GIGABYTES_ON_DISK[shape]:
                figures[shape] = {"skipped": f"{free:.0f} GB of disk are free"}
                lost.add(shape)
                continue
        left = min(most, end - time.monotonic())
        found = part([kind, shape, str(place), str(gigabytes)], work, left)
        if kind == "build" and "billions" not in found:
            lost.add(shape)
        rate = figures.get("machine", {}).get("bf16_tflops")
        if rate and "tflops" in found:
            found["share_of_bf16"] = round(found["tflops"] / rate, 3)
        (figures.setdefault(shape, {}) if shape else figures)[name] = found
        print(json.dumps({"part": f"{shape} {name}".strip(), **found}), file=sys.stderr, flush=True)
    figures["seconds"] = round(LIMIT_SECONDS - (end - time.monotonic()), 1)
    return figures


def _make_room(work: Path, keep: Path) -> None:
    """Remove the models that are measured already."""
    for shape in SHAPES:
        if work / shape != keep:
            shutil.rmtree(work / shape, ignore_errors=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Command line; the last line printed is one JSON object, each part is told on standard error."""
    import torch

    parser = argparse.ArgumentParser(prog="benchmarks.gpu_night", description=__doc__)
    parser.add_argument("--json", action="store_true", help="accepted for symmetry; output is always JSON")
    parser.add_argument("--part", nargs=5, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.part:
        kind, shape, folder, gigabytes, result = given.part
        found = run_part(kind, shape, Path(folder), int(gigabytes))
        Path(result).write_text(json.dumps(found), encoding="utf-8")
        return 0
    if not torch.cuda.is_available():
        print("gpu_night measures an NVIDIA card and torch sees none. Check `nvidia-smi`.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="nocturne-gpu-") as folder:
        print(json.dumps(night(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
