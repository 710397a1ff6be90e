"""A base model made ready once: a 16-bit master to train, a GGUF to serve, and proof that they agree.

Kept under `models/bases/NAME-DIGEST`, found again by the digest of its sources. The folder is built
aside and renamed when complete, so a kill leaves nothing half-made; a lock serves two processes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from data.errors import BackendError, ModelFileError
from models.dequantize import dequantize
from models.files import MANIFEST, check, describe, fsync, locked, need_space, read_json, seal, write_json
from models.gguf_plan import Plan, make_plan, plan_from_dict, transformed
from models.gguf_write import check_quant, quantize, write_gguf
from models.parity import compare, gguf_logits, hf_logits, require_exact, token_ids
from models.preset import Preset, Shipped, load_preset
from models.progress import Progress, silent
from models.source import Found, find, source_digest
from models.tokenizer import load_tokenizer, prove
from models.weights import read_weight, weight_index
from models.widen import widen, widened

_LAYOUT = 2
_REMEDY = "Delete the folder; the base is prepared again from its source."


@dataclass(frozen=True, slots=True)
class Base:
    """A prepared base model.

    `hf` is a directory for AutoModelForCausalLM and AutoTokenizer, `gguf` the base quantized as
    generations are (for paired comparison), `template` the 16-bit GGUF whose metadata exports copy.
    """

    name: str
    digest: str
    hf: Path
    gguf: Path
    template: Path
    context: int
    chat_template: str
    quant: str
    folder: Path
    end_of_turn: str = ""
    system_role: bool = True
    template_arguments: Mapping[str, Any] | None = None
    converter: Path | None = None
    start: Shipped | None = None

    @property
    def plan(self) -> Plan:
        """How the master's tensors become GGUF tensors, proved when the base was prepared."""
        return plan_from_dict(read_json(self.folder / "plan.json"))


def prepare_base(
    preset: Preset | str, models_dir: Path, progress: Progress | None = None, fetch: bool = False
) -> Base:
    """The base of `preset`, prepared under `models_dir` unless it already is.

    Proves that token ids, rendered chats and logits agree between the master and llama.cpp. BadInput
    when a source is absent (nothing is downloaded without `fetch`), ModelFileError when it is damaged,
    BackendError when a proof fails.
    """
    chosen = preset if isinstance(preset, Preset) else load_preset(preset)
    check_quant(chosen.quants[0])
    found = find(chosen.source, fetch)
    bases = models_dir / "bases"
    with locked(bases / ".lock"):
        digest = widened(source_digest(found, bases / "sources.json"), chosen.neurons)
        folder = bases / f"{chosen.name}-{digest[:12]}-{chosen.quants[0]}"
        for leftover in bases.glob(".partial-*"):
            shutil.rmtree(leftover)
        if not _ready(folder):
            work = bases / f".partial-{os.getpid()}"
            work.mkdir(mode=0o700)
            try:
                _build(work, chosen, found, digest, progress or silent)
                os.rename(work, folder)
                fsync(bases)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return _opened(folder, chosen)


def verify_base(base: Base) -> None:
    """Read every prepared file and compare digests; ModelFileError names the first that differs."""
    manifest = read_json(base.folder / MANIFEST)
    check(base.folder, manifest["files"], _REMEDY, digests=True)
    if manifest["hf"] is not None:
        check(Path(manifest["hf"]), manifest["hf_files"], "Fetch the model again.", digests=True)


def base_gguf(base: Base, quant: str) -> Path:
    """The untouched base in another format, made on first use, to compare a candidate of that format with."""
    if quant == base.quant:
        return base.gguf
    check_quant(quant)
    folder = base.folder.parent / f"{base.folder.name}+"
    out = folder / f"base-{quant}.gguf"
    with locked(base.folder.parent / ".lock"):
        if not out.is_file():
            folder.mkdir(mode=0o700, exist_ok=True)
            draft = folder / ".draft.gguf"
            quantize(base.template, draft, quant, threads())
            os.replace(draft, out)
            fsync(folder)
    return out


def threads() -> int:
    """CPU threads for llama.cpp: one less than there are, because its threads wait for each other busily."""
    return max(1, (os.cpu_count() or 1) - 1)


def _ready(folder: Path) -> bool:
    """Whether a whole base is there; a damaged one is removed, so that it is made again."""
    if not folder.exists():
        return False
    try:
        manifest = read_json(folder / MANIFEST)
        check(folder, manifest["files"], _REMEDY, digests=False)
        whole = manifest["layout"] == _LAYOUT
    except ModelFileError:
        whole = False
    if not whole:
        shutil.rmtree(folder)
    return whole


def _opened(folder: Path, preset: Preset) -> Base:
    manifest = read_json(folder / MANIFEST)
    return Base(
        name=preset.name,
        digest=manifest["digest"],
        hf=Path(manifest["hf"]) if manifest["hf"] else folder / "hf",
        gguf=folder / "base.gguf",
        template=folder / "template.gguf",
        context=min(preset.context, manifest["context"]),
        chat_template=manifest["chat_template"],
        quant=manifest["quant"],
        folder=folder,
        end_of_turn=preset.chat.end_of_turn,
        system_role=preset.chat.system_role,
        template_arguments=dict(preset.chat.arguments),
        converter=Path(preset.source.converter) if preset.source.converter else None,
        start=preset.start,
    )


def _build(work: Path, preset: Preset, found: Found, digest: str, progress: Progress) -> None:
    need_space(work, 4 * _size(found))
    hf, first = found.hf, found.gguf
    if hf is None:
        assert first is not None
        progress(0.0, "reading the model's GGUF")
        if preset.neurons:
            widen(first, work / "wider.gguf", preset.neurons)
            first = work / "wider.gguf"
        hf = work / "hf"
        dequantize(first, hf)
    elif first is None:
        assert found.converter is not None
        progress(0.0, "converting with llama.cpp's script")
        first = work / "converted.gguf"
        convert(found.converter, hf, first)
    progress(0.4, "proving how tensors map to GGUF")
    plan = make_plan(hf, first, found.skip)
    tokenizer = load_tokenizer(hf)
    if not tokenizer.chat_template:
        raise BackendError(f"{preset.name} has no chat template. Use the instruct version of the model.")
    if plan.refusals and found.converter is None:
        raise BackendError(
            f"{preset.name} cannot be carried into a GGUF with certainty: {'; '.join(plan.refusals[:5])}. "
            "Name llama.cpp's convert_hf_to_gguf.py as source.converter in a copy of the preset."
        )
    write_json(work / "plan.json", plan.as_dict())
    progress(0.5, "writing the base as GGUF")
    template, index = work / "template.gguf", weight_index(hf)
    write_gguf(
        template,
        first,
        plan,
        lambda rule: transformed(read_weight(index, rule.source), rule.transform, rule.heads),
        {"nocturne.base": digest},
        str(tokenizer.chat_template),
    )
    quantize(template, work / "base.gguf", preset.quants[0], threads())
    for aside in ("converted.gguf", "wider.gguf"):
        (work / aside).unlink(missing_ok=True)
    progress(0.7, "comparing tokens, chats and logits with llama.cpp")
    proof = prove(
        hf, work / "base.gguf", system_role=preset.chat.system_role, arguments=preset.chat.arguments
    )
    texts = token_ids(tokenizer)
    reference = hf_logits(hf, texts, None, 1.0)
    exact = compare(reference, gguf_logits(template, texts, threads()))
    require_exact(exact, template)
    served = compare(reference, gguf_logits(work / "base.gguf", texts, threads()))
    seal(work)
    outside = found.hf is not None
    write_json(
        work / MANIFEST,
        {
            "layout": _LAYOUT,
            "name": preset.name,
            "digest": digest,
            "quant": preset.quants[0],
            "context": int(_context(hf, preset.context)),
            "chat_template": str(tokenizer.chat_template),
            "hf": str(hf) if outside else None,
            "hf_files": describe(hf) if outside else {},
            "proof": {**proof, "f16": asdict(exact), "quantized": asdict(served)},
            "files": describe(work),
        },
    )
    progress(1.0, "the base is ready")


def _size(found: Found) -> int:
    if found.hf is not None:
        return sum(path.stat().st_size for path in found.hf.glob("*.safetensors")) // 2
    return found.gguf.stat().st_size * 3 if found.gguf else 0


def _context(hf: Path, default: int) -> int:
    config = json.loads((hf / "config.json").read_text(encoding="utf-8"))
    return config.get("max_position_embeddings") or config.get("text_config", {}).get(
        "max_position_embeddings", default
    )


def convert(converter: Path, hf: Path, out: Path) -> None:
    """Write an f16 GGUF with llama.cpp's own script, in a process of its own."""
    order = [sys.executable, str(converter), str(hf), "--outfile", str(out), "--outtype", "f16"]
    done = subprocess.run(order, capture_output=True, text=True, check=False)
    if done.returncode != 0 or not out.is_file():
        said = done.stderr.strip().splitlines()[-1:] or [f"exit code {done.returncode} and no file"]
        raise BackendError(
            f"{converter} could not convert {hf}: {said[0].rstrip('.')}. Take the script from the llama.cpp "
            "release that llama-cpp-python was built from; it lies in that package's source archive."
        )
