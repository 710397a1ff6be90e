"""The short way from a chat of plain messages to its columns, most of it a whole chat at a time."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from data.logs.chat import Chat, Plain
from data.logs.columns import Columns
from data.logs.times import UNREADABLE
from data.text import DIGEST_BYTES, normalise, normalise_all

ROLE_BYTES = {"user": b"user\0", "assistant": b"assistant\0", "note": b"note\0", "other": b"other\0"}
_NUMBERS = tuple(map(str, range(256)))


def plain_columns(chat: Chat, plain: Plain, fallback: int | None) -> Columns | None:
    """The columns of the messages, times as `data.logs.rows` gives them; None if some are empty.

    `fallback` is the time of a chat that has none itself.
    """
    texts = normalise_all(plain.texts)
    if not all(texts):
        return None
    count = len(texts)
    chains = _chains(plain.roles, texts)
    at, quality = _times(chat, plain, fallback)
    messages: Sequence[str]
    if chat.id is None:
        messages = [f"{position}-{chain[:8].hex()}" for position, chain in enumerate(chains)]
    else:
        messages = _NUMBERS[:count] if count <= len(_NUMBERS) else [str(n) for n in range(count)]
    nothing = (None,) * count
    model = plain.model and clean(plain.model)
    models = nothing if model is None else [model if role == "assistant" else None for role in plain.roles]
    return Columns(
        messages,
        (None, *messages[:-1]),
        range(count),
        plain.roles,
        texts,
        at,
        (quality,) * count,
        (True,) * count,
        chains,
        nothing,
        models,
        nothing,
        nothing,
    )


def _chains(roles: Sequence[str], texts: Sequence[str]) -> list[bytes]:
    chain, chains = b"", []
    for role, text in zip(roles, texts, strict=True):
        chain = sha256(chain + ROLE_BYTES[role] + text.encode()).digest()[:DIGEST_BYTES]
        chains.append(chain)
    return chains


def _times(chat: Chat, plain: Plain, fallback: int | None) -> tuple[Sequence[int | None], str]:
    """Own times, or for all that of the chat or at last of the file; and how good they are."""
    if plain.times is not None:
        return plain.times, "exact"
    if chat.started is not None and chat.started != UNREADABLE:
        return (chat.started,) * len(plain.texts), "derived"
    return (fallback,) * len(plain.texts), "file"


def clean(text: str) -> str:
    """An id or name that any database can hold."""
    return text if text.isascii() and "\0" not in text else normalise(text)
