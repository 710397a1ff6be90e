"""The training loop both backends share: batches, optimizer, early stop, checkpoints that resume exactly.

Everything random is drawn from the seed by the schedule, so a run that was killed continues from its
checkpoint to the same adapter. What a step does is a learner's (models.learner).
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BackendError
from data.settings import Train
from models.learner import Learner
from models.packing import Row
from models.progress import Progress
from models.schedule import Seen, plan_closing, plan_pass
from models.warm_start import begin

if TYPE_CHECKING:
    import torch

FLOOR, LAST = 0.05, 0.005


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
    learner: Learner,
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
    learner.prepare(rows, progress)
    if start:
        begin(learner.parameters, start)
    optimizer = adamw(learner.parameters, s)
    state = _resume(learner, optimizer, checkpoint, mark)
    started = began - state.seconds
    learner.read_base(rows, progress)
    if state.step:
        learner.settle()
    else:
        learner.plant(rows, progress)
    saved = time.monotonic()
    while batches := _batches(rows, state, s, seed):
        while state.batch_number < len(batches):
            rate = s.rate * rate_share(state, len(batches), s)
            chosen = [rows[index] for index in batches[state.batch_number]]
            _step(learner, optimizer, chosen, rate, state)
            state.batch_number += 1
            state.seconds = time.monotonic() - started
            progress(_share(state, len(batches), s), _line(state, batches, s))
            if time.monotonic() - saved >= s.checkpoint_seconds:
                _write(learner, optimizer, state, checkpoint, mark)
                saved = time.monotonic()
        if state.closing:
            break
        _next_pass(state, learner, rows, s, seed, progress)
    return state


def adamw(parameters: Mapping[str, torch.Tensor], s: Train) -> torch.optim.Optimizer:
    """AdamW in which the outer matrices of the adapter learn faster, because they start at nothing.

    LoRA+ (Hayou, Ghosh and Yu, 2024); a night has too few steps for a second moment over a thousand of them.
    """
    import torch

    outer = [value for name, value in parameters.items() if "lora_B" in name]
    inner = [value for name, value in parameters.items() if "lora_B" not in name]
    groups = [{"params": inner, "times": 1.0}, {"params": outer, "times": s.outer_rate}]
    return torch.optim.AdamW(groups, lr=s.rate, betas=(0.9, 0.99), weight_decay=0.0, fused=True)


def move(optimizer: torch.optim.Optimizer, parameters: Mapping[str, torch.Tensor], rate: float) -> None:
    """One step of an `adamw` at `rate` along the gradient that `parameters` hold, which is gone after it."""
    import torch

    for group in optimizer.param_groups:
        group["lr"] = rate * group["times"]
    torch.nn.utils.clip_grad_norm_(list(parameters.values()), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)


def _batches(rows: Sequence[Row], state: State, s: Train, seed: int) -> list[tuple[int, ...]]:
    if state.closing:
        return plan_closing(rows, state.step - state.batch_number, state.seen_before, s, seed)
    return plan_pass(rows, state.pass_number, state.seen_before, s, seed)


def _next_pass(
    state: State, learner: Learner, rows: Sequence[Row], s: Train, seed: int, progress: Progress
) -> None:
    state.pass_number += 1
    state.batch_number = 0
    if state.pass_number < s.passes or s.closing_share:
        share = _share(state, 1, s)
        found = learner.look(rows, lambda _, line: progress(share, line))
        wrong = sum(not answer.right for answer in found.values())
        progress(share, f"{wrong} of {len(found)} rows are answered wrong")
        state.seen |= found
    state.seen_before = dict(state.seen)
    state.closing = not plan_pass(rows, state.pass_number, state.seen_before, s, seed)


def rate_share(state: State, batches: int, s: Train) -> float:
    """Share of the peak rate: warm-up by steps, linear to FLOOR by passes, and from there to LAST.

    A closing that raises the rate again moves the line between answering and denying and leaves it there:
    docs/experiments.md, "A closing that settles".
    """
    warm = min(1.0, (state.step + 1) / (s.warmup_steps + 1))
    part = state.batch_number / batches
    if state.closing:
        return warm * (FLOOR + (LAST - FLOOR) * part)
    done = (state.pass_number + part) / s.passes
    return warm * (FLOOR + (1.0 - FLOOR) * (1.0 - min(1.0, done)))


def _step(
    learner: Learner,
    optimizer: torch.optim.Optimizer,
    rows: Sequence[Row],
    rate: float,
    state: State,
) -> None:
    lesson = learner.learn(rows)
    move(optimizer, learner.parameters, rate)
    if lesson.loss != lesson.loss:
        raise BackendError(
            f"The loss became NaN at step {state.step + 1}. Lower the rate, NOCTURNE_RECIPE__TRAIN__RATE."
        )
    state.losses.append(lesson.loss)
    state.step += 1
    state.rows += len(rows)
    state.answer_tokens += lesson.answer_tokens
    state.seen.update(lesson.seen)


def _share(state: State, batches: int, s: Train) -> float:
    if state.closing:
        return (1.0 - s.closing_share) + s.closing_share * state.batch_number / batches
    return (1.0 - s.closing_share) * (state.pass_number + state.batch_number / batches) / s.passes


def _line(state: State, batches: Sequence[Any], s: Train) -> str:
    where = "closing" if state.closing else f"pass {state.pass_number + 1} of at most {s.passes}"
    return f"{where}, batch {state.batch_number}/{len(batches)}, loss {state.losses[-1]:.3f}"


def _write(learner: Learner, optimizer: Any, state: State, path: Path, mark: str) -> None:
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        torch.save(
            {
                "mark": mark,
                "state": json.dumps(asdict(state)),
                "adapter": {name: value.detach().cpu().clone() for name, value in learner.parameters.items()},
                "optimizer": optimizer.state_dict(),
            },
            file,
        )
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def _resume(learner: Learner, optimizer: Any, path: Path, mark: str) -> State:
    """The state in `path` with adapter and optimizer put back, or a fresh state when it is not this run's."""
    import pickle

    import torch

    if not path.is_file():
        return State()
    try:
        saved = torch.load(path, map_location=learner.device, weights_only=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError):
        return State()
    if saved.get("mark") != mark:
        return State()
    with torch.no_grad():
        for name, value in learner.parameters.items():
            value.copy_(saved["adapter"][name])
    optimizer.load_state_dict(saved["optimizer"])
    return state_from_json(saved["state"])


def state_from_json(text: str) -> State:
    """The state a run wrote."""
    values = json.loads(text)
    for name in ("seen", "seen_before"):
        values[name] = {row: Seen(**last) for row, last in values[name].items()}
    return State(**values)
