"""Completed chats on their way to the inbox, one OpenAI-messages line per call.

Every line repeats the whole history and has no identity of its own, as proxy logs do: the reader of the
inbox merges growing histories by their words. Calls of the pipeline never come here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from models.gateway_events import append_line
from models.gateway_request import text_of

_CHORES = ("### Task:",)
_MAX_EVENT = 1_000_000


class Answer:
    """The words of an answer, gathered from its bytes while they pass by unchanged."""

    def __init__(self, stream: bool) -> None:
        self.stream = stream
        self.id = ""
        self.parts: list[str] = []
        self.reasoning: list[str] = []
        self.finished = False
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Take in a piece of the body, cut anywhere."""
        self._rest += chunk
        if not self.stream:
            return
        *events, self._rest = self._rest.split(b"\n")
        for line in events:
            if line.startswith(b"data:"):
                self._event(line[5:].strip())
        if len(self._rest) > _MAX_EVENT:
            self._rest = b""

    def end(self) -> None:
        """The body is complete."""
        if not self.stream:
            self._take(self._rest, "message")

    @property
    def text(self) -> str:
        """The answer so far."""
        return "".join(self.parts)

    def _event(self, data: bytes) -> None:
        if data == b"[DONE]":
            self.finished = True
        elif data:
            self._take(data, "delta")

    def _take(self, data: bytes, key: str) -> None:
        """Read the first choice of one JSON object; anything unexpected leaves the answer as it is."""
        try:
            value = orjson.loads(data)
            choices = value["choices"]
            self.id = self.id or str(value.get("id") or "")
            first = next((one for one in choices if one.get("index", 0) == 0), None)
            said = first.get(key) or {} if first else {}
            content, thought = said.get("content"), said.get("reasoning_content")
        except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
            return
        if isinstance(content, str):
            self.parts.append(content)
        if isinstance(thought, str):
            self.reasoning.append(thought)
        if key == "message":
            self.finished = True


class ChatLog:
    """Appends to `gateway-YYYY-MM-DD.jsonl`, readable by its owner only, dated in the person's zone."""

    def __init__(self, inbox: Path, zone: str) -> None:
        self.inbox = inbox
        self.zone = ZoneInfo(zone)

    def write(self, chat: Sequence[Mapping[str, Any]], answer: Answer, model: str) -> None:
        """Log one completed call: the messages as the client sent them, then the answer."""
        if not answer.finished or not answer.text.strip() or not _from_a_person(chat):
            return
        now = datetime.now(self.zone)
        reply: dict[str, object] = {"role": "assistant", "content": answer.text}
        if answer.reasoning:
            reply["reasoning_content"] = "".join(answer.reasoning)
        append_line(
            self.inbox / f"gateway-{now:%Y-%m-%d}.jsonl",
            {
                "id": answer.id if answer.id.startswith("chatcmpl-") else f"chatcmpl-{answer.id}",
                "created_at": now.astimezone(UTC).isoformat(timespec="microseconds"),
                "model": model,
                "messages": [*chat, reply],
            },
        )


def _from_a_person(chat: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a person spoke last; chat programs also ask for titles and tags, which nobody said."""
    spoken = [message for message in chat if message["role"] == "user"]
    return bool(spoken) and not text_of(spoken[-1].get("content")).lstrip().startswith(_CHORES)
