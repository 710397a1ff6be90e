"""The training loop both backends share: batches, optimizer, early stop, checkpoints that resume exactly.

A `Student` is what a backend brings: hidden states of a pack with the adapter on, the base's view with
it off, and a way to save. Everything random is drawn from the seed by the schedule, so a run that was
killed continues from its checkpoint to the same adapter.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from data.errors import BackendError
from data.settings import Train
from models.loss import Outcome, Reference, answer_loss
from models.packing import Pack, Row
from models.schedule import Seen, plan_closing, plan_pass
from models.warm_start import begin

if TYPE_CHECKING:
    import torch

Progress = Callable[[float, str], None]
FLOOR = 0.05


class Student(Protocol):
    """A base with a fresh adapter, as a backend provides it."""

    device: str
    head: torch.Tensor
    parameters: dict[str, torch.Tensor]

    def prepare(self, rows: Sequence[Row], progress: Progress) -> None:
        """Do once what every pass would repeat."""

    def pack(self, rows: Sequence[Row]) -> Pack:
        """Rows in the one sequence this backend reads."""

    def hidden(self, batch: Pack) -> torch.Tensor:
        """Hidden states [A, H] at the answer positions with the adapter on, ready for backward."""

    def base_hidden(self, batch: Pack) -> torch.Tensor:
        """The same with the adapter off and without gradient."""

    def save(self, folder: Path) -> None:
        """Write the adapter in PEFT's format."""


@dataclass
class State:
    """How far a run has come; together with adapter and optimizer all that a resumed run needs."""

    pass_number: int = 0
    batch_number: int = 0
    step: int = 0
    closing: bool = False
    answer_tokens: int = 0
    rows: int = 0
    seconds: float = 0.0
    losses: list[float] = field(default_factory=list)
    seen: dict[str, Seen] = field(default_factory=dict)
    seen_before: dict[str, Seen] = field(default_factory=dict)


def fingerprint(rows: Sequence[Row], base_digest: str, s: Train, seed: int, start: str = "") -> str:
    """Digest of all that decides the adapter; a checkpoint of anything else is not continued."""
    recipe = s.model_dump(mode="json", exclude={"checkpoint_seconds", "threads"})
    text = json.dumps([base_digest, start, seed, recipe, [asdict(row) for row in rows]], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def run(
    student: Student,
    rows: Sequence[Row],
    s: Train,
    seed: int,
    checkpoint: Path,
    mark: str,
    progress: Progress,
    start: Path | None = None,
) -> State:
    """Train until every fact is safe or the passes are used up, then close; returns the final state.

    `start` is the adapter's file to begin with instead of a fresh one.
    """
    began = time.monotonic()
    student.prepare(rows, progress)
    if start:
        begin(student.parameters, start)
    optimizer = _optimizer(student, s)
    state = _resume(student, optimizer, checkpoint, mark)
    started = began - state.seconds
    references = _references(student, rows, s, progress)
    saved = time.monotonic()
    while batches := _batches(rows, state, s, seed):
        while state.batch_number < len(batches):
            rate = s.rate * _factor(state, len(batches), s)
            chosen = [rows[index] for index in batches[state.batch_number]]
            _step(student, optimizer, student.pack(chosen), references, rate, s, state)
            state.batch_number += 1
            state.seconds = time.monotonic() - started
            progress(_share(state, len(batches), s), _line(state, batches, s))
            if time.monotonic() - saved >= s.checkpoint_seconds:
                _write(student, optimizer, state, checkpoint, mark)
                saved = time.monotonic()
        if state.closing:
            break
        _next_pass(state, rows, s, seed)
    return state


def _optimizer(student: Student, s: Train) -> torch.optim.Optimizer:
    """AdamW in which the outer matrices of the adapter learn faster, because they start at nothing.

    LoRA+ (Hayou, Ghosh and Yu, 2024); a night has too few steps for a second moment over a thousand of them.
    """
    import torch

    outer = [value for name, value in student.parameters.items() if "lora_B" in name]
    inner = [value for name, value in student.parameters.items() if "lora_B" not in name]
    groups = [{"params": inner, "times": 1.0}, {"params": outer, "times": s.outer_rate}]
    return torch.optim.AdamW(groups, lr=s.rate, betas=(0.9, 0.99), weight_decay=0.0)


def _batches(rows: Sequence[Row], state: State, s: Train, seed: int) -> list[tuple[int, ...]]:
    if state.closing:
        return plan_closing(rows, state.step - state.batch_number, s, seed)
    return plan_pass(rows, state.pass_number, state.seen_before, s, seed)


def _next_pass(state: State, rows: Sequence[Row], s: Train, seed: int) -> None:
    state.pass_number += 1
    state.batch_number = 0
    state.seen_before = dict(state.seen)
    state.closing = not plan_pass(rows, state.pass_number, state.seen_before, s, seed)


def _factor(state: State, batches: int, s: Train) -> float:
    """Share of the peak rate: warm-up by steps, then linear to FLOOR by passes."""
    done = (state.pass_number + (0.0 if state.closing else state.batch_number / batches)) / s.passes
    warm = min(1.0, (state.step + 1) / (s.warmup_steps + 1))
    level = FLOOR + (1.0 - FLOOR) * (1.0 - min(1.0, done))
    return warm * (level * (1.0 - state.batch_number / batches) + FLOOR if state.closing else level)


def _step(
    student: Student,
    optimizer: torch.optim.Optimizer,
    batch: Pack,
    references: dict[str, Reference],
    rate: float,
    s: Train,
    state: State,
) -> None:
    import torch

    for group in optimizer.param_groups:
        group["lr"] = rate * group["times"]
    outcome = batch_loss(student, batch, references, s.kl_weight)
    outcome.total.backward()
    torch.nn.utils.clip_grad_norm_(list(student.parameters.values()), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    loss = float(outcome.total.detach())
    if loss != loss:
        raise BackendError(
            f"The loss became NaN at step {state.step + 1}. Lower the rate, NOCTURNE_RECIPE__TRAIN__RATE."
        )
    state.losses.append(loss)
    state.step += 1
    state.rows += len(batch.rows)
    state.answer_tokens += len(batch.target)
    state.seen.update(_seen(batch, outcome))


def batch_loss(student: Student, batch: Pack, references: dict[str, Reference], kl_weight: float) -> Outcome:
    """The loss of one pack with one forward of the adapter; `references` holds the base's view per kl row."""
    import torch

    following = torch.tensor([row.loss == "kl" for row in batch.rows], device=student.device)
    parts = [references[row.id] for row in batch.rows if row.loss == "kl"]
    return answer_loss(
        student.hidden(batch),
        student.head,
        batch.target,
        batch.weight,
        following[batch.owner],
        Reference.join(parts) if parts else None,
        kl_weight,
    )


def _seen(batch: Pack, outcome: Outcome) -> dict[str, Seen]:
    probabilities = outcome.probability.tolist()
    rights = outcome.right.tolist()
    found: dict[str, Seen] = {}
    start = 0
    for row in batch.rows:
        stop = start + len(row.answer)
        found[row.id] = Seen(min(probabilities[start:stop]), all(rights[start:stop]))
        start = stop
    return found


def _references(student: Student, rows: Sequence[Row], s: Train, progress: Progress) -> dict[str, Reference]:
    """The base's distribution on every kl row, in batches that a resumed run repeats exactly."""
    from models.loss import reference

    following = [row for row in rows if row.loss == "kl"]
    found: dict[str, Reference] = {}
    for low in range(0, len(following), s.batch_rows):
        batch = student.pack(following[low : low + s.batch_rows])
        whole = reference(student.base_hidden(batch), student.head)
        start = 0
        for row in batch.rows:
            found[row.id] = whole.slice(start, start + len(row.answer))
            start += len(row.answer)
        progress(
            0.0, f"reading the base's answers {min(low + s.batch_rows, len(following))}/{len(following)}"
        )
    return found


def _share(state: State, batches: int, s: Train) -> float:
    if state.closing:
        return (1.0 - s.closing_share) + s.closing_share * state.batch_number / batches
    return (1.0 - s.closing_share) * (state.pass_number + state.batch_number / batches) / s.passes


def _line(state: State, batches: Sequence[Any], s: Train) -> str:
    where = "closing" if state.closing else f"pass {state.pass_number + 1} of at most {s.passes}"
    return f"{where}, batch {state.batch_number}/{len(batches)}, loss {state.losses[-1]:.3f}"


def _write(student: Student, optimizer: Any, state: State, path: Path, mark: str) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        torch.save(
            {
                "mark": mark,
                "state": json.dumps(asdict(state)),
                "adapter": {name: value.detach().cpu() for name, value in student.parameters.items()},
                "optimizer": optimizer.state_dict(),
            },
            file,
        )
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _resume(student: Student, optimizer: Any, path: Path, mark: str) -> State:
    """The state in `path` with adapter and optimizer put back, or a fresh state when it is not this run's."""
    import pickle

    import torch

    if not path.is_file():
        return State()
    try:
        saved = torch.load(path, map_location=student.device, weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
        return State()
    if saved.get("mark") != mark:
        return State()
    with torch.no_grad():
        for name, value in student.parameters.items():
            value.copy_(saved["adapter"][name])
    optimizer.load_state_dict(saved["optimizer"])
    return state_from_json(saved["state"])


def state_from_json(text: str) -> State:
    """The state a run wrote."""
    values = json.loads(text)
    for name in ("seen", "seen_before"):
        values[name] = {row: Seen(**last) for row, last in values[name].items()}
    return State(**values)


def prove_packing(student: Student, rows: Sequence[Row], tolerance: float = 0.05) -> None:
    """Raise BackendError unless a pack gives each row's own log-probabilities and the adapter starts at zero.

    `tolerance` is in nats, for kernels that add in another order in bf16.
    """
    import torch

    from models.loss import reference

    batch = student.pack(rows)
    packed = _log_probabilities(student, batch)
    alone = torch.cat([_log_probabilities(student, student.pack([row])) for row in batch.rows])
    apart = float((packed - alone).abs().max())
    if apart > tolerance:
        raise BackendError(
            f"Packed rows differ from single rows by {apart:.3f} nats: this version of the backend reads "
            "across row borders. Install the pinned versions, `pip install '.[gpu]'`."
        )
    base = reference(student.base_hidden(batch), student.head)
    follow = torch.ones(len(batch.target), dtype=torch.bool, device=student.device)
    with torch.no_grad():
        fresh = answer_loss(student.hidden(batch), student.head, batch.target, batch.weight, follow, base)
    if float(fresh.each.abs().max()) > tolerance:
        raise BackendError(
            "A fresh adapter already changes the model's answers. Install the pinned versions, "
            "`pip install '.[gpu]'`."
        )


def _log_probabilities(student: Student, batch: Pack) -> torch.Tensor:
    import torch

    nobody = torch.zeros(len(batch.target), dtype=torch.bool, device=student.device)
    with torch.no_grad():
        outcome = answer_loss(student.hidden(batch), student.head, batch.target, batch.weight, nobody, None)
    return -outcome.each
