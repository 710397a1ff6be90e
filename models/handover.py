"""Lending the graphics card to training: the live model steps aside where there is no room for both.

It comes back when training ends, fails or is killed, and at once when somebody wants to chat or another
program needs the card: training is then ended and goes on from its checkpoint when the card is quiet again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psutil

from data.errors import BackendError, NocturneError
from data.settings import Settings, Train
from models.base import Base
from models.card import read_card, stranger, workers
from models.gateway_client import gateway_status, pause_gateway, resume_gateway
from models.preset import Preset
from models.progress import Progress

T = TypeVar("T")
WATCH_SECONDS = 2.0
ROOM_SECONDS = 30.0
WHOLE_CARD = 0.9


class GaveWay(NocturneError):
    """Training was ended for somebody who needs the card now; the message says who."""


def lend_card(settings: Settings, gigabytes: float, work: Callable[[Progress], T], progress: Progress) -> T:
    """Run `work` with `gigabytes` of the card free, again and again until nobody else needed it meanwhile.

    `work` reports through the progress it is given and, called again, goes on from its checkpoint.
    BackendError when the card stays taken longer than card.patience_seconds.
    """
    reason = _other_program(settings)
    while True:
        if reason:
            _wait_for_quiet(settings, reason, progress)
        try:
            with stepped_aside(settings, gigabytes):
                return work(_giving_way(settings, progress))
        except GaveWay as gave:
            reason = str(gave)


def room_needed(preset: Preset, base: Base, train: Train) -> float:
    """Gigabytes of the card that training takes: what the preset says, else a guess from the base's size."""
    whole = base.template.stat().st_size / 2**30
    return preset.vram_gb or 2.0 + whole * (0.4 if train.load_in_4bit else 1.1)


@contextmanager
def stepped_aside(settings: Settings, gigabytes: float) -> Iterator[None]:
    """Have `gigabytes` of the card free inside, with the live model off it where that is needed."""
    how, card = settings.card.handover, read_card()
    on_card = settings.serve.backend != "url" and settings.serve.gpu_layers != 0
    away = on_card and how != "keep" and (card is None or card.free_gb < gigabytes)
    away = away and pause_gateway(settings, cpu=how == "cpu", wakes=settings.card.wake)
    try:
        _wait_for_room(gigabytes)
        yield
    finally:
        if away:
            resume_gateway(settings)


def _wait_for_room(gigabytes: float) -> None:
    """Give the driver a moment to free what was unloaded; BackendError when the card stays full."""
    end = time.monotonic() + ROOM_SECONDS
    while (card := read_card()) is not None and card.free_gb < min(gigabytes, WHOLE_CARD * card.total_gb):
        if time.monotonic() > end:
            raise BackendError(
                f"Training needs about {gigabytes:.0f} GB of the {card.name}, and {card.free_gb:.1f} GB are "
                "free. Close what else uses the card, or choose a smaller preset (`python -m flows doctor`)."
            )
        time.sleep(1.0)


def _giving_way(settings: Settings, progress: Progress) -> Progress:
    last = time.monotonic()

    def call(share: float, text: str) -> None:
        nonlocal last
        progress(share, text)
        if time.monotonic() - last < WATCH_SECONDS:
            return
        if (gateway_status(settings) or {}).get("asked_for"):
            raise GaveWay("somebody is chatting")
        if other := _other_program(settings):
            raise GaveWay(other)
        last = time.monotonic()

    return call


def _wait_for_quiet(settings: Settings, reason: str, progress: Progress) -> None:
    """Wait until nobody has used the card for card.quiet_seconds."""
    card = settings.card
    began = used = time.monotonic()
    while time.monotonic() - used < card.quiet_seconds:
        if time.monotonic() - began > card.patience_seconds:
            raise BackendError(
                f"The card was not free for training within {card.patience_seconds / 60:.0f} minutes: "
                f"{reason}. Run the night again; it goes on from its checkpoint."
            )
        progress(0.0, f"waiting: {reason}")
        time.sleep(min(WATCH_SECONDS, card.quiet_seconds))
        idle = (gateway_status(settings) or {}).get("idle_seconds")
        if idle is not None and idle < WATCH_SECONDS:
            reason, used = "somebody is chatting", time.monotonic()
        elif other := _other_program(settings):
            reason, used = other, time.monotonic()


def _other_program(settings: Settings) -> str:
    """A sentence about a program that uses the card and is neither this night nor the gateway's model."""
    found = workers()
    if not found:
        return ""
    servers = [one["pid"] for one in (gateway_status(settings) or {}).get("servers", []) if one["pid"]]
    other = stranger(found, settings.card.busy_percent, _families([psutil.Process().pid, *servers]))
    return f"{other.name} uses {other.share:.0f} % of the card" if other else ""


def _families(pids: Collection[int]) -> set[int]:
    """These processes and all below them."""
    found = set(pids)
    for pid in pids:
        try:
            found |= {child.pid for child in psutil.Process(pid).children(recursive=True)}
        except psutil.NoSuchProcess:
            continue
    return found
