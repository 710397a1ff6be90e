"""Redaction of whole batches: a cheap search over all texts, the careful one only where it strikes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from data.logs.columns import Columns, Rows, joined
from data.records import Turn
from data.redact import redact, suspects
from data.settings import Ingest

_TEXTS = ("text", "reasoning", "attachment")


def redact_rows(batch: Sequence[Rows], settings: Ingest, counts: Counter[str]) -> list[Rows]:
    """The chats with every text of theirs redacted; what was found is added to `counts`."""
    before = joined(one.columns for one in batch)
    after = redact_columns(before, settings, counts)
    if after is before:
        return list(batch)
    ends = list(accumulate([one.count for one in batch]))
    return [
        replace(one, columns=Columns._make(column[end - one.count : end] for column in after))
        for one, end in zip(batch, ends, strict=True)
    ]


def redact_columns(columns: Columns, settings: Ingest, counts: Counter[str]) -> Columns:
    """The rows with every text of theirs redacted, themselves if nothing was; finds are added to `counts`."""
    for name in _TEXTS:
        texts = getattr(columns, name)
        if name != "text" and not any(texts):
            continue
        changed: dict[int, str] = {}
        for place in suspects(texts, settings):
            text, found = redact(texts[place], settings)
            if found:
                counts.update(found)
                changed[place] = text
        if changed:
            fresh: dict[str, Any] = {name: [changed.get(n, text) for n, text in enumerate(texts)]}
            columns = columns._replace(**fresh)
    return columns


def redact_turn(turn: Turn, settings: Ingest) -> Turn:
    """The turn with its texts redacted."""
    reasoning, attachment = turn.reasoning, turn.attachment_text
    return replace(
        turn,
        text=redact(turn.text, settings)[0],
        reasoning=reasoning and redact(reasoning, settings)[0],
        attachment_text=attachment and redact(attachment, settings)[0],
    )
