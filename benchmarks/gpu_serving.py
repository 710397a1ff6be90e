"""After the training of a made-up night: what exporting costs, how fast a server dreams and is examined.

Dreams and probes go through the server child, the chat and the panel that a night uses, against a random
file of the asked shape. Whatever could not be measured says why.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.gpu_file import write_served
from benchmarks.night_rows import FACTS
from data.records import Chat, ChatRequest, Memory, Probe
from data.settings import DreamSettings, Gates, load_settings
from models.card import read_card
from models.chat import HttpChat
from models.dream_model import dream_with_model
from models.dreamer import dream
from models.server import serve_model
from models.server_child import has_card
from quality.probes import ask, night_probes

OWNERS = ("my", "my sister's", "my neighbour's", "my best friend's")
PARALLEL, CONTEXT = 8, 2048
WRITTEN = 1200  # tokens a model may write about one memory; a night is reckoned with all of them
NO_CARD = "the installed xllamacpp knows no card, so the processor answered; install its CUDA build"


def export_part(folder: Path) -> dict[str, Any]:
    """Merge and Q8_0 seconds per billion parameters on the processor, on a sixteenth of the matrices."""
    import gguf
    import numpy
    import torch
    from safetensors import safe_open

    merged = quantized = 0.0
    count = 0
    for shard in sorted(folder.glob("*.safetensors")):
        with safe_open(shard, framework="pt") as file:
            names = [name for name in file.keys() if name.endswith("_proj.weight")][::16]  # noqa: SIM118
            for name in names:
                weight = file.get_tensor(name)
                low, high = torch.randn(weight.shape[0], 16), torch.randn(16, weight.shape[1])
                started = time.perf_counter()
                whole = weight.float().addmm_(low, high, alpha=1e-3).half().numpy()
                merged += time.perf_counter() - started
                started = time.perf_counter()
                gguf.quants.quantize(whole.astype(numpy.float32), gguf.GGMLQuantizationType.Q8_0)
                quantized += time.perf_counter() - started
                count += whole.size
    return {
        "merge_s_per_billion": round(merged / count * 1e9, 1),
        "q8_0_s_per_billion": round(quantized / count * 1e9, 1),
    }


@dataclass(frozen=True)
class Capped:
    """A chat whose answers end after `tokens`, so that a slow server is measured in bounded time."""

    chat: Chat
    tokens: int

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        """One answer per request, in order."""
        return self.chat.complete(
            [replace(one, max_tokens=min(one.max_tokens, self.tokens)) for one in requests]
        )


def serve_part(
    shape: str,
    folder: Path,
    device: str,
    *,
    count: int = 100,
    tokens: int = 256,
    seconds: float = 20.0,
    parallel: int = PARALLEL,
) -> dict[str, Any]:
    """Rates of one file behind one server, for a night of `count` memories; each takes some `seconds`."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "served.gguf"
    billions = write_served(shape, file)
    memories = made_up(count)
    began = time.perf_counter()
    rules = dream(memories, 1, DreamSettings())
    by_rules = time.perf_counter() - began
    probes = night_probes(rules, memories, Gates())
    found: dict[str, Any] = {
        "billions": round(billions, 3),
        "file_gb": round(file.stat().st_size / 2**30, 2),
        "rule_dreams_s": round(by_rules, 2),
    }
    on_card = device != "cpu" and has_card()
    if device != "cpu" and not on_card:
        found["note"] = NO_CARD
        tokens //= 4
    free = _free_gb() if on_card else None
    began = time.perf_counter()
    with (
        serve_model(
            file, alias="served", context=CONTEXT, parallel=parallel, gpu_layers=-1 if on_card else 0
        ) as server,
        HttpChat.to(server, run="gpu-night", parallel=parallel) as chat,
    ):
        found |= {
            "server": "card" if on_card else "processor",
            "load_s": round(time.perf_counter() - began, 2),
        }
        found |= _dreaming(chat, memories, tokens, seconds, parallel)
        found |= _examining(chat, probes, seconds, parallel)
        if free is not None:
            found["server_gb"] = round(free - (_free_gb() or free), 2)
    return found


def made_up(count: int) -> list[Memory]:
    """That many memories, no two of them in one slot."""
    slots = [(owner, noun, value) for owner in OWNERS for noun, value in FACTS]
    return [
        Memory(
            f"m{number}", f"{owner.capitalize()} {noun} is {value}.", f"{owner} {noun}", "is", value,
            date(2026, 10, 5), (f"t{number}",),
        )
        for number, (owner, noun, value) in enumerate(slots[:count])
    ]  # fmt: skip


def _free_gb() -> float | None:
    card = read_card()
    return card.free_gb if card else None


def _dreaming(
    chat: HttpChat, memories: Sequence[Memory], tokens: int, seconds: float, parallel: int
) -> dict[str, Any]:
    """The rate at which the model writes dreams under their schema."""
    done = read = 0
    with counted(chat) as written:
        began = time.perf_counter()
        for wave in _waves(memories, parallel, seconds):
            read += len(dream_with_model(Capped(chat, tokens), wave, (), DreamSettings()))
            done += len(wave)
        took = time.perf_counter() - began
    rate = written() / took
    return {
        "dream_requests": done,
        "dream_tokens": written(),
        "dream_items_read": read,
        "dream_tokens_per_s": round(rate, 1),
        "night_dream_s_at_most": round(len(memories) * WRITTEN / rate, 1) if rate else None,
    }


def _examining(chat: HttpChat, probes: Sequence[Probe], seconds: float, parallel: int) -> dict[str, Any]:
    """The rate at which the panel is asked; a night asks the new file and, about what is new, the base."""
    persona = load_settings({}).recipe.persona
    done = 0
    began = time.perf_counter()
    for wave in _waves(probes, 4 * parallel, seconds):
        done += len(ask(chat, wave, persona))
    rate = done / (time.perf_counter() - began)
    return {
        "probes": done,
        "probes_of_a_night": len(probes),
        "probes_per_s": round(rate, 2),
        "night_examine_s": round(2 * len(probes) / rate, 1),
    }


def _waves(items: Sequence[Any], size: int, seconds: float) -> Iterator[Sequence[Any]]:
    """Parts of `items`, the first one always, the others while there is time."""
    end = time.perf_counter() + seconds
    for low in range(0, len(items), size):
        if low and time.perf_counter() > end:
            return
        yield items[low : low + size]


@contextmanager
def counted(chat: HttpChat) -> Iterator[Callable[[], int]]:
    """How many tokens the server says it has written for `chat` meanwhile."""
    told: list[int] = []

    def note(reply: Any) -> None:
        reply.read()
        if reply.status_code == 200:
            told.append(int(reply.json()["usage"]["completion_tokens"]))

    chat.client.event_hooks["response"].append(note)
    try:
        yield lambda: sum(told)
    finally:
        chat.client.event_hooks["response"].remove(note)
