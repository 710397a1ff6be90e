"""From chats to rows: normalised, chained, timed and counted, gathered in columns for the store.

The one place where a message becomes a row, so that all formats agree on ids, hashes and counts.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256

from data.logs.chat import ARCHIVED, Chat, Found, Plain, Reading, Said
from data.logs.columns import Columns, Row, Rows, columns_of, digest_of, span_of
from data.logs.plain import ROLE_BYTES, clean, plain_columns
from data.logs.tally import Tally
from data.logs.times import UNREADABLE
from data.records import Reject
from data.text import DIGEST_BYTES, normalise, normalise_all

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BAD_TIME = "its time cannot be understood, or lies outside 2015 to tomorrow; the one before was taken"


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
    columns, active, untimed = _columns(chat, None if chat.imported else file_time, tally)
    for number in untimed:
        yield Reject(file, f"{chat.locator}, message {number}", _BAD_TIME)
    if not columns.message:
        return
    if chat.private == ARCHIVED:  # it may come back, so unlike a private one it is not buried
        tally.skipped[ARCHIVED] += len(columns.message)
        return
    merged = chat.id is None
    conversation = columns.chain[0].hex() if chat.id is None else clean(chat.id)
    private = chat.private or _marked(columns, reading)
    span = span_of(columns.at)
    if private:
        tally.skipped[f"private: {private}"] += len(columns.message)
    elif active.message:
        told = span if active is columns else span_of(active.at)
        tally.count(f"{chat.source}\0{conversation}", active, told, merged=merged)
    yield Rows(
        chat.source,
        conversation,
        columns,
        chat.locator,
        span[0] if span else None,
        chat.updated or (span[1] if span else 0),
        chat.complete,
        merged,
        "pipeline" if chat.pipeline else "import" if chat.imported else "chat",
        private,
        digest_of(columns),
    )


def _columns(chat: Chat, fallback: int | None, tally: Tally) -> tuple[Columns, Columns, list[int]]:
    """All rows, those of the active branch, and the numbers of those whose time cannot be understood."""
    said = chat.said
    if isinstance(said, Plain):
        columns = plain_columns(chat, said, fallback)
        if columns is not None:
            return columns, columns, []
        said = said.each()
    rows, untimed = _active(chat, said, fallback, tally)
    active = columns_of(rows)
    aside = _aside(chat, rows, tally) if chat.aside else []
    return columns_of(rows + aside) if aside else active, active, untimed


def _active(
    chat: Chat, said: Sequence[Said], fallback: int | None, tally: Tally
) -> tuple[list[Row], list[int]]:
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
    for one, text in zip(said, normalise_all([one.text for one in said]), strict=True):
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
        chain = sha256(chain + ROLE_BYTES[role] + text.encode()).digest()[:DIGEST_BYTES]
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
    chain = sha256((above.chain if above else b"") + ROLE_BYTES[one.role] + text.encode()).digest()
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


def _marked(columns: Columns, reading: Reading) -> str:
    """Whether the first thing the person says asks that the chat is not kept."""
    marks = reading.settings.private_marks
    if marks and "user" in columns.role:
        first = columns.text[columns.role.index("user")]
        if first.lower().startswith(marks):
            return "marked private in its first message"
    return ""
