"""LM Studio: one `<epoch-ms>.conversation.json` per chat, every message with its versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from data.logs.chat import Chat, Found, Reading, Said, asked_private, guarded, text_or_none
from data.logs.files import elements, json_streams
from data.logs.times import UNREADABLE, micros
from data.records import Reject

SOURCE = "lmstudio"


def read(path: Path, reading: Reading) -> Iterator[Found]:
    """The one chat of the file; its name is the chat's identity, as the file holds none."""
    for stream in json_streams(path):
        for found in elements(stream, reading.settings.max_record_bytes, path.name):
            if isinstance(found, Reject):
                yield found
            else:
                yield guarded(path.name, found[0], partial(_chat, found[1], path, reading))


def _chat(record: Any, path: Path, reading: Reading) -> Found:
    messages = record.get("messages") if isinstance(record, dict) else None
    if not isinstance(messages, list):
        return Reject(path.name, "record 1", "no list of messages")
    said, aside = [], []
    above: str | None = None
    for place, message in enumerate(messages):
        versions = message.get("versions") if isinstance(message, dict) else None
        if not isinstance(versions, list) or not versions:
            said.append(Said("other", "", status="error"))
            continue
        chosen = message.get("currentlySelected")
        if not isinstance(chosen, int) or not 0 <= chosen < len(versions):
            chosen = len(versions) - 1
        for number, version in enumerate(versions):
            one = _said(version, record)
            one.id = f"{place}.{number}"
            if number == chosen:
                said.append(one)
            else:
                one.parent = above
                aside.append(one)
        above = f"{place}.{chosen}"
    stamps = [micros(record.get(key)) for key in ("userLastMessagedAt", "assistantLastMessagedAt")]
    known = [stamp for stamp in stamps if stamp is not None and stamp != UNREADABLE]
    return Chat(
        SOURCE,
        path.name.removesuffix(".json").removesuffix(".conversation"),
        said,
        aside,
        locator="record 1",
        started=micros(record.get("createdAt")),
        updated=max(known, default=None),
        complete=True,
        private=asked_private(reading, record.get("name")),
    )


def _said(version: Any, record: Mapping[str, Any]) -> Said:
    if not isinstance(version, dict) or version.get("role") not in ("user", "assistant"):
        return Said("other", "", status="hidden")
    if version.get("type") != "multiStep" and "steps" not in version:
        return Said(version["role"], _words(version.get("content")))
    words: list[str] = []
    thoughts: list[str] = []
    at = None
    for step in version.get("steps") or ():
        if not isinstance(step, dict) or step.get("type") != "contentBlock":
            continue
        style = step.get("style")
        text = _words(step.get("content"))
        (thoughts if isinstance(style, dict) and style.get("type") == "thinking" else words).append(text)
        if at is None:
            at = _stamp(step.get("stepIdentifier"))
    sender = version.get("senderInfo")
    last = record.get("lastUsedModel")
    model = sender.get("senderName") if isinstance(sender, dict) else None
    if not model and isinstance(last, dict):
        model = last.get("identifier")
    text = "\n".join(word for word in words if word)
    return Said(
        version["role"],
        text,
        at,
        model=text_or_none(model),
        reasoning="\n".join(thoughts) or None,
        derived=True,
    )


def _words(content: Any) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(
        part["text"]
        for part in (content if isinstance(content, list) else ())
        if isinstance(part, dict)
        and part.get("type") == "text"
        and isinstance(part.get("text"), str)
        and not part.get("isStructural")
    )


def _stamp(identifier: Any) -> int | None:
    """The milliseconds a step's identifier begins with."""
    digits = identifier.partition("-")[0] if isinstance(identifier, str) else ""
    at = micros(digits) if digits.isascii() and digits.isdigit() else None
    return None if at == UNREADABLE else at
