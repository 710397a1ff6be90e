"""Several readings of the same chat become one, whatever order they come in.

Pure: what the store does with a chat it already holds is decided here, on rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from data.logs.columns import Row, Rows, columns_of, digest_of, span_of

_SURE = {"exact": 0, "derived": 1, "file": 2}
_NEVER = 1 << 62


class Held(NamedTuple):
    """A row the store holds, as far as the comparison needs it."""

    seq: int
    message: str
    role: str
    text: str
    active: bool
    chain: bytes
    at: int | None
    quality: str
    file: int
    run: int


@dataclass(slots=True)
class Changes:
    """What has to happen to the stored chat: rows to insert; flags, hashes and times to set by `seq`."""

    insert: list[Row] = field(default_factory=list)
    active: dict[int, bool] = field(default_factory=dict)
    chain: dict[int, bytes] = field(default_factory=dict)
    time: dict[int, tuple[int, str]] = field(default_factory=dict)
    known: int = 0


def merge(batch: Iterable[Rows]) -> list[Rows]:
    """One entry per conversation, in order of first appearance."""
    grouped: dict[tuple[str, str], list[Rows]] = {}
    for one in batch:
        grouped.setdefault((one.source, one.conversation), []).append(one)
    return [group[0] if len(group) == 1 else _merged(group) for group in grouped.values()]


def _merged(group: Sequence[Rows]) -> Rows:
    private = next((one for one in group if one.private), None)
    if private is not None:
        return private
    if group[0].complete:
        return max(group, key=lambda one: (one.updated, one.count, one.digest))
    versions: dict[tuple[str, str, str], Row] = {}
    best: dict[str, Row] = {}
    for one in group:
        for row in one.rows:
            key = (row.message, row.role, row.text)
            if key not in versions or _earlier(row, versions[key]):
                versions[key] = row
            if row.message not in best or rank(row.at, row.text) > rank(
                best[row.message].at, best[row.message].text
            ):
                best[row.message] = row
    rows = [row._replace(active=_same(best[row.message], row)) for row in versions.values()]
    rows.sort(key=lambda row: (row.position, row.chain))
    columns = columns_of(rows)
    span = span_of(columns.at)
    return replace(
        group[0],
        columns=columns,
        first=span[0] if span else None,
        updated=max(one.updated for one in group),
        digest=digest_of(columns),
    )


def _same(one: Row, other: Row) -> bool:
    return one.text == other.text and one.role == other.role


def _earlier(row: Row, other: Row | Held) -> bool:
    """Whether `row` knows better when this was said: an exact time wins, then the first one."""
    return (_SURE[row.quality], row.at or _NEVER) < (_SURE[other.quality], other.at or _NEVER)


def rank(at: int | None, text: str) -> tuple[int, str]:
    """Which of two readings of one message from the same run is the later one; never the order of arrival."""
    return (at or 0, text)


def compare(new: Rows, held: Sequence[Held], *, updated: int, file: int, run: int) -> Changes:
    """What the new reading changes; `updated` is the stamp of the reading that is stored.

    An older backup changes nothing. Missing messages become inactive only where the reading is the
    whole present state of the chat.
    """
    changes = Changes()
    if new.complete and new.updated < updated:
        changes.known = new.count
        return changes
    versions: dict[str, list[Held]] = defaultdict(list)
    for old in held:
        versions[old.message].append(old)
    mentioned = set()
    for row in new.rows:
        mentioned.add(row.message)
        _place(row, versions[row.message], changes, complete=new.complete, file=file, run=run)
    if new.complete:
        for message, olds in versions.items():
            if message not in mentioned:
                changes.active |= {old.seq: False for old in olds if old.active}
    return changes


def _place(row: Row, olds: Sequence[Held], changes: Changes, *, complete: bool, file: int, run: int) -> None:
    same = next((old for old in olds if old.text == row.text and old.role == row.role), None)
    others = [old for old in olds if old.active and old is not same]
    wins = row.active and all(
        complete or old.run != run or rank(row.at, row.text) > rank(old.at, old.text) for old in others
    )
    if same is None:
        changes.insert.append(row._replace(active=wins))
    else:
        changes.known += 1
        if not complete and row.at is not None and _earlier(row, same):
            changes.time[same.seq] = (row.at, row.quality)
        if same.chain != row.chain:
            changes.chain[same.seq] = row.chain
        if complete and same.active != row.active:
            changes.active[same.seq] = row.active
        elif not complete and row.active and not same.active:
            wins = wins and all(old.file == file for old in (same, *others))
            changes.active[same.seq] = wins
        elif not same.active:
            return
    if wins:
        changes.active |= {old.seq: False for old in others}
