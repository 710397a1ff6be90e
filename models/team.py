"""A night's batches shared among processes of few threads, because two threads on a small model mostly wait.

A step of 16 rows of the 135M base takes one thread hardly longer than two (`python -m benchmarks.training`
measures both ways). Here every process holds the same base, learns its share of each batch and writes its
gradient into memory they all map; this process adds them in a fixed order and moves the adapter, which
lives in the same memory. What the helpers make is bound to this process: when it ends, so do they.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from data.errors import BackendError
from data.settings import CHECKOUT
from models.cores import kept_memory, split
from models.frozen import Frozen
from models.learner import Course, Learner, Lesson, Solo, learn, look, references
from models.loss import Reference
from models.neurons import Reading, plant, survey
from models.packing import Row
from models.progress import Progress, silent
from models.schedule import Seen
from models.trl_backend import CpuStudent

if TYPE_CHECKING:
    import numpy as np
    import torch

    # A Reference as arrays, because a tensor cannot be sent without a server of its own.
    View = tuple[np.ndarray, np.ndarray, np.ndarray]


# A process took 2.4 GB with a base of 0.27 GB and 4.1 GB with one of 0.72 GB: this is a quarter above both.
LEAST_BYTES, BYTES_PER_BYTE = 1_750_000_000, 4.5
# Starting a helper costs some seconds, which a short run does not win back.
LEAST_VISITS = 600


@contextmanager
def cpu_learner(course: Course) -> Iterator[Learner]:
    """One student with all threads, or a team of them where that is faster."""
    import torch

    size = sum(path.stat().st_size for path in course.base.glob("*.safetensors"))
    count, threads = split(size, course.s.threads, member_bytes(size))
    if len(course.rows) * course.s.passes < LEAST_VISITS:
        count, threads = 1, course.s.threads or torch.get_num_threads()
    with learner_of(course, count, threads) as learner:
        yield learner


def member_bytes(size: int) -> int:
    """The memory one process may take for weights, moments and a batch, for a 16-bit base of `size` bytes."""
    return round(LEAST_BYTES + BYTES_PER_BYTE * size)


@contextmanager
def learner_of(course: Course, count: int, threads: int) -> Iterator[Solo | Team]:
    """A learner of `count` processes with `threads` each; torch's threads are put back."""
    import torch

    before = torch.get_num_threads()
    try:
        torch.set_num_threads(threads)
        with kept_memory():
            if count == 1:
                student = CpuStudent(course.base, course.s, course.seed, start=course.start)
                yield Solo(student, course.s)
            else:
                with Team.of(course, count, threads) as team:
                    yield team
    finally:
        torch.set_num_threads(before)


class Team:
    """Several students of one adapter; see models.learner.Learner."""

    device = "cpu"

    def __init__(self, own: Member, helpers: Sequence[Helper]) -> None:
        self.own, self.helpers = own, helpers
        self.parameters = own.student.parameters

    @classmethod
    @contextmanager
    def of(cls, course: Course, count: int, threads: int) -> Iterator[Team]:
        """A team of `count` processes that live for this block."""
        memory = os.memfd_create("nocturne-team")
        with ExitStack() as stack:
            stack.callback(os.close, memory)
            helpers = [stack.enter_context(_helper(number, memory)) for number in range(1, count)]
            for one in helpers:
                one.send("join", threads, course, one.number, count, memory)
            team = cls(Member(course, 0, count, memory), helpers)
            team.receive()
            yield team

    def prepare(self, rows: Sequence[Row], progress: Progress) -> None:
        """See models.learner.Learner."""
        self._together("prepare", progress)

    def read_base(self, rows: Sequence[Row], progress: Progress) -> None:
        """See models.learner.Learner."""
        everything: dict[str, View] = {}
        for part in self._together("read_base", progress):
            everything |= part
        self.own.know(everything)
        for one in self.helpers:
            one.send("know", everything)
        self.receive()

    def plant(self, rows: Sequence[Row], progress: Progress) -> None:
        """See models.learner.Learner."""
        if self.own.student.neurons:
            plant(self.own.student, self._together("survey", progress))
            self.settle()

    def settle(self) -> None:
        """See models.learner.Learner."""
        self._together("settle")

    def receive(self) -> list[Any]:
        """What every helper answers."""
        return [one.receive() for one in self.helpers]

    def learn(self, rows: Sequence[Row]) -> Lesson:
        """See models.learner.Learner."""
        shares = deal(rows, 1 + len(self.helpers))
        whole = sum(sum(row.weights) for row in rows)
        for one, share in zip(self.helpers, shares[1:], strict=True):
            one.send("learn", [self.own.places[row.id] for row in share], whole)
        lessons = [self.own.learn([self.own.places[row.id] for row in shares[0]], whole)]
        for one in self.helpers:
            lessons.append(one.receive())
            self.own.add(one.number)
        return Lesson(
            loss=sum(lesson.loss for lesson in lessons),
            answer_tokens=sum(lesson.answer_tokens for lesson in lessons),
            seen={name: seen for lesson in lessons for name, seen in lesson.seen.items()},
        )

    def look(self, rows: Sequence[Row], progress: Progress) -> dict[str, Seen]:
        """See models.learner.Learner."""
        return {name: seen for part in self._together("look", progress) for name, seen in part.items()}

    def save(self, folder: Path) -> None:
        """See models.learner.Learner."""
        self.own.student.save(folder)

    def _together(self, verb: str, *values: Any) -> list[Any]:
        """What this process finds, which is told `values`, and what every helper does."""
        for one in self.helpers:
            one.send(verb)
        mine = getattr(self.own, verb)(*values)
        return [mine, *self.receive()]


class Member:
    """One process of a team: its student, its part of the work, and the memory all of them map.

    The memory holds, in float32, the adapter, a gradient per process, and the frozen layers' output.
    """

    def __init__(self, course: Course, number: int, count: int, memory: int) -> None:
        rows, s = course.rows, course.s
        self.rows, self.s, self.number, self.count = rows, s, number, count
        self.places = {row.id: place for place, row in enumerate(rows)}
        self.references: dict[str, Reference] = {}
        self.student = CpuStudent(course.base, s, course.seed, start=course.start)
        self.student.hold_part(number, count)
        size = sum(value.numel() for value in self.student.parameters.values())
        width = Frozen.numbers(rows, self.student.width)
        whole = _mapped(memory, (1 + count) * size + width)
        self.student.frozen = Frozen(rows, self.student.width, whole[(1 + count) * size :])
        self.gradients = [whole[(1 + n) * size : (2 + n) * size] for n in range(count)]
        self._share(whole[:size])

    def _share(self, adapter: torch.Tensor) -> None:
        """Let the parameters live in the shared memory; the first process brings their values."""
        for value, place in self._places(adapter):
            if self.number == 0:
                place.copy_(value.data)
            value.data = place

    def _places(self, memory: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        start = 0
        for value in self.student.parameters.values():
            yield value, memory[start : start + value.numel()].view_as(value)
            start += value.numel()

    def prepare(self, progress: Progress = silent) -> None:
        """This process's part of the frozen layers' work."""
        self.student.prepare(self.rows, progress, self.number, self.count)

    def read_base(self, progress: Progress = silent) -> dict[str, View]:
        """This process's part of the base's view."""
        found = references(self.student, self.rows, self.s.batch_rows, progress, self.number, self.count)
        return {
            row: (one.ids.numpy(), one.probabilities.numpy(), one.tail.numpy()) for row, one in found.items()
        }

    def survey(self, progress: Progress = silent) -> Reading:
        """What the layers that learn read of this process's part of the rows."""
        return survey(self.student, self.rows, progress, self.number, self.count)

    def settle(self) -> None:
        """Take up what the first process planted."""
        self.student.settle()

    def look(self, progress: Progress = silent) -> dict[str, Seen]:
        """How this process's part of the rows is answered."""
        return look(self.student, self.rows, self.s.batch_rows, progress, self.number, self.count)

    def know(self, views: dict[str, View]) -> None:
        """Take the base's view of all rows."""
        import torch

        self.references = {
            row: Reference(*(torch.from_numpy(part) for part in view)) for row, view in views.items()
        }

    def learn(self, places: Sequence[int], whole: float) -> Lesson:
        """The gradient of these rows' part of a batch of weight `whole`, and of holding its layers.

        A helper leaves it in its place.
        """
        import torch

        rows = [self.rows[place] for place in places]
        share = sum(sum(row.weights) for row in rows) / whole
        lesson = Lesson(0.0, 0, {})
        if rows:
            lesson = learn(self.student, rows, self.references, self.s.kl_weight, share)
        for value in self.student.parameters.values():
            value.grad = torch.zeros_like(value) if value.grad is None else value.grad
        self.student.hold()
        if self.number:
            for value, place in self._places(self.gradients[self.number]):
                assert value.grad is not None
                place.copy_(value.grad)
                value.grad = None
        return lesson

    def add(self, number: int) -> None:
        """Add another process's gradient to this one's."""
        for value, place in self._places(self.gradients[number]):
            assert value.grad is not None
            value.grad.add_(place)


class Helper:
    """Another process of the team, as this one sees it."""

    def __init__(
        self, number: int, process: subprocess.Popen[bytes], line: Connection, said: IO[bytes]
    ) -> None:
        self.number, self.process, self.line, self.said = number, process, line, said

    def send(self, verb: str, *values: Any) -> None:
        """Ask for something; the answer is received later."""
        try:
            self.line.send((verb, values))
        except OSError as error:
            raise self._gone() from error

    def receive(self) -> Any:
        """The answer to what was asked first; BackendError when the process is gone."""
        try:
            return self.line.recv()
        except (EOFError, OSError) as error:
            raise self._gone() from error

    def _gone(self) -> BackendError:
        code = self.process.wait()
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        why = lines[-1] if lines else "it was killed, most likely for want of memory"
        return BackendError(
            f"A training process ended (exit {code}): {why}. Close other programs and run the night again to "
            "continue from the checkpoint, or set NOCTURNE_RECIPE__TRAIN__THREADS=1 to train in one process."
        )


@contextmanager
def _helper(number: int, memory: int) -> Iterator[Helper]:
    """A process that answers on a line of its own until the line is closed."""
    line, theirs = Pipe()
    with tempfile.TemporaryFile() as said, line:
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "models.team", str(theirs.fileno())],
                cwd=CHECKOUT,
                env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
                pass_fds=(theirs.fileno(), memory),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
        try:
            yield Helper(number, process, line, said)
        finally:
            line.close()
            process.kill()
            process.wait()


def deal(rows: Sequence[Row], count: int) -> list[list[Row]]:
    """The rows in `count` shares of about the same number of tokens; the first is never empty."""
    shares: list[list[Row]] = [[] for _ in range(count)]
    loads = [0] * count
    for row in sorted(rows, key=lambda row: -len(row.own)):
        least = loads.index(min(loads))
        shares[least].append(row)
        loads[least] += len(row.own)
    return shares


def _mapped(memory: int, numbers: int) -> torch.Tensor:
    """Shared memory as float32, all of it reserved now rather than missed later."""
    import torch

    os.posix_fallocate(memory, 0, 4 * numbers)
    return torch.from_file(f"/proc/self/fd/{memory}", shared=True, size=numbers, dtype=torch.float32)


def _serve(line: Connection) -> None:
    """A helper's life: join, then do what is asked until the line is closed."""
    import torch

    _, (threads, *joining) = line.recv()
    torch.set_num_threads(threads)
    with kept_memory():
        member = Member(*joining)
        line.send(None)
        while True:
            try:
                verb, values = line.recv()
            except EOFError:
                return
            line.send(getattr(member, verb)(*values))


if __name__ == "__main__":
    _serve(Connection(int(sys.argv[1])))
