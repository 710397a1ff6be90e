"""Redaction of whole batches: a cheap search over all texts, the careful one only where it strikes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from data.logs.rows import Row, Rows
from data.records import Turn
from data.redact import redact, suspects
from data.settings import Ingest

_TEXTS = ("text", "reasoning", "attachment")


def redact_rows(batch: Sequence[Rows], settings: Ingest, counts: Counter[str]) -> list[Rows]:
    """The chats with every text of theirs redacted; what was found is added to `counts`."""
    flat = [row for one in batch for row in one.rows]
    changed: dict[int, Row] = {}
    for name in _TEXTS:
        texts = [getattr(row, name) for row in flat]
        if name != "text" and not any(texts):
            continue
        for place in suspects(texts, settings):
            text, found = redact(texts[place], settings)
            if found:
                counts.update(found)
                changed[place] = _with(changed.get(place, flat[place]), name, text)
    if not changed:
        return list(batch)
    out, start = [], 0
    for one in batch:
        end = start + len(one.rows)
        touched = any(place in changed for place in range(start, end))
        out.append(
            replace(one, rows=[changed.get(n, flat[n]) for n in range(start, end)]) if touched else one
        )
        start = end
    return out


def _with(row: Row, name: str, text: str) -> Row:
    if name == "text":
        return row._replace(text=text)
    return row._replace(reasoning=text) if name == "reasoning" else row._replace(attachment=text)


def redact_turn(turn: Turn, settings: Ingest) -> Turn:
    """The turn with its texts redacted."""
    reasoning, attachment = turn.reasoning, turn.attachment_text
    return replace(
        turn,
        text=redact(turn.text, settings)[0],
        reasoning=reasoning and redact(reasoning, settings)[0],
        attachment_text=attachment and redact(attachment, settings)[0],
    )
