"""One step of learning on some rows: the loss of a pack, its gradient, and how each row's answer looked.

A `Student` is what a backend brings: hidden states of a pack with the adapter on, the base's view with
it off, and a way to save. A `Learner` is what the loop drives: one student by itself (`Solo`) or several
processes (models.team). Knows nothing of passes, rates or checkpoints.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from data.errors import BackendError
from data.settings import Train
from models.loss import Outcome, Reference, answer_loss, reference
from models.packing import FIRST_WORDS, Pack, Row
from models.progress import Progress
from models.schedule import Seen

if TYPE_CHECKING:
    import torch


LOOKS = 4


@dataclass(frozen=True)
class Course:
    """All that decides an adapter: the base in a folder, the rows, the recipe, and what is begun with."""

    base: Path
    rows: tuple[Row, ...]
    s: Train
    seed: int
    start: Path | None = None


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

    def plant(self, rows: Sequence[Row], progress: Progress) -> None:
        """Prepare a fresh adapter for what these rows ask, where the backend can."""

    def settle(self) -> None:
        """Take up what was planted before a run was killed."""

    def hold(self) -> None:
        """Add the gradient that keeps the adapted layers near the base, where the backend can."""

    def save(self, folder: Path) -> None:
        """Write the adapter in PEFT's format."""


class Learner(Protocol):
    """Whoever learns the batches of a run: the adapter's parameters, and what the loop asks for."""

    device: str
    parameters: dict[str, torch.Tensor]

    def prepare(self, rows: Sequence[Row], progress: Progress) -> None:
        """Do once what every pass would repeat."""

    def read_base(self, rows: Sequence[Row], progress: Progress) -> None:
        """Remember the base's view of every kl row."""

    def plant(self, rows: Sequence[Row], progress: Progress) -> None:
        """Prepare a fresh adapter for what these rows ask; comes after the base was read."""

    def settle(self) -> None:
        """Take up what was planted before a run was killed."""

    def learn(self, rows: Sequence[Row]) -> Lesson:
        """Add the gradient of one batch to the parameters, and what keeps the layers near the base."""

    def look(self, rows: Sequence[Row], progress: Progress) -> dict[str, Seen]:
        """How the adapter answers every row with an answer of its own, learnt before or not."""

    def save(self, folder: Path) -> None:
        """Write the adapter in PEFT's format."""


@dataclass(frozen=True)
class Lesson:
    """What a batch taught: its loss, its answer tokens, and how sure each row's answer was before."""

    loss: float
    answer_tokens: int
    seen: dict[str, Seen]


class Solo:
    """One student that learns whole batches by itself."""

    def __init__(self, student: Student, s: Train) -> None:
        self.student, self.s = student, s
        self.device, self.parameters = student.device, student.parameters
        self.references: dict[str, Reference] = {}

    def prepare(self, rows: Sequence[Row], progress: Progress) -> None:
        """See Learner."""
        self.student.prepare(rows, progress)

    def read_base(self, rows: Sequence[Row], progress: Progress) -> None:
        """See Learner."""
        self.references = references(self.student, rows, self.s.batch_rows, progress)

    def plant(self, rows: Sequence[Row], progress: Progress) -> None:
        """See Learner."""
        self.student.plant(rows, progress)

    def learn(self, rows: Sequence[Row]) -> Lesson:
        """See Learner."""
        lesson = learn(self.student, rows, self.references, self.s.kl_weight)
        self.student.hold()
        return lesson

    def look(self, rows: Sequence[Row], progress: Progress) -> dict[str, Seen]:
        """See Learner."""
        return look(self.student, rows, self.s.batch_rows, progress)

    def settle(self) -> None:
        """See Learner."""
        self.student.settle()

    def save(self, folder: Path) -> None:
        """See Learner."""
        self.student.save(folder)


def learn(
    student: Student,
    rows: Sequence[Row],
    references: Mapping[str, Reference],
    kl_weight: float,
    share: float = 1.0,
) -> Lesson:
    """Add the gradient of `share` times the loss of `rows`, which is that loss's part of a larger batch."""
    batch = student.pack(rows)
    outcome = batch_loss(student, batch, references, kl_weight)
    (outcome.total * share).backward()
    return Lesson(share * float(outcome.total.detach()), len(batch.target), _seen(batch, outcome))


def look(
    student: Student,
    rows: Sequence[Row],
    size: int,
    progress: Progress,
    part: int = 0,
    parts: int = 1,
) -> dict[str, Seen]:
    """How sure the answers to the ce rows are now, read without learning; see `packs` for which.

    Without a gradient a pack has room for LOOKS times the `size` of a batch.
    """
    import torch

    gold = [row for row in rows if row.loss == "ce"]
    found: dict[str, Seen] = {}
    with torch.no_grad():
        for batch in packs(student, gold, LOOKS * size, part, parts, progress, "asking what is not learnt"):
            found |= _seen(batch, batch_loss(student, batch, {}, 1.0))
    return found


def references(
    student: Student,
    rows: Sequence[Row],
    size: int,
    progress: Progress,
    part: int = 0,
    parts: int = 1,
) -> dict[str, Reference]:
    """The base's distribution on the kl rows; see `packs` for which."""
    following = [row for row in rows if row.loss == "kl"]
    found: dict[str, Reference] = {}
    for batch in packs(student, following, size, part, parts, progress, "reading the base's answers"):
        whole = reference(student.base_hidden(batch), student.head)
        start = 0
        for row in batch.rows:
            found[row.id] = whole.slice(start, start + len(row.answer))
            start += len(row.answer)
    return found


def packs(
    student: Student, rows: Sequence[Row], size: int, part: int, parts: int, progress: Progress, doing: str
) -> Iterator[Pack]:
    """`rows` in batches of `size` that a resumed run repeats exactly, told to `progress` when done.

    Of the batches only each `parts`-th from `part` on is given, so that several processes can share them.
    """
    for low in range(part * size, len(rows), parts * size):
        yield student.pack(rows[low : low + size])
        progress(0.0, f"{doing} {min(low + size, len(rows))}/{len(rows)}")


def batch_loss(
    student: Student, batch: Pack, references: Mapping[str, Reference], kl_weight: float
) -> Outcome:
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
        right = rights[start:stop]
        found[row.id] = Seen(min(probabilities[start:stop]), all(right), all(right[:FIRST_WORDS]))
        start = stop
    return found


def prove_packing(student: Student, rows: Sequence[Row], tolerance: float = 0.05) -> None:
    """Raise BackendError unless a pack gives each row's own log-probabilities and the adapter starts at zero.

    `tolerance` is in nats, for kernels that add in another order in bf16.
    """
    import torch

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
