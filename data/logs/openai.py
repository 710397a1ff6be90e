"""OpenAI-style messages, one object per line: drop folder, gateway log and proxy request logs.

A line with an identity of its own is a conversation. A request log repeats the whole history with every
request and has none: such lines are recognised by their words and merged. Knows nothing of files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from data.logs.chat import Chat, Plain, Reading, Said
from data.logs.proxy import ANSWER_KEYS, answers, body, unwrapped
from data.logs.times import UNREADABLE, micros, micros_of_all
from data.records import Reject, Role

SOURCE = "openai"
PIPELINE_TAG = "dream-pipeline:"
_VOICES: dict[str, Role] = {"user": "user", "assistant": "assistant"}
_QUIET_ROLES = frozenset({"system", "developer", "tool", "function"})


def chat_of(record: Any, locator: str, reading: Reading, file: str = "") -> Chat | Reject:
    """The chat in one decoded line, or why there is none."""
    if not isinstance(record, dict):
        return Reject(file, locator, f"a {type(record).__name__} where an object with messages was expected")
    record = unwrapped(record)
    messages = _list(record.get("messages"))
    if messages is None:
        messages = _list(record.get("prompt"))
    if messages is None:
        return Reject(file, locator, "no list of messages")
    answered = answers(record) if not ANSWER_KEYS.isdisjoint(record) else []
    zone = reading.zone
    model = record.get("model")
    if not isinstance(model, str):
        model = None
    started = micros(_first(record, "created_at", "startTime", "timestamp", "created"), zone)
    identity = _identity(record)
    plain = None if answered else _plain(messages, model)
    said = [] if plain else [_said(message, model, zone) for message in (*messages, *answered)]
    if answered and identity is None and said and said[-1].at is None:
        ended = micros(_first(record, "endTime", "created_at", "created"), zone)
        if ended is not None and ended != UNREADABLE:
            said[-1].at = ended
    return Chat(
        SOURCE,
        identity,
        plain or said,
        locator=locator,
        started=started,
        pipeline=tagged(record),
    )


def _plain(messages: Sequence[Any], model: str | None) -> Plain | None:
    """The messages by column, if each is an object of nothing but a voice, words and perhaps a time."""
    times = None
    try:
        sizes = set(map(len, messages))
        if sizes != {2} and sizes != {3}:
            return None
        roles = [_VOICES[message["role"]] for message in messages]
        texts = [message["content"] for message in messages]
        if set(map(type, texts)) != {str}:
            return None
        if sizes == {3}:
            times = micros_of_all([message["created_at"] for message in messages])
            if times is None:
                return None
    except (TypeError, KeyError):
        return None
    return Plain(roles, texts, times, model)


def _said(message: Any, model: str | None, zone: str) -> Said:
    """One message; roles that are not voices come back hidden, what is no message as an error."""
    if type(message) is not dict:
        return Said("other", "", status="error")
    get = message.get
    role, text, stamp, identity = get("role"), get("content"), get("created_at"), get("id")
    if role != "user" and role != "assistant":
        return Said("other", "", status="hidden" if role in _QUIET_ROLES else "error")
    attachment = None
    if type(text) is not str:
        text, attachment = parts_text(text)
    one = Said(
        role,
        text,
        None if stamp is None else micros(stamp, zone),
        identity if type(identity) is str and identity else None,
    )
    if len(message) > 2 + (stamp is not None) + (identity is not None) or attachment:
        _add_rest(one, message, attachment)
    if role == "assistant":
        one.model = model
    return one


def _add_rest(one: Said, message: Mapping[str, Any], attachment: str | None) -> None:
    """What few messages have: thoughts, a speaker's name, attached text."""
    thought = message.get("reasoning_content") or message.get("reasoning")
    if one.role == "assistant" and type(thought) is str:
        one.reasoning = thought
    name = message.get("name")
    if type(name) is str and name:
        one.speaker = name
    one.attachment = attachment


def parts_text(content: Any) -> tuple[str, str | None]:
    """Own words of a content list, and captions or transcripts of what was attached to it."""
    if isinstance(content, str):
        return content, None
    words, attached = [], []
    for part in content if isinstance(content, list) else ():
        if isinstance(part, str):
            words.append(part)
        elif isinstance(part, dict):
            text = part.get("text")
            kind = part.get("type", "text")
            if kind in ("text", "input_text", "output_text") and isinstance(text, str):
                words.append(text)
            else:
                attached += [
                    part[key] for key in ("caption", "transcript", "text") if isinstance(part.get(key), str)
                ]
    return "\n".join(words), "\n".join(attached) or None


def _identity(record: Mapping[str, Any]) -> str | None:
    """The conversation's id; a request's or a completion's own id says nothing about the conversation."""
    for key in ("conversation_id", "chat_id", "session_id"):
        value = record.get(key)
        if value and isinstance(value, str | int):
            return str(value)
    if "response" in record or "resp_body" in record or "proxied" in record or "request_id" in record:
        return None
    value = record.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and value and not value.startswith(("chatcmpl-", "resp_", "req_", "req-")):
        return value
    return None


def tagged(record: Mapping[str, Any]) -> bool:
    """Whether the request carries the mark of the pipeline's own calls."""
    metadata = record.get("metadata")
    values = [record.get("user"), record.get("end_user"), metadata]
    if not any(values):
        return False
    if isinstance(metadata, dict):
        values += metadata.values()
        inner = metadata.get("tags")
        values += inner if isinstance(inner, list) else []
    return any(isinstance(value, str) and PIPELINE_TAG in value for value in values)


def _list(value: Any) -> list[Any] | None:
    if isinstance(value, str):
        value = body(value)
    return value if isinstance(value, list) else None


def _first(record: Mapping[str, Any], *keys: str) -> Any:
    for key in keys:
        value = record.get(key)
        if value is not None:
            return value
    return None
