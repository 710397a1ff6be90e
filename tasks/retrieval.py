"""Memories found for a question, for the gateway to put beside the weights when retrieval is switched on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data.errors import StoreBusy
from data.settings import Settings
from data.store import Store
from models import embedding
from models.gateway_request import text_of

MEMORIES = 5
PATIENCE_SECONDS = 0.2


def retriever(settings: Settings) -> Callable[[Sequence[Mapping[str, Any]]], str | None]:
    """A function from a chat's messages to a few sentences about the person, or None.

    While a night holds the store a chat does not wait for it: the answer then comes from the weights
    alone.
    """

    def context(messages: Sequence[Mapping[str, Any]]) -> str | None:
        said = [text_of(m.get("content")) for m in messages if m.get("role") == "user"]
        asked = [text for text in said if text.strip()]
        if not asked or not settings.database.exists():
            return None
        try:
            with Store(settings.database, wait_seconds=PATIENCE_SECONDS) as store:
                embed = None if embedding.missing() else embedding.embed
                found = store.memories.search(asked[-1], MEMORIES, embed=embed)
        except StoreBusy:
            return None
        if not found:
            return None
        return "The user told you earlier: " + " ".join(memory.statement for memory, _ in found)

    return context
