"""Training one night's adapter: rows in, an adapter folder and the course of the run out.

Chooses the backend, encodes the rows, continues a killed run from its checkpoint. The adapter is a
function of (base digest, rows, recipe, seed) on a given machine.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from data.errors import BackendError, BadInput
from data.records import Example
from data.settings import Train
from models.loop import Progress, Student, fingerprint, run
from models.packing import encode
from models.schedule import GroupStatus, group_status

__all__ = ["GroupStatus", "TrainingBase", "Trained", "adapter_digest", "train"]


class TrainingBase(Protocol):
    """What training needs of a prepared base."""

    @property
    def hf(self) -> Path:
        """Folder with 16- or 32-bit weights and the tokenizer."""

    @property
    def digest(self) -> str:
        """Digest of those weights."""


@dataclass(frozen=True)
class Trained:
    """A finished adapter and how training went; `per_group` has every memory that had rows."""

    adapter: Path
    digest: str
    backend: str
    steps: int
    rows: int
    answer_tokens: int
    seconds: float
    losses: tuple[float, ...]
    per_group: dict[str, GroupStatus]


def train(
    examples: Sequence[Example],
    base: TrainingBase,
    out: Path,
    s: Train,
    *,
    seed: int,
    persona: str = "",
    progress: Progress | None = None,
) -> Trained:
    """Train a fresh adapter on `examples` and write it to `out/adapter`.

    A checkpoint under `out` is continued when it belongs to the same rows, base, recipe and seed.
    `persona` is kept in the adapter's description, because served chats need the prompt it was trained
    with. Raises BadInput without rows and BackendError when the chosen backend cannot run here.
    """
    if not examples:
        raise BadInput("There are no rows to train on. Ingest chats first, or lower the curation threshold.")
    from transformers import AutoTokenizer

    tell = progress or (lambda share, line: None)
    started = time.monotonic()
    backend = choose_backend(s.backend)
    tokenizer = AutoTokenizer.from_pretrained(base.hf, local_files_only=True)
    rows = encode(examples, tokenizer, s.value_weight, s.answer_tokens)
    student = _student(backend, base, s, seed)
    checkpoint = out / "checkpoint.pt"
    state = run(student, rows, s, seed, checkpoint, fingerprint(rows, base.digest, s, seed), tell)
    adapter = out / "adapter"
    student.save(adapter)
    digest = adapter_digest(adapter)
    note = {"persona": persona, "seed": seed, "base": base.digest, "digest": digest, "steps": state.step}
    (adapter / "nocturne.json").write_text(json.dumps(note, indent=1), encoding="utf-8")
    checkpoint.unlink(missing_ok=True)
    tell(1.0, f"trained {state.step} steps")
    return Trained(
        adapter=adapter,
        digest=digest,
        backend=backend,
        steps=state.step,
        rows=state.rows,
        answer_tokens=state.answer_tokens,
        seconds=time.monotonic() - started,
        losses=tuple(state.losses),
        per_group=group_status(rows, state.seen, s.safe_probability),
    )


def choose_backend(wish: str) -> str:
    """The backend that runs here: unsloth where there is CUDA, else trl on the CPU."""
    import torch

    cuda = torch.cuda.is_available()
    if wish == "trl" or (wish == "auto" and not cuda):
        return "trl"
    if not cuda:
        raise BackendError(
            "The unsloth backend needs an NVIDIA card and torch sees none. Check `nvidia-smi` and that torch "
            "was installed with CUDA, or set NOCTURNE_RECIPE__TRAIN__BACKEND=trl to train on the CPU."
        )
    if find_spec("unsloth") is None:
        raise BackendError(
            "There is an NVIDIA card, but unsloth is not installed. Run `pip install '.[gpu]'`, or set "
            "NOCTURNE_RECIPE__TRAIN__BACKEND=trl to train on the CPU."
        )
    return "unsloth"


def adapter_digest(adapter: Path) -> str:
    """SHA-256 of the adapter's weights file."""
    return hashlib.sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()


def _student(backend: str, base: TrainingBase, s: Train, seed: int) -> Student:
    import torch

    torch.set_num_threads(s.threads or torch.get_num_threads())
    from models.trl_backend import CpuStudent

    return CpuStudent(base.hf, s, seed)
