"""The NVIDIA card as its driver describes it: memory, warmth, who works on it, and when to hold back.

Asks `nvidia-smi`, which comes with the driver, so that the main process never opens the card itself.
Where there are several, the first one counts, which is the one training takes.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

import psutil

from data.errors import BackendError
from data.settings import Card

LOOK_SECONDS = 5.0
COOLER = 5.0
ASK_SECONDS = 20.0
QUERY = "name,driver_version,memory.total,memory.free,temperature.gpu,power.draw"


@dataclass(frozen=True, slots=True)
class Reading:
    """What the card says now; None where it does not tell."""

    name: str
    driver: str
    total_gb: float
    free_gb: float
    celsius: float | None
    watts: float | None


@dataclass(frozen=True, slots=True)
class Worker:
    """A process on the card with the share of it that it uses, in percent."""

    pid: int
    share: float
    name: str


def read_card() -> Reading | None:
    """The first card; None without an NVIDIA driver. BackendError when the driver does not answer."""
    said = _ask(f"--query-gpu={QUERY}", "--format=csv,noheader,nounits")
    return None if said is None else parse_card(said)


def parse_card(text: str) -> Reading:
    """The first line of nvidia-smi's comma-separated answer to QUERY."""
    words = [word.strip() for word in text.strip().splitlines()[0].rsplit(",", 5)] if text.strip() else []
    numbers = [_number(word) for word in words[2:]]
    if len(words) != 6 or numbers[0] is None or numbers[1] is None:
        raise BackendError(f"nvidia-smi gave an answer that cannot be read: {text.strip()[:100]!r}.")
    total, free, celsius, watts = numbers
    return Reading(words[0], words[1], (total or 0) / 1024, (free or 0) / 1024, celsius, watts)


def workers() -> list[Worker]:
    """Who computes or draws on the first card now; empty where the driver does not tell."""
    try:
        return parse_workers(_ask("pmon", "-c", "1", "-s", "u") or "")
    except BackendError:
        return []


def parse_workers(text: str) -> list[Worker]:
    """The rows of `nvidia-smi pmon` for card 0 that name a process; columns differ by driver, not these."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) >= 5 and words[0] == "0" and words[1].isdigit():
            found.append(Worker(int(words[1]), _number(words[3]) or 0.0, words[-1]))
    return found


def stranger(found: Collection[Worker], percent: int, ours: Collection[int]) -> Worker | None:
    """Who else uses at least `percent` of the card.

    A process that cannot be seen from here is in another container, perhaps as our own; it does not count.
    """
    others = [w for w in found if w.share >= percent and w.pid not in ours and psutil.pid_exists(w.pid)]
    return max(others, key=lambda worker: worker.share, default=None)


def sparing(
    progress: Callable[[float, str], None],
    card: Card,
    read: Callable[[], Reading | None] = read_card,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Callable[[float, str], None]:
    """`progress` that also makes the training calling it wait while the card is too hot or draws too much.

    A card above `card.hottest` rests until it is a few degrees cooler. Above `card.most_watts` every stretch
    of work is followed by a rest that brings the mean down to the limit.
    """
    last = clock()

    def call(share: float, text: str) -> None:
        nonlocal last
        progress(share, text)
        worked = clock() - last
        if worked < LOOK_SECONDS:
            return
        reading = read()
        if reading is not None and card.most_watts and (reading.watts or 0.0) > card.most_watts:
            sleep(worked * ((reading.watts or 0.0) / card.most_watts - 1.0))
        limit = card.hottest
        while reading is not None and (reading.celsius or 0.0) > limit:
            limit = card.hottest - COOLER
            progress(share, f"waiting: the card is {reading.celsius:.0f} degrees warm")
            sleep(LOOK_SECONDS)
            reading = read()
        last = clock()

    return call


def has_card() -> bool:
    """Whether an NVIDIA driver is installed, asked without waking the card."""
    return shutil.which("nvidia-smi") is not None


def torch_cuda() -> tuple[str | None, bool]:
    """The CUDA version torch was built for, None for a CPU build, and whether torch can use the card."""
    import torch

    return torch.version.cuda, torch.cuda.is_available()


def _ask(*words: str) -> str | None:
    path = shutil.which("nvidia-smi")
    if path is None:
        return None
    try:
        done = subprocess.run(
            [path, *words], capture_output=True, text=True, check=False, timeout=ASK_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BackendError(
            f"nvidia-smi does not answer ({type(error).__name__}). Check the driver."
        ) from error
    if done.returncode:
        said = (done.stdout or done.stderr).strip().splitlines()[:1] or [f"exit {done.returncode}"]
        raise BackendError(f"nvidia-smi fails: {said[0][:200]}. Reinstall the NVIDIA driver.")
    return done.stdout


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None
