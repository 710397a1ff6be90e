"""Counts of one file while it is read: who said how much, when, and what was left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from operator import add

from data.logs.columns import Columns, span_of


@dataclass(slots=True)
class Tally:
    """Counts of one file on its active branches, and what was left out and why."""

    first: int | None = None
    last: int | None = None
    skipped: Counter[str] = field(default_factory=Counter)
    redacted: Counter[str] = field(default_factory=Counter)
    conversations: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    merged: set[bytes] = field(default_factory=set)

    @property
    def chats(self) -> int:
        """Conversations with at least one message."""
        return len(self.conversations)

    @property
    def user(self) -> int:
        """Messages of the person."""
        return sum(user for user, _, _ in self.conversations.values())

    @property
    def assistant(self) -> int:
        """Messages of the assistant."""
        return sum(assistant for _, assistant, _ in self.conversations.values())

    @property
    def notes(self) -> int:
        """Messages of any other kind."""
        return sum(note for _, _, note in self.conversations.values())

    def count(self, key: str, columns: Columns, span: tuple[int, int] | None, *, merged: bool) -> None:
        """Count the active rows of one chat, said in `span`; what a file repeats is counted once."""
        roles = columns.role
        if merged:
            fresh = [n for n, chain in enumerate(columns.chain) if chain[:8] not in self.merged]
            self.merged.update([columns.chain[n][:8] for n in fresh])
            roles = [roles[n] for n in fresh]
            span = span_of([columns.at[n] for n in fresh])
        user, assistant = roles.count("user"), roles.count("assistant")
        note = len(roles) - user - assistant
        known = self.conversations.get(key)
        if known is not None:
            user, assistant, note = map(add if merged else max, known, (user, assistant, note))
        self.conversations[key] = (user, assistant, note)
        if span is not None:
            low, high = span
            self.first = low if self.first is None or low < self.first else self.first
            self.last = high if self.last is None or high > self.last else self.last
