"""Redaction of whole batches: a cheap search over all texts, the careful one only where it strikes."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, chain
from typing import Any

from data.logs.columns import Rows
from data.records import Turn
from data.redact import redact, suspects
from data.settings import Ingest

_TEXTS = ("text", "reasoning", "attachment")


def redact_rows(batch: Sequence[Rows], settings: Ingest, counts: Counter[str]) -> list[Rows]:
    """The chats with every text of theirs redacted; what was found is added to `counts`."""
    out = list(batch)
    for name in _TEXTS:
        texts = list(chain.from_iterable([getattr(one.columns, name) for one in batch]))
        if name != "text" and not any(texts):
            continue
        changed: dict[int, str] = {}
        for place in suspects(texts, settings):
            text, found = redact(texts[place], settings)
            if found:
                counts.update(found)
                changed[place] = text
        _put(out, name, changed)
    return out


def _put(batch: list[Rows], name: str, changed: Mapping[int, str]) -> None:
    """Set the column `name` of the chats, whose rows are numbered through, where it has changed."""
    starts = list(accumulate([one.count for one in batch], initial=0))
    columns: dict[int, list[Any]] = {}
    for place, text in changed.items():
        n = bisect_right(starts, place) - 1
        column = columns.setdefault(n, list(getattr(batch[n].columns, name)))
        column[place - starts[n]] = text
    for n, column in columns.items():
        fresh: dict[str, Any] = {name: column}
        batch[n] = replace(batch[n], columns=batch[n].columns._replace(**fresh))


def redact_turn(turn: Turn, settings: Ingest) -> Turn:
    """The turn with its texts redacted."""
    reasoning, attachment = turn.reasoning, turn.attachment_text
    return replace(
        turn,
        text=redact(turn.text, settings)[0],
        reasoning=reasoning and redact(reasoning, settings)[0],
        attachment_text=attachment and redact(attachment, settings)[0],
    )
