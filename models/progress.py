"""How far long work on a model has come, as a share and a line, told to whoever asked to hear it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[float, str], None]


def silent(share: float, text: str) -> None:
    """Progress that nobody watches."""
