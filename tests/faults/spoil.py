"""Accidents other than a kill, installed in the process that meets them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.faults.points import replace


def _before(target: str, accident: Callable[..., None]) -> Callable[[], None]:
    def wrap(real: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(real)
        def struck(*args: Any, **kwargs: Any) -> Any:
            accident(*args)
            return real(*args, **kwargs)

        return struck

    return lambda: replace(target, wrap)


def _model(settings: Any, generation: str) -> Path:
    """The last file of the model, which other nights share."""
    from models.gguf_parts import parts
    from models.registry import Registry

    return parts(Registry(settings.models).get(generation).gguf)[-1]


def flip(settings: Any, generation: str) -> None:
    """Change one bit in the middle of the model that is about to be published."""
    path = _model(settings, generation)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(settings: Any, generation: str) -> None:
    """Cut the model that is about to be published in half."""
    path = _model(settings, generation)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def end_the_server(*args: Any) -> None:
    """Kill the model servers of this process, as a crash of llama.cpp would.

    Two servers are asked at once, so another call may have killed one already.
    """
    import psutil

    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            if "models.server_child" in " ".join(child.cmdline()):
                child.kill()
                child.wait()


SPOILS = {
    "flipped": _before("tasks.publish:put_live", flip),
    "cut": _before("tasks.publish:put_live", cut),
    "server": _before("models.chat:HttpChat.complete", end_the_server),
}
