"""Many questions to one model file: a server for every core, because small models lose time between threads.

Two servers of one thread each answered 96 examination questions of the 135M base in 18 s where one server of
two threads took 35 s (2 cores, `python -m benchmarks.asking`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from data.records import ChatRequest
from models.card import has_card
from models.chat import HttpChat
from models.cores import split as cores_split
from models.gguf_parts import model_size
from models.server import serve_model

Progress = Callable[[float], None]


@dataclass(frozen=True)
class Crew:
    """A `Chat` whose requests are dealt to several servers of the same file."""

    chats: tuple[HttpChat, ...]
    progress: Progress | None = None

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        """One answer per request, in order; raises BackendError when a server fails."""
        count = len(self.chats)
        dealt = [requests[number::count] for number in range(count)]
        done = [0.0] * count

        def ask(number: int) -> list[str]:
            def tell(share: float) -> None:
                done[number] = share * len(dealt[number])
                if self.progress:
                    self.progress(sum(done) / len(requests))

            self.chats[number].progress = tell
            return self.chats[number].complete(dealt[number])

        with ThreadPoolExecutor(count) as pool:
            parts = list(pool.map(ask, range(count)))
        return [parts[place % count][place // count] for place in range(len(requests))]


@contextmanager
def crew(
    gguf: Path,
    *,
    run: str,
    context: int = 2048,
    parallel: int = 4,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Iterator[Crew]:
    """Servers of `gguf` that live for this block; `context` is per request, `threads` for all together.

    `parallel` is per server: the more requests share a step, the more an answer near a tie hangs on them.
    """
    cores = threads or os.cpu_count() or 1
    count, each = split(cores, gguf)
    with ExitStack() as stack:
        chats = []
        for _ in range(count):
            server = stack.enter_context(
                serve_model(gguf, alias=run, context=context, parallel=parallel, threads=each)
            )
            chats.append(stack.enter_context(HttpChat.to(server, run=run, parallel=parallel)))
        yield Crew(tuple(chats), progress)


def split(cores: int, gguf: Path) -> tuple[int, int]:
    """How many servers, and how many threads each: one server where a card or a large file does the work."""
    if not gguf.is_file() or has_card():
        return 1, cores
    return cores_split(model_size(gguf), cores)
