"""Memory of model servers as the kernel counts it: one alone, and two warm generations beside each other.

Pss counts a page that several processes map by its share in each, so the sum over servers is what they take
together. Clean pages are those of mapped files, which the kernel drops when others need the memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from data.records import Generation
from data.settings import Settings
from models.server import ModelServer, server_for

KINDS = ("Rss", "Pss", "Private_Dirty", "Private_Clean", "Shared_Clean")
CHAT = [{"role": "user", "content": "Name one colour."}]


def pages(pid: int) -> dict[str, int]:
    """A process's memory in MB, by kind."""
    _, *lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    counts = {line.partition(":")[0]: int(line.split()[1]) for line in lines}
    return {f"{kind.lower()}_mb": round(1.024e-3 * counts[kind]) for kind in KINDS}


def together(servers: Sequence[dict[str, int]]) -> int:
    """Megabytes that these servers take at one time."""
    return sum(server["pss_mb"] for server in servers)


def side_by_side(settings: Settings, first: Generation, second: Generation) -> dict[str, Any]:
    """The first generation alone, then both, each after one short answer."""
    with server_for(first.gguf, first.id, settings.serve) as one:
        _answer(one)
        alone = _held(one)
        with server_for(second.gguf, second.id, settings.serve) as other:
            _answer(other)
            both = [_held(one), _held(other)]
    return {
        "alone": alone,
        "both": both,
        "both_pss_mb": together(both),
        "twice_alone_pss_mb": 2 * alone["pss_mb"],
    }


def _held(server: ModelServer) -> dict[str, int]:
    assert server.pid
    return pages(server.pid)


def _answer(server: ModelServer) -> None:
    body = {"messages": CHAT, "max_tokens": 16, "temperature": 0}
    reply = httpx.post(
        f"{server.url}/v1/chat/completions", json=body, headers=server.headers, timeout=60, trust_env=False
    )
    reply.raise_for_status()
