"""Canonical form and hashes of message text, the same for every reader, so that copies are recognised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from hashlib import sha256

DIGEST_BYTES = 16

_SURROGATE = re.compile("[\ud800-\udfff]")


def normalise(text: str) -> str:
    """NFC, CRLF as LF, no NUL, lone surrogates as U+FFFD, outer white space stripped."""
    if "\r" in text or "\0" in text:
        text = text.replace("\r\n", "\n").replace("\0", "")
    return text.strip() if text.isascii() else unicodedata.normalize("NFC", _encodable(text)).strip()


def normalise_all(texts: Sequence[str]) -> list[str]:
    """What `normalise` makes of each: one look at all together settles most chats, at a tenth of the cost."""
    together = "".join(texts)
    if "\r" in together or "\0" in together or not _latin(together):
        return [normalise(text) for text in texts]
    return [text.strip() for text in texts]


def _latin(text: str) -> bool:
    """Whether all characters lie below U+0100: no surrogates, and none that NFC would change."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _encodable(text: str) -> str:
    """The text without lone surrogates; to encode it is the quickest way to learn that it has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def storable(text: str) -> str:
    """The text as it is, without what no database holds: NUL and lone surrogates."""
    return text if text.isascii() and "\0" not in text else _encodable(text.replace("\0", ""))


def plain(text: str) -> str:
    """The words of a text in lower case without marks: what two wordings of one question share."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())


def chain_digest(parent: bytes, role: str, text: str) -> bytes:
    """First 16 bytes of sha256 over the parent's digest, the role and the normalised text."""
    return sha256(b"%b%b\0%b" % (parent, role.encode(), text.encode())).digest()[:DIGEST_BYTES]


def chain_hash(parent: str, role: str, text: str) -> str:
    """Hex form of `chain_digest`; `parent` is the hex chain hash before, empty at the start of a chat.

    Equal chain hashes mean: the same words by the same voices from the first message on. That is how
    re-exports, backups, branch copies and proxy requests that repeat the history are told apart from a
    second "thanks".
    """
    return chain_digest(bytes.fromhex(parent), role, text).hex()


def content_hash(role: str, text: str) -> str:
    """Hash of one message alone, without what came before."""
    return chain_digest(b"", role, text).hex()
