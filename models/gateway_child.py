"""One model server behind the gateway, as the pool counts it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from data.errors import NocturneError
from models.server import ModelServer

BASE = "base"


class Unavailable(NocturneError):
    """No model can answer now; `retry_after` says in how many seconds to ask again."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(eq=False)
class Child:
    """One server process with its count of requests; `aside` while it stands in without the card."""

    id: str
    gguf: Path
    server: ModelServer
    aside: bool = False
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    in_flight: int = 0
    served: int = 0
    failed: int = 0
    strikes: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.idle.set()


@dataclass(frozen=True, slots=True)
class Flip:
    """How a publish or rollback went, in milliseconds."""

    generation: str
    load_ms: float
    point_ms: float
    flip_ms: float
