"""How long it takes to prepare the base and to export an adapter, and how well the files agree.

Run `python -m benchmarks.export [--json] [--fresh] [--quant Q8_0 ...]`. The adapter is random (rank 16, MLP
layers), so the figures need no training; `--fresh` also times the preparation of the base.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data.settings import load_settings
from models.base import Base, base_gguf, prepare_base, threads
from models.gguf import export
from models.parity import compare, gguf_logits, hf_logits, quiet_transformers, token_ids
from models.tokenizer import load_tokenizer

QUANTS = ("F16", "Q8_0", "Q4_K_M")


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table, and with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.export", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object as the last line")
    parser.add_argument("--fresh", action="store_true", help="prepare the base anew and time that too")
    parser.add_argument("--preset", default="smollm2-135m")
    parser.add_argument("--quant", action="append", help=f"format to write (default {', '.join(QUANTS)})")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        result = measure(chosen.preset, chosen.quant or list(QUANTS), chosen.fresh, Path(folder))
    for row in result["exports"]:
        took = "  ".join(f"{step} {seconds:.1f} s" for step, seconds in row["seconds"].items())
        agrees = f"KL {row['parity']['kl']:.1e}  top-1 {row['parity']['top1']:.3f}"
        print(f"{row['quant']:8} {row['mb']:7.1f} MB  {agrees}  {took}")
    if chosen.json:
        print(json.dumps(result))
    return 0


def measure(preset: str, quants: list[str], fresh: bool, folder: Path) -> dict[str, Any]:
    """Prepare, export once per format, and compare the untouched base with its files."""
    began = time.monotonic()
    base = prepare_base(preset, folder / "models" if fresh else load_settings().models)
    prepared = time.monotonic() - began
    adapter = random_adapter(base, folder / "adapter")
    rows = []
    for quant in quants:
        began = time.monotonic()
        made = export(base, adapter, folder / f"{quant}.gguf", quant)
        total = round(time.monotonic() - began, 2)
        rows.append(
            {
                "quant": quant,
                "mb": round(made.size / 1e6, 1),
                "seconds": {**made.seconds, "total": total},
                "parity": dict(made.parity),
            }
        )
    texts = token_ids(load_tokenizer(base.hf))
    reference = hf_logits(base.hf, texts, None, 1.0)
    untouched = {}
    for quant in quants:
        logits = gguf_logits(base_gguf(base, quant), texts, threads())
        untouched[quant] = asdict(compare(reference, logits))
    return {
        "benchmark": "export",
        "preset": preset,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "prepare_seconds": round(prepared, 1) if fresh else None,
        "exports": rows,
        "base": untouched,
    }


def random_adapter(base: Base, folder: Path) -> Path:
    """A random rank-16 LoRA on the MLP layers, as large as a night's."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(0)
    with quiet_transformers():
        model = AutoModelForCausalLM.from_pretrained(str(base.hf), dtype=torch.float32, local_files_only=True)
    targets = ["gate_proj", "up_proj", "down_proj"]
    model = get_peft_model(model, LoraConfig(r=16, lora_alpha=32, target_modules=targets))
    for name, values in model.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(values.data, std=0.01)
    model.save_pretrained(str(folder))
    return folder


if __name__ == "__main__":
    sys.exit(main())
