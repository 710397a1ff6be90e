"""A thin HTTP/1.1 client for one request to a model server, with the answer as it arrives.

A general client costs more processor time per request than everything else the gateway does, and on a
machine that also computes the answer this time is taken from the answer. One connection per request: a
kept one occupies a thread of llama.cpp's server and may be dead when it is used again.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from data.errors import BackendError

CONNECT_SECONDS = 5.0
MAX_HEAD = 65_536
MAX_PIECE = 32_000_000
_READ = 65_536


class Broken(BackendError):
    """The model server could not be reached, went away, or does not speak HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Status and header of an answer, and the reader of its body."""

    status: int
    headers: Mapping[str, str]
    reader: asyncio.StreamReader

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body in the pieces it was sent in; Broken when it ends too early."""
        try:
            if "chunked" in self.headers.get("transfer-encoding", "").lower():
                while size := int((await self.reader.readuntil(b"\r\n")).partition(b";")[0], 16):
                    if not 0 < size <= MAX_PIECE:
                        raise Broken("The model server sent a piece of an impossible size.")
                    yield (await self.reader.readexactly(size + 2))[:-2]
                return
            left = int(self.headers.get("content-length", "-1"))
            while left and (piece := await self.reader.read(min(left, _READ) if left > 0 else _READ)):
                left -= len(piece) if left > 0 else 0
                yield piece
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise Broken("The model server ended in the middle of an answer.") from error
        if left > 0:
            raise Broken("The model server ended in the middle of an answer.")


@asynccontextmanager
async def post(url: str, path: str, body: bytes, headers: Mapping[str, str]) -> AsyncIterator[Reply]:
    """Send one POST and give the reply; the connection closes with the block, which ends the work there.

    Raises Broken when no whole header comes back.
    """
    reader, writer = await _connect(url)
    try:
        try:
            writer.write(_head(url, path, len(body), headers) + body)
            await writer.drain()
            reply = _parse(await reader.readuntil(b"\r\n\r\n"), reader)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise Broken("The model server did not answer.") from error
        yield reply
    finally:
        writer.close()


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(
                parts.hostname, parts.port or (443 if secure else 80), ssl=secure or None, limit=MAX_HEAD
            )
    except (OSError, TimeoutError) as error:
        raise Broken("The model server cannot be reached.") from error


def _head(url: str, path: str, length: int, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(url)
    lines = [f"POST {parts.path}{path} HTTP/1.1", f"host: {parts.netloc}", "connection: close"]
    lines += ["content-type: application/json", "accept-encoding: identity", f"content-length: {length}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _parse(head: bytes, reader: asyncio.StreamReader) -> Reply:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    version, status, *_ = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError("not HTTP/1")
    return Reply(int(status), headers, reader)
