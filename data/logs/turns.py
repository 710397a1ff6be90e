"""Rows as turns, and turns that some converter made as rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from data.logs.columns import Row, Rows, columns_of, digest_of, span_of
from data.logs.plain import clean
from data.logs.rows import EPOCH
from data.logs.tally import Tally
from data.records import Reject, Turn
from data.text import chain_digest, content_hash, normalise, storable


def turns_of(found: Rows, file: str) -> Iterator[Turn]:
    """The rows of one chat as turns, before redaction."""
    for row in found.rows:
        yield turn_of(found.source, found.conversation, row, found.origin, f"{file}: {found.locator}")


def turn_of(source: str, conversation: str, row: Row, origin: Any, locator: str) -> Turn:
    """One row as a turn."""
    return Turn(
        source,
        conversation,
        row.message,
        row.role,  # type: ignore[arg-type]  # rows hold only the four roles
        row.text,
        None if row.at is None else EPOCH + timedelta(microseconds=row.at),
        row.quality,  # type: ignore[arg-type]  # set above from the three qualities
        row.parent,
        row.speaker,
        row.model,
        row.reasoning,
        row.attachment,
        row.active,
        "ok",
        origin,
        content_hash(row.role, row.text),
        row.chain.hex(),
        locator,
    )


def rows_of_turns(turns: Iterable[Turn | Reject], tally: Tally) -> Iterator[Rows | Reject]:
    """Turns of a converter as rows, their text as it is; hashes the turns lack are computed here."""
    for key, group in groupby(turns, key=_chat_key):
        if key is None:
            yield from (one for one in group if isinstance(one, Reject))
            continue
        rows: list[Row] = []
        chain = b""
        turn: Turn | None = None
        for turn in (one for one in group if isinstance(one, Turn)):
            text = normalise(turn.text)
            if turn.status != "ok" or not text:
                tally.skipped["empty" if turn.status == "ok" else turn.status] += 1
                continue
            chain = bytes.fromhex(turn.chain_hash) or chain_digest(chain, turn.role, text)
            at = None if turn.at is None else (turn.at - EPOCH) // timedelta(microseconds=1)
            rows.append(
                Row(
                    clean(turn.message),
                    turn.parent or (rows[-1].message if rows else None),
                    len(rows),
                    turn.role,
                    storable(turn.text),
                    at,
                    turn.time_quality,
                    turn.active,
                    chain,
                    turn.speaker,
                    turn.model,
                    turn.reasoning,
                    turn.attachment_text,
                )
            )
        if turn is None or not rows:
            continue
        columns, active = columns_of(rows), columns_of([row for row in rows if row.active])
        tally.count("\0".join(key), active, span_of(active.at), merged=False)
        span = span_of(columns.at)
        yield Rows(
            *key,
            columns,
            turn.locator,
            span[0] if span else None,
            span[1] if span else 0,
            True,
            False,
            turn.origin,
            "",
            digest_of(columns),
        )


def _chat_key(one: Turn | Reject) -> tuple[str, str] | None:
    return (one.source, one.conversation) if isinstance(one, Turn) else None
