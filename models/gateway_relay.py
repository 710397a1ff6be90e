"""One request on its way to the model server that is live, and its answer back, byte for byte.

A request whose server dies before the first byte is asked once more, of whichever server is live then.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive, Scope, Send

from data.errors import NocturneError
from data.settings import Serve
from models.chat import TAG_HEADER
from models.gateway_child import Child, Unavailable
from models.gateway_guard import error_response
from models.gateway_log import Answer, ChatLog
from models.gateway_pool import Pool
from models.gateway_request import Call, Refused, Retrieve, call, parse, with_system
from models.gateway_upstream import Broken, Reply, post

GENERATION_HEADER = b"x-nocturne-generation"
MAX_ANSWER = 32_000_000
MAX_MESSAGE = 300
RETRIEVE_SECONDS = 2.0
GONE = "The model went away in the middle of this answer."
_EVENT_STREAM = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Relay:
    """What every relayed request needs."""

    pool: Pool
    settings: Serve
    persona: str
    log: ChatLog | None
    retrieve: Retrieve | None

    def route(self, path: str) -> Route:
        """The ASGI endpoint that relays to `path`."""
        return Route(self, path)


@dataclass(frozen=True, slots=True)
class Route:
    """ASGI endpoint of one relayed path."""

    relay: Relay
    path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; the work ends when the client goes away."""
        try:
            request = await self._read(Request(scope, receive))
        except Refused as refusal:
            await error_response(refusal)(scope, receive, send)
            return
        except ClientDisconnect:
            return
        work = asyncio.create_task(self._answer(request, scope, receive, send))
        gone = asyncio.create_task(_disconnected(receive))
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            gone.cancel()
            if not work.done():
                work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work

    async def _read(self, request: Request) -> Call:
        settings = self.relay.settings
        fields = parse(await read_body(request, settings.max_body_bytes, settings.client_seconds))
        live = self.relay.pool.current.id if self.relay.pool.current else self.relay.pool.wanted
        checked = call(self.path, fields, live, request.headers)
        if checked.tagged or not checked.chat:
            return checked
        return with_system(
            checked, self.relay.persona if settings.persona else None, await self._notes(checked)
        )

    async def _notes(self, request: Call) -> str | None:
        """Memories for the question; a search that fails or dawdles costs the memories, not the answer."""
        if self.relay.retrieve is None or not self.relay.settings.retrieve:
            return None
        try:
            search = asyncio.to_thread(self.relay.retrieve, request.chat)
            return await asyncio.wait_for(search, RETRIEVE_SECONDS)
        except (NocturneError, TimeoutError, OSError) as error:
            self.relay.pool.events.record("memories not found", reason=type(error).__name__)
            return None

    async def _answer(self, request: Call, scope: Scope, receive: Receive, send: Send) -> None:
        begun = ended = False

        async def noting(message: Message) -> None:
            nonlocal begun, ended
            begun = True
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        try:
            async with asyncio.timeout(self.relay.settings.timeout_seconds):
                await self._relay(request, noting)
        except Refused as refusal:
            await error_response(refusal)(scope, receive, send)
        except Unavailable as error:
            response = error_response(Refused(str(error), 503, "server_error", "unavailable"))
            response.headers["retry-after"] = str(error.retry_after)
            await response(scope, receive, send)
        except TimeoutError:
            late = Refused("The answer took too long.", 504, "server_error", "timeout")
            if not begun:
                await error_response(late)(scope, receive, send)
            elif not ended:
                await _end_broken(send, late)

    async def _relay(self, request: Call, send: Send) -> None:
        for attempt in (1, 2):
            child = await self.relay.pool.take()
            failed = False
            try:
                await self._ask(child, request, send)
                return
            except CutOff:
                failed = True
                await _end_broken(send, Refused(GONE, 502, "server_error"))
                return
            except Broken as error:
                failed = True
                if attempt == 2:
                    raise Refused("The model did not answer.", 502, "server_error", "bad_gateway") from error
            except Refused as refusal:
                failed = refusal.status >= 500 and refusal.status != 501
                raise
            finally:
                self.relay.pool.release(child, failed=failed)
            await self.relay.pool.mourn(child)

    async def _ask(self, child: Child, request: Call, send: Send) -> None:
        """Ask one child; Broken only while the client has not received anything, CutOff after that."""
        headers = dict(child.server.headers)
        if request.tagged:
            headers[TAG_HEADER] = "dream-pipeline"
        server = child.server
        async with post(server.url, self.path, request.body(server.alias), headers) as reply:
            if reply.status != 200:
                raise _refusal(reply.status, await _whole(reply))
            stream = reply.headers.get("content-type", "").startswith(_EVENT_STREAM)
            answer = Answer(stream)
            if stream:
                await self._pass_stream(child, request, answer, reply, send)
            else:
                await self._pass_whole(child, request, answer, reply, send)

    async def _pass_whole(
        self, child: Child, request: Call, answer: Answer, reply: Reply, send: Send
    ) -> None:
        body = await _whole(reply)
        answer.feed(body)
        answer.end()
        self._log(request, answer, child)
        await send(_start(reply, child, length=len(body)))
        await send({"type": "http.response.body", "body": body})

    async def _pass_stream(
        self, child: Child, request: Call, answer: Answer, reply: Reply, send: Send
    ) -> None:
        """Pass pieces on as they come; the first is awaited before the client hears anything."""
        pieces = reply.pieces()
        piece = await anext(pieces, b"")
        await send(_start(reply, child))
        logged = False
        while piece:
            answer.feed(piece)
            if answer.finished and not logged:
                logged = True
                self._log(request, answer, child)
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            piece = await _next_piece(pieces)
        await send({"type": "http.response.body", "body": b""})

    def _log(self, request: Call, answer: Answer, child: Child) -> None:
        if self.relay.log and request.chat and not request.tagged:
            try:
                self.relay.log.write(request.chat, answer, child.id)
            except OSError as error:
                self.relay.pool.events.record("chat not logged", child.id, error.strerror or "")


class CutOff(NocturneError):
    """The model server went away in the middle of a stream."""


async def read_body(request: Request, limit: int, seconds: float) -> bytes:
    """The whole JSON body; Refused when it is no JSON, too large, or its sender pauses or dawdles."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refused("Send JSON with the header content-type: application/json.", 415)
    declared = request.headers.get("content-length", "")
    too_large = Refused(f"The request is larger than {limit} bytes.", 413)
    if declared.isdigit() and int(declared) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for piece in request.stream():
                body += piece
                if len(body) > limit:
                    raise too_large
    except TimeoutError as error:
        raise Refused("The request took too long to arrive.", 408) from error
    return bytes(body)


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _whole(reply: Reply) -> bytes:
    """A body of bounded size."""
    body = bytearray()
    async for piece in reply.pieces():
        body += piece
        if len(body) > MAX_ANSWER:
            raise Refused("The answer is too large.", 502, "server_error")
    return bytes(body)


async def _next_piece(pieces: AsyncIterator[bytes]) -> bytes:
    try:
        return await anext(pieces, b"")
    except Broken as error:
        raise CutOff("The model went away in the middle of an answer.") from error


async def _end_broken(send: Send, refusal: Refused) -> None:
    """Tell the client in its own stream; without `[DONE]` it knows that the answer is not whole."""
    event = b"data: " + orjson.dumps(refusal.body) + b"\n\n"
    await send({"type": "http.response.body", "body": event})


def _start(reply: Reply, child: Child, length: int | None = None) -> dict[str, object]:
    headers = [
        (b"content-type", reply.headers.get("content-type", "application/json").encode("latin-1")),
        (GENERATION_HEADER, child.id.encode("latin-1")),
        (b"cache-control", b"no-store"),
    ]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _refusal(status: int, body: bytes) -> Refused:
    """The model server's error in our words; only what it says about the request itself is passed on."""
    if status == 501:
        return Refused("The served model cannot do this.", 501, "not_supported_error")
    if status >= 500:
        return Refused("The model could not answer this request.", 502, "server_error", "bad_gateway")
    message = "The model server refused the request."
    kind = "invalid_request_error"
    with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError):
        error = orjson.loads(body)["error"]
        if status == 400 and isinstance(error["message"], str):
            message = error["message"].splitlines()[0][:MAX_MESSAGE]
        if isinstance(error["type"], str) and error["type"].isidentifier():
            kind = error["type"]
    return Refused(message, 400 if status in (401, 403, 404) else status, kind)
