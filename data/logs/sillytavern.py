"""SillyTavern: one JSONL per chat, a header line and then one message per line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data.logs.chat import Chat, Found, Reading, Said, text_or_none
from data.logs.files import records
from data.logs.times import micros
from data.records import Reject

SOURCE = "sillytavern"


def read(path: Path, reading: Reading) -> Iterator[Found]:
    """The one chat of the file; it is known by its words, so backups and branch copies add nothing."""
    header: Mapping[str, Any] = {}
    said: list[Said] = []
    greeted = False
    for found in records(path, reading.settings.max_line_bytes):
        if isinstance(found, Reject):
            yield found
            continue
        locator, record = found
        if (
            isinstance(record, dict)
            and ("chat_metadata" in record or "user_name" in record)
            and "mes" not in record
        ):
            header = record
        elif isinstance(record, dict) and isinstance(record.get("mes"), str):
            greeting = (
                not greeted and not said and not record.get("is_user") and not record.get("gen_started")
            )
            greeted = True
            said.append(_said(record, reading.zone, hidden=greeting))
        else:
            yield Reject(path.name, locator, "no message text (mes)")
    metadata = header.get("chat_metadata")
    private = isinstance(metadata, dict) and bool(metadata.get("temporary"))
    yield Chat(
        SOURCE,
        None,
        said,
        locator="line 1",
        started=micros(header.get("create_date"), reading.zone),
        private="temporary chat" if private else "",
    )


def _said(record: Mapping[str, Any], zone: str, *, hidden: bool) -> Said:
    extra = record.get("extra")
    extra = extra if isinstance(extra, dict) else {}
    user = bool(record.get("is_user"))
    one = Said("user" if user else "assistant", record["mes"], micros(record.get("send_date"), zone))
    one.speaker = text_or_none(record.get("name"))
    one.model = None if user else text_or_none(extra.get("model"))
    one.reasoning = extra["reasoning"] if isinstance(extra.get("reasoning"), str) else None
    captions = [extra[key] for key in ("image_title", "title", "fileText") if isinstance(extra.get(key), str)]
    file = extra.get("file")
    if isinstance(file, dict) and isinstance(file.get("text"), str):
        captions.append(file["text"])
    one.attachment = "\n".join(captions) or None
    if hidden or record.get("is_system"):
        one.status = "hidden"
    return one
