"""Training one night's adapter: rows in, an adapter folder and the course of the run out.

Chooses the backend, encodes the rows, continues a killed run from its checkpoint. The adapter is a
function of (base digest, rows, recipe, seed) on a given machine.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from data.errors import BackendError, BadInput
from data.records import Example
from data.settings import Card, Train
from models.learner import Course
from models.loop import State, fingerprint, run
from models.packing import Row, encode
from models.preset import Shipped
from models.progress import Progress
from models.schedule import GroupStatus, group_status
from models.warm_start import checked

__all__ = ["GroupStatus", "TrainingBase", "Trained", "adapter_digest", "train"]


class TrainingBase(Protocol):
    """What training needs of a prepared base."""

    @property
    def hf(self) -> Path:
        """Folder with 16- or 32-bit weights and the tokenizer."""

    @property
    def digest(self) -> str:
        """Digest of those weights."""

    @property
    def template_arguments(self) -> Mapping[str, Any] | None:
        """Extra variables of the chat template."""


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
    card: Card | None = None,
    start: Shipped | None = None,
) -> Trained:
    """Train an adapter on `examples`, fresh or from `start`, and write it to `out/adapter`.

    A checkpoint under `out` is continued when it belongs to the same rows, base, recipe and seed.
    `persona` is kept in the adapter's description, because served chats need the prompt it was trained
    with; `card` holds the limits of a graphics card. Raises BadInput without rows and BackendError when the
    chosen backend cannot run here.
    """
    if not examples:
        raise BadInput("There are no rows to train on. Ingest chats first, or lower the curation threshold.")
    from transformers import AutoTokenizer

    tell = progress or (lambda share, line: None)
    started = time.monotonic()
    backend = choose_backend(s.backend)
    tokenizer = AutoTokenizer.from_pretrained(base.hf, local_files_only=True)
    rows = encode(
        examples,
        tokenizer,
        s.value_weight,
        s.answer_tokens,
        base.template_arguments,
        s.opening_weight,
        s.denial_weight,
    )
    checkpoint, adapter = out / "checkpoint.pt", out / "adapter"
    begin_with = checked(start, s) if start and s.warm_start else None
    mark = fingerprint(rows, base.digest, s, seed, start.sha256 if start and begin_with else "")
    learn = partial(_on_card, card or Card()) if backend == "unsloth" else _on_cpu
    state = learn(base.hf, rows, s, seed, checkpoint, mark, adapter, tell, begin_with)
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
            "There is an NVIDIA card, but unsloth is not installed. Run `make gpu`, or set "
            "NOCTURNE_RECIPE__TRAIN__BACKEND=trl to train on the CPU."
        )
    return "unsloth"


def adapter_digest(adapter: Path) -> str:
    """SHA-256 of the adapter's weights file."""
    return hashlib.sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()


def _on_cpu(
    base: Path,
    rows: list[Row],
    s: Train,
    seed: int,
    checkpoint: Path,
    mark: str,
    adapter: Path,
    tell: Progress,
    start: Path | None,
) -> State:
    from models.team import cpu_learner

    with cpu_learner(Course(base, tuple(rows), s, seed, start)) as learner:
        state = run(learner, rows, s, seed, checkpoint, mark, tell)
        learner.save(adapter)
    return state


def _on_card(
    card: Card,
    base: Path,
    rows: list[Row],
    s: Train,
    seed: int,
    checkpoint: Path,
    mark: str,
    adapter: Path,
    tell: Progress,
    start: Path | None,
) -> State:
    from models.unsloth_backend import Job, run_in_child

    job = Job(
        base=str(base),
        rows=tuple(rows),
        train=s.model_dump(mode="json"),
        card=card.model_dump(mode="json"),
        seed=seed,
        checkpoint=str(checkpoint),
        mark=mark,
        adapter=str(adapter),
        result=str(adapter.parent / "state.json"),
        start=str(start) if start else "",
    )
    adapter.parent.mkdir(parents=True, exist_ok=True)
    return run_in_child(job, tell)
