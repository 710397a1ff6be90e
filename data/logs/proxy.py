"""Bodies of requests and responses as proxies keep them: JSON, JSON as text, base64, or an event stream."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from data.logs.files import parse

ANSWER_KEYS = frozenset({"response", "resp_body", "choices", "completion"})
_WRAPPERS = ("request", "req_body", "body", "kwargs")


def unwrapped(record: dict[str, Any]) -> dict[str, Any]:
    """The request inside a proxy's log record, with what stood beside it; other records as they are."""
    if "messages" in record:
        return record
    for key in _WRAPPERS:
        inner = body(record.get(key))
        if isinstance(inner, dict) and "messages" not in inner:
            inner = body(inner.get("body"))
        if isinstance(inner, dict) and "messages" in inner:
            outer = {name: value for name, value in record.items() if name not in (key, "id")}
            return {**inner, **outer, "proxied": True}
    return record


def body(value: Any) -> Any:
    """The value of a body in any of its forms; None if it is none of them."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text[:1] not in "{[" and not text.startswith("data:"):
        try:
            text = base64.b64decode(text, validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            return None
    if text.startswith("data:"):
        return _streamed(text)
    return _json(text)


def answers(record: Mapping[str, Any]) -> list[Any]:
    """Messages of the response kept beside the request, or of the completion of a prompt/completion row."""
    response = body(record.get("response") if record.get("response") is not None else record.get("resp_body"))
    if isinstance(response, dict) and isinstance(response.get("body"), dict | str):
        response = body(response["body"])
    choices = response.get("choices") if isinstance(response, dict) else record.get("choices")
    if isinstance(choices, list):
        first = choices[0] if choices else None
        message = first.get("message") if isinstance(first, dict) else None
        return [message] if isinstance(message, dict) else []
    completion = record.get("completion")
    return completion if isinstance(completion, list) else []


def _streamed(text: str) -> dict[str, Any] | None:
    """The one message that the chunks of an event stream add up to."""
    words: dict[str, list[str]] = {"content": [], "reasoning_content": []}
    for line in text.splitlines():
        chunk = _json(line.removeprefix("data:")) if line.startswith("data:") else None
        choices = chunk.get("choices") if isinstance(chunk, dict) else None
        delta = (
            choices[0].get("delta")
            if isinstance(choices, list) and choices and isinstance(choices[0], dict)
            else None
        )
        if isinstance(delta, dict):
            for key, found in words.items():
                if isinstance(delta.get(key), str):
                    found.append(delta[key])
    message = {key: "".join(found) for key, found in words.items()}
    return {"choices": [{"message": {"role": "assistant", **message}}]}


def _json(text: str) -> Any:
    try:
        return parse(text.encode("utf-8", "replace"))
    except ValueError:
        return None
