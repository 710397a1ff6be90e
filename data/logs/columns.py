"""Messages as they are stored: one row, and the rows of a chat column by column, which costs far less."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import NamedTuple


class Row(NamedTuple):
    """One message as it is stored; `at` in microseconds since 1970 UTC, `chain` 16 bytes."""

    message: str
    parent: str | None
    position: int
    role: str
    text: str
    at: int | None
    quality: str
    active: bool
    chain: bytes
    speaker: str | None
    model: str | None
    reasoning: str | None
    attachment: str | None


class Columns(NamedTuple):
    """Rows by column: the fields of `Row`, each for all rows; their order is that of `Row`."""

    message: Sequence[str]
    parent: Sequence[str | None]
    position: Sequence[int]
    role: Sequence[str]
    text: Sequence[str]
    at: Sequence[int | None]
    quality: Sequence[str]
    active: Sequence[bool]
    chain: Sequence[bytes]
    speaker: Sequence[str | None]
    model: Sequence[str | None]
    reasoning: Sequence[str | None]
    attachment: Sequence[str | None]


_EMPTY = Columns(*((),) * len(Row._fields))


@dataclass(slots=True)
class Rows:
    """All rows of one chat with the identity the chat is stored under; `first` is the earliest known time."""

    source: str
    conversation: str
    columns: Columns
    locator: str
    first: int | None
    updated: int
    complete: bool
    merged: bool
    origin: str
    private: str
    digest: int

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.columns.message)

    @property
    def rows(self) -> list[Row]:
        """The rows one by one, made anew with every call."""
        return rows_from(self.columns)

    @property
    def size(self) -> int:
        """Characters of all that was said, thought and attached: what the rows weigh in memory."""
        columns = self.columns
        total = sum(map(len, columns.text))
        for column in (columns.reasoning, columns.attachment):
            if any(column):
                total += sum([len(text) for text in column if text])
        return total


def columns_of(rows: Sequence[Row]) -> Columns:
    """The rows by column."""
    return Columns._make(zip(*rows, strict=True)) if rows else _EMPTY


def rows_from(columns: Columns) -> list[Row]:
    """The rows that the columns hold."""
    return list(map(Row._make, zip(*columns, strict=True)))


def joined(batch: Iterable[Columns]) -> Columns:
    """The columns of many chats as those of one."""
    together = list(zip(*batch, strict=True))
    return Columns._make(list(chain.from_iterable(column)) for column in together) if together else _EMPTY


def span_of(times: Iterable[int | None]) -> tuple[int, int] | None:
    """The earliest and the latest time that is known."""
    known = [at for at in times if at is not None]
    return (min(known), max(known)) if known else None


def digest_of(columns: Columns) -> int:
    """63 bits over words, voices, branches and times; an unchanged chat keeps it."""
    chains, at = columns.chain, columns.at
    times = b"" if columns.quality[-1] == "file" else b"%d %d" % (at[0] or 0, at[-1] or 0)
    if False not in columns.active:
        body = b"%b%d %b" % (chains[-1], len(chains), times)
    else:
        marks = [b"+" if active else b"-" for active in columns.active]
        body = b"".join(map(bytes.__add__, chains, marks)) + times
    return int.from_bytes(sha256(body).digest()[:8], "big") >> 1
