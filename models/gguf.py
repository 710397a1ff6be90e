"""From an adapter to the file that is served: merge into the master, write GGUF, quantize once, compare.

The adapter is always merged into the pristine 16-bit master, never into a quantized or earlier result.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from data.errors import BackendError
from models.base import Base, convert, threads
from models.files import need_space, sha256_file
from models.gguf_parts import model_size, moved, parts, taken_apart
from models.gguf_plan import Plan, Rule, canonical, transformed
from models.gguf_write import check_quant, quantize, write_gguf
from models.merge import Adapter, check_targets, load_adapter, refuse_foreign, unproven
from models.parity import compare, gguf_logits, hf_logits, require_exact, token_ids
from models.progress import Progress
from models.tokenizer import load_tokenizer
from models.weights import Array, read_weight, weight_index


@dataclass(frozen=True, slots=True)
class Export:
    """A finished model, with how well it agrees with its weights and how long each step took.

    `parity` holds the agreement of the 16-bit file ("f16_kl", "f16_top1") and of the served file ("kl",
    "top1") with the unmerged model over "tokens" tokens.
    """

    path: Path
    sha256: str
    size: int
    quant: str
    scale: float
    adapter: str
    parity: Mapping[str, float]
    seconds: Mapping[str, float]


def export(
    base: Base,
    adapter_dir: Path,
    out: Path,
    quant: str,
    scale: float = 1.0,
    progress: Progress | None = None,
    *,
    apart: bool = False,
) -> Export:
    """Write `base` with `scale` times the adapter merged in as a GGUF at `out`, quantized as `quant`.

    `out` appears only when complete and compared. `apart` puts what the adapter changes and what it leaves
    alone into two files, `Export.path` being the first. BadInput for an unknown format, ModelFileError
    for a damaged adapter or base, BackendError for an adapter that cannot be merged or a file that
    disagrees.
    """
    check_quant(quant)
    say = progress or (lambda share, text: None)
    adapter, plan = load_adapter(adapter_dir), base.plan
    converter = converter_for(base, plan, adapter)
    out.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    need_space(out.parent, (3 if converter or apart else 2) * base.template.stat().st_size)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    clock = _Clock()
    try:
        exact, served = work / "f16.gguf", work / "model.gguf"
        if converter:
            say(0.0, f"converting with {converter.name}")
            merge_and_convert(base, adapter, scale, converter, exact)
        else:
            merge(base, plan, adapter, scale, exact, lambda share, text: say(0.4 * share, text))
        clock.lap("merge")
        say(0.4, f"quantizing to {quant}")
        quantize(exact, served, quant, threads())
        if apart and not converter:
            served = taken_apart(served, changed(plan, adapter))
        clock.lap("quantize")
        say(0.5, "comparing with the trained weights")
        parity = agreement(base, adapter_dir, scale, exact, served)
        clock.lap("parity")
        say(0.95, "writing to disk")
        for part in parts(served):
            part.chmod(0o600)
        digest, size = sha256_file(served), model_size(served)
        path = moved(served, out)
        clock.lap("publish")
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Export(path, digest, size, quant, scale, adapter.digest, parity, clock.seconds)


def changed(plan: Plan, adapter: Adapter) -> set[str]:
    """The GGUF tensors that an adapter reaches; every other is the base's own."""
    return {rule.target for rule in plan.rules if canonical(rule.source) in adapter.factors}


def converter_for(base: Base, plan: Plan, adapter: Adapter) -> Path | None:
    """The preset's converter where the plan proves too little for `adapter`; None where it proves enough.

    BackendError when it proves too little and the preset names no converter.
    """
    if base.converter is not None and (plan.refusals or unproven(adapter, plan)):
        known = {canonical(name) for name in weight_index(base.hf)}
        refuse_foreign(adapter, known)
        return base.converter
    if plan.refusals:
        raise BackendError(f"{base.name} was prepared with a converter that is gone. Prepare it again.")
    check_targets(adapter, plan)
    return None


def merge(
    base: Base, plan: Plan, adapter: Adapter, scale: float, out: Path, progress: Progress | None = None
) -> None:
    """Write the master plus `scale` times the adapter as a 16-bit GGUF, one tensor in memory at a time."""
    index = weight_index(base.hf)

    def merged(rule: Rule) -> Array:
        weight = adapter.merged(rule.source, read_weight(index, rule.source), scale)
        return transformed(weight, rule.transform, rule.heads)

    facts = {
        "nocturne.base": base.digest,
        "nocturne.adapter": adapter.digest,
        "nocturne.scale": repr(float(scale)),
    }
    write_gguf(out, base.template, plan, merged, facts, progress=progress)


def merge_and_convert(base: Base, adapter: Adapter, scale: float, converter: Path, out: Path) -> None:
    """The same through llama.cpp's own converter, for a model whose tensors the plan cannot prove."""
    with tempfile.TemporaryDirectory(prefix=".merged-", dir=out.parent) as folder:
        write_merged(base, adapter, scale, Path(folder))
        convert(converter, Path(folder), out)


def write_merged(base: Base, adapter: Adapter, scale: float, folder: Path) -> None:
    """Write a merged Hugging Face directory, file by file, in the master's own types."""
    import torch
    from safetensors import safe_open
    from safetensors.torch import save_file

    index = weight_index(base.hf)
    for path in sorted(set(index.values())):
        tensors = {}
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118  a safetensors file is no mapping
                values = file.get_tensor(name)
                if canonical(name) in adapter.factors:
                    merged = adapter.merged(name, values.float().numpy(), scale)
                    values = torch.from_numpy(merged).to(values.dtype)
                tensors[name] = values
        save_file(tensors, str(folder / path.name), metadata={"format": "pt"})
    for path in base.hf.iterdir():
        if path.is_file() and path.suffix in (".json", ".model", ".txt", ".jinja"):
            shutil.copyfile(path, folder / path.name)


def agreement(base: Base, adapter_dir: Path, scale: float, exact: Path, served: Path) -> dict[str, float]:
    """Compare both files with the unmerged model in PyTorch; BackendError when the 16-bit one differs."""
    texts = token_ids(load_tokenizer(base.hf))
    reference = hf_logits(base.hf, texts, adapter_dir, scale)
    near = compare(reference, gguf_logits(exact, texts, threads()))
    require_exact(near, exact)
    far = compare(reference, gguf_logits(served, texts, threads()))
    return {
        "f16_kl": near.kl,
        "f16_top1": near.top1,
        "f16_largest": near.largest,
        "kl": far.kl,
        "top1": far.top1,
        "largest": far.largest,
        "tokens": float(far.tokens),
    }


class _Clock:
    """Seconds per step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, name: str) -> None:
        """Close the step that just ended."""
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 2)
        self._last = now
