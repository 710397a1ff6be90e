"""Telegram and WhatsApp: people talking to people; only with a configured name of the person (`me`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from data.errors import BadInput
from data.logs.chat import Chat, Found, Reading, Said, guarded, text_or_none
from data.logs.files import elements, json_streams, lines, open_utf8
from data.logs.times import UNREADABLE, micros
from data.records import Reject

_LINE = re.compile(
    r"^\[?(\d{1,4})[./-](\d{1,2})[./-](\d{2,4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp]\.?[Mm]\.?)?\]?"
    r"\s*(?:-\s+)?(.*)$",
    re.DOTALL,
)
_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\ufeff]")
_MEDIA = re.compile(
    r"^(<[^<>]*(media|medien|multimedia|médias|attached|angehängt)[^<>]*>|"
    r"(image|video|audio|sticker|gif|document|contact card|bild|dokument) (omitted|weggelassen))$",
    re.IGNORECASE,
)


def read_telegram(path: Path, reading: Reading) -> Iterator[Found]:
    """Chats of `result.json`: one chat, or the list of a whole export."""
    me = _me(path, reading)
    for stream in json_streams(path):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
                continue
            locator, record = found
            chats = record.get("chats") if isinstance(record, dict) else None
            listed = chats.get("list") if isinstance(chats, dict) else [record]
            for chat in listed if isinstance(listed, list) else ():
                if isinstance(chat, dict) and isinstance(chat.get("messages"), list):
                    yield guarded(path.name, locator, partial(_telegram, chat, me, locator))
                else:
                    yield Reject(path.name, locator, "no list of messages")


def _telegram(chat: dict[str, Any], me: str, locator: str) -> Chat:
    said = []
    for message in chat["messages"]:
        if not isinstance(message, dict):
            said.append(Said("other", "", status="error"))
            continue
        mine = me in (message.get("from_id"), message.get("from"), str(message.get("from_id"))[4:])
        one = Said(
            "user" if mine else "other",
            _telegram_text(message.get("text")),
            micros(message.get("date_unixtime")),
            text_or_none(message.get("id")),
            speaker=text_or_none(message.get("from")),
        )
        if message.get("type") != "message" or message.get("forwarded_from"):
            one.status = "hidden"
        elif message.get("media_type") or message.get("photo") or message.get("file"):
            one.text, one.attachment = "", one.text or None
        said.append(one)
    identity = text_or_none(chat.get("id")) or text_or_none(chat.get("name"))
    return Chat("telegram", identity, said, locator=locator, complete=True)


def _telegram_text(text: Any) -> str:
    if isinstance(text, str):
        return text
    parts = text if isinstance(text, list) else ()
    return "".join(
        part if isinstance(part, str) else str(part.get("text", "")) if isinstance(part, dict) else ""
        for part in parts
    )


def read_whatsapp(path: Path, reading: Reading) -> Iterator[Found]:
    """The one chat of `_chat.txt`; day and month are told apart by a number above 12, else refused."""
    me = _me(path, reading)
    found: list[tuple[re.Match[str], list[str]]] = []
    with closing(open_utf8(path)) as stream:
        for line in lines(stream, reading.settings.max_line_bytes, path.name, blank=True):
            if isinstance(line, Reject):
                yield line
                continue
            text = _MARKS.sub("", line.data.decode("utf-8", "replace")).replace("\u202f", " ").rstrip("\r\n")
            match = _LINE.match(text)
            if match:
                found.append((match, [match[8]]))
            elif found:
                found[-1][1].append(text)
            elif text.strip():
                yield Reject(path.name, f"line {line.number}", "text before the first message")
    order = _order([match for match, _ in found], path)
    said = [_whatsapp(match, "\n".join(body), order, me, reading.zone) for match, body in found]
    people = sorted({one.speaker for one in said if one.speaker})
    identity = sha256("\n".join(people).encode()).hexdigest()[:16]
    yield Chat("whatsapp", f"{path.stem} {identity}", said, locator="line 1", complete=True)


def _order(matches: list[re.Match[str]], path: Path) -> str:
    first = [int(match[1]) for match in matches]
    second = [int(match[2]) for match in matches]
    if any(number > 31 for number in first):
        return "ymd"
    if any(number > 12 for number in first):
        return "dmy"
    if any(number > 12 for number in second):
        return "mdy"
    raise BadInput(
        f"{path}: day and month of the dates cannot be told apart. "
        "Export a longer stretch that holds a day above 12."
    )


def _whatsapp(match: re.Match[str], body: str, order: str, me: str, zone: str) -> Said:
    speaker, colon, text = body.partition(": ")
    if not colon:
        return Said("other", "", status="hidden")
    one = Said(
        "user" if speaker == me else "other", text, _whatsapp_time(match, order, zone), speaker=speaker
    )
    if _MEDIA.match(text.strip()):
        one.text = ""
    return one


def _whatsapp_time(match: re.Match[str], order: str, zone: str) -> int:
    a, b, c, hour, minute = (int(match[place]) for place in range(1, 6))
    year, month, day = {"ymd": (a, b, c), "dmy": (c, b, a), "mdy": (c, a, b)}[order]
    year += 2000 if year < 100 else 0
    half = (match[7] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        moment = datetime(year, month, day, hour, minute, int(match[6] or 0), tzinfo=ZoneInfo(zone))
    except ValueError:
        return UNREADABLE
    return micros(moment.timestamp()) or UNREADABLE


def _me(path: Path, reading: Reading) -> str:
    if not reading.me:
        raise BadInput(
            f"{path} is a chat between people. Name the person in it: add the file to ingest.sources "
            "with me = their name or id."
        )
    return reading.me
