"""From chats to rows: normalised, chained, timed and counted, gathered in columns for the store.

The one place where a message becomes a row, so that all formats agree on ids, hashes and counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from operator import add
from typing import NamedTuple

from data.logs.chat import ARCHIVED, Chat, Found, Reading, Said
from data.logs.times import UNREADABLE
from data.records import Reject
from data.text import DIGEST_BYTES, normalise

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ROLE_BYTES = {"user": b"user\0", "assistant": b"assistant\0", "note": b"note\0", "other": b"other\0"}


_BAD_TIME = "its time cannot be understood, or lies outside 2015 to tomorrow; the one before was taken"


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

    def count(self, key: str, rows: list[Row], *, merged: bool) -> None:
        """Count the active rows of one chat; what a file repeats is counted once."""
        if merged:
            rows = [row for row in rows if row.chain[:8] not in self.merged]
            self.merged.update([row.chain[:8] for row in rows])
        roles = [row.role for row in rows]
        user, assistant = roles.count("user"), roles.count("assistant")
        note = len(roles) - user - assistant
        known = self.conversations.get(key)
        if known is not None:
            user, assistant, note = map(add if merged else max, known, (user, assistant, note))
        self.conversations[key] = (user, assistant, note)
        times = times_of(rows)
        if times:
            low, high = min(times), max(times)
            self.first = low if self.first is None or low < self.first else self.first
            self.last = high if self.last is None or high > self.last else self.last


@dataclass(slots=True)
class Rows:
    """All rows of one chat with the identity the chat is stored under; `first` is the earliest known time."""

    source: str
    conversation: str
    rows: list[Row]
    locator: str
    first: int | None
    updated: int
    complete: bool
    merged: bool
    origin: str
    private: str
    digest: int

    @property
    def size(self) -> int:
        """Characters of all that was said, thought and attached: what the rows weigh in memory."""
        return sum(
            [len(row.text) + len(row.reasoning or "") + len(row.attachment or "") for row in self.rows]
        )


def rows_in(
    found: Iterable[Found], reading: Reading, file_time: int | None, file: str, tally: Tally
) -> Generator[Rows | Reject]:
    """The rows of all chats that a reader found, and what it or the rows had to refuse."""
    for chat in found:
        if isinstance(chat, Reject):
            yield chat
        else:
            yield from rows_of(chat, reading, file_time, file, tally)


def rows_of(
    chat: Chat, reading: Reading, file_time: int | None, file: str, tally: Tally
) -> Iterator[Rows | Reject]:
    """The rows of one chat, after rejects for time stamps that cannot be understood."""
    if chat.started == UNREADABLE:
        yield Reject(
            file, chat.locator, "the chat's time cannot be understood, or lies outside 2015 to tomorrow"
        )
    rows, untimed = _active(chat, None if chat.imported else file_time, tally)
    yield from (Reject(file, f"{chat.locator}, message {number}", _BAD_TIME) for number in untimed)
    if chat.aside:
        rows += _aside(chat, rows, tally)
    if not rows:
        return
    if chat.private == ARCHIVED:  # it may come back, so unlike a private one it is not buried
        tally.skipped[ARCHIVED] += len(rows)
        return
    merged = chat.id is None
    conversation = rows[0].chain.hex() if chat.id is None else clean(chat.id)
    private = chat.private or _marked(rows, reading)
    if not private:
        active = [row for row in rows if row.active] if chat.aside else rows
        if active:
            tally.count(f"{chat.source}\0{conversation}", active, merged=merged)
    else:
        tally.skipped[f"private: {private}"] += len(rows)
    times = times_of(rows)
    yield Rows(
        chat.source,
        conversation,
        rows,
        chat.locator,
        min(times, default=None),
        chat.updated or max(times, default=0),
        chat.complete,
        merged,
        "pipeline" if chat.pipeline else "import" if chat.imported else "chat",
        private,
        digest_of(rows),
    )


def _active(chat: Chat, fallback: int | None, tally: Tally) -> tuple[list[Row], list[int]]:
    """Rows of the active branch, and the numbers of those whose time stamp cannot be understood.

    A message without a time takes the one before it, the first one that of the chat or the file (`fallback`).
    """
    rows: list[Row] = []
    untimed: list[int] = []
    seen: set[str] = set()
    chain, parent, before = b"", None, "exact"
    last = None if chat.started == UNREADABLE else chat.started
    merged = chat.id is None
    new = tuple.__new__  # a NamedTuple's own constructor costs more than all the rest of the loop
    for one in chat.said:
        text = normalise(one.text)
        if not text or one.status != "ok":
            tally.skipped["empty" if one.status == "ok" else one.status] += 1
            continue
        position = len(rows)
        at, quality = one.at, "derived" if one.derived else "exact"
        if at is None or at == UNREADABLE:
            if at == UNREADABLE:
                untimed.append(position + 1)
            at, quality = last, "derived"
            if at is None:
                at, quality = fallback, "file"
            elif before == "file":
                quality = "file"
        last, before = at, quality
        role = one.role
        chain = sha256(chain + _ROLE_BYTES[role] + text.encode()).digest()[:DIGEST_BYTES]
        if merged:
            message = f"{position}-{chain.hex()[:16]}"
        elif one.id is None:
            message = str(position)
        else:
            message = clean(one.id)
        if message in seen:
            message = f"{message}#{position}"
        seen.add(message)
        speaker, model, thought, attached = one.speaker, one.model, one.reasoning, one.attachment
        if speaker or model or thought or attached:
            speaker, model = speaker and clean(speaker), model and clean(model)
            thought, attached = thought and normalise(thought), attached and normalise(attached)
        values = (
            message, parent, position, role, text, at, quality, True, chain, speaker, model, thought, attached
        )  # fmt: skip
        rows.append(new(Row, values))
        parent = message
    return rows, untimed


def times_of(rows: Iterable[Row]) -> list[int]:
    """The times that are known."""
    return [row.at for row in rows if row.at is not None]


def clean(text: str) -> str:
    """An id or name that any database can hold."""
    return text if text.isascii() and "\0" not in text else normalise(text)


def _aside(chat: Chat, active: list[Row], tally: Tally) -> list[Row]:
    """Rows of inactive branches; `chat.aside` is in any order, parents may lie on either side."""
    rows: dict[str, Row] = {row.message: row for row in active}
    waiting = [one for one in chat.aside if one.status == "ok" and normalise(one.text) and one.id is not None]
    tally.skipped["inactive"] += len(waiting)
    out: list[Row] = []
    while waiting:
        names = {clean(str(one.id)) for one in waiting}
        ready = [one for one in waiting if one.parent is None or clean(one.parent) not in names]
        for one in ready or waiting:
            row = _sibling(one, rows)
            rows[row.message] = row
            out.append(row)
        if not ready:
            break
        waiting = [one for one in waiting if clean(str(one.id)) not in rows]
    return out


def _sibling(one: Said, rows: dict[str, Row]) -> Row:
    text = normalise(one.text)
    above = rows.get(clean(one.parent)) if one.parent else None
    chain = sha256((above.chain if above else b"") + _ROLE_BYTES[one.role] + text.encode()).digest()
    at = None if one.at == UNREADABLE else one.at
    return Row(
        clean(str(one.id)),
        above.message if above else None,
        above.position + 1 if above else 0,
        one.role,
        text,
        at if at is not None or above is None else above.at,
        "exact" if at is not None else "derived",
        False,
        chain[:DIGEST_BYTES],
        one.speaker and clean(one.speaker),
        one.model and clean(one.model),
        one.reasoning and normalise(one.reasoning),
        one.attachment and normalise(one.attachment),
    )


def _marked(rows: list[Row], reading: Reading) -> str:
    """Whether the first thing the person says asks that the chat is not kept."""
    marks = reading.settings.private_marks
    for row in rows:
        if row.role == "user":
            if marks and row.text.lower().startswith(marks):
                return "marked private in its first message"
            break
    return ""


def digest_of(rows: list[Row]) -> int:
    """63 bits over words, voices, branches and times; an unchanged chat keeps it."""
    first, last = rows[0], rows[-1]
    times = b"" if last.quality == "file" else b"%d %d" % (first.at or 0, last.at or 0)
    if False not in [row.active for row in rows]:
        body = b"%b%d %b" % (last.chain, len(rows), times)
    else:
        body = b"".join(row.chain + (b"+" if row.active else b"-") for row in rows) + times
    return int.from_bytes(sha256(body).digest()[:8], "big") >> 1
