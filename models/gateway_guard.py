"""Who may talk to the gateway: keys, hosts, origins, sizes, and clients that never finish.

Sits before every route. Knows nothing of models. A browser page of another site can reach a loopback
port, so a foreign Origin or Host is refused even where no key is set: it could otherwise write chats
that the next night would dream about.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import re
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from models.gateway_request import Refused

OPEN_PATHS = frozenset({"/health", "/openapi.json"})
MAX_HEADER_BYTES = 16_384
MAX_HEADERS = 100
_LOCAL_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_LOCAL_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether an address or name is this machine's own."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def same_key(given: str, wanted: str) -> bool:
    """Compare two keys in a time that does not depend on where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())


class Guard:
    """ASGI middleware; answers refused requests itself."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        api_key: str | None,
        admin_key: str,
        loopback: bool,
        origins: tuple[str, ...],
    ) -> None:
        """Without `api_key` only the admin routes ask for a key; `loopback` also checks the Host header."""
        self.app = app
        self.api_key = api_key
        self.admin_key = admin_key
        self.loopback = loopback
        self.origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is allowed."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        try:
            self._check_shape(scope, headers)
            self._check_origin(origin)
            if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
                await _preflight()(scope, receive, _with_cors(send, origin))
                return
            self._check_key(scope, headers)
        except Refused as refusal:
            response = error_response(refusal)
            response.headers["connection"] = "close"
            await response(scope, receive, send)
            return
        await self.app(scope, receive, _with_cors(send, origin) if origin else send)

    def _check_shape(self, scope: Scope, headers: Headers) -> None:
        if len(headers) > MAX_HEADERS or sum(len(k) + len(v) for k, v in headers.raw) > MAX_HEADER_BYTES:
            raise Refused("The request's headers are too large.", 431)
        if "content-length" in headers and "transfer-encoding" in headers:
            raise Refused("The request gives its length in two ways.")
        if self.loopback and not _LOCAL_HOST.fullmatch(headers.get("host", "")):
            raise Refused("This gateway answers only under the names of this machine.", 403, "forbidden")

    def _check_origin(self, origin: str | None) -> None:
        if origin is not None and not _LOCAL_ORIGIN.fullmatch(origin) and origin not in self.origins:
            raise Refused(
                "Pages of other sites may not call this gateway. Add the origin to serve.origins.",
                403,
                "forbidden",
            )

    def _check_key(self, scope: Scope, headers: Headers) -> None:
        path = scope["path"]
        kind, _, given = headers.get("authorization", "").partition(" ")
        given = given if kind.lower() == "bearer" else ""
        if path == "/admin" or path.startswith("/admin/"):
            peer = (scope.get("client") or ("",))[0]
            if not is_loopback(peer) or not same_key(given, self.admin_key):
                raise _unauthorised()
        elif self.api_key is not None and path not in OPEN_PATHS and not same_key(given, self.api_key):
            raise _unauthorised()


def error_response(refusal: Refused) -> Response:
    """A refusal as JSON in OpenAI's form; the connection ends where the body was not read."""
    headers = {"www-authenticate": "Bearer"} if refusal.status == 401 else {}
    if refusal.status in (408, 413, 415):
        headers["connection"] = "close"
    return JSONResponse(refusal.body, refusal.status, headers)


def _unauthorised() -> Refused:
    return Refused("A valid key is needed.", 401, "authentication_error", "invalid_api_key")


def _preflight() -> Response:
    return Response(
        status_code=204,
        headers={
            "access-control-allow-methods": "GET, POST, OPTIONS",
            "access-control-allow-headers": "authorization, content-type",
            "access-control-max-age": "600",
        },
    )


def _with_cors(send: Send, origin: str | None) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and origin:
            message = {
                **message,
                "headers": [
                    *message.get("headers", ()),
                    (b"access-control-allow-origin", origin.encode("latin-1")),
                    (b"vary", b"Origin"),
                ],
            }
        await send(message)

    return sending


def bounded_protocol(seconds: float) -> type[H11Protocol]:
    """The HTTP protocol, with connections cut that send no whole header or take no answer in `seconds`."""

    class BoundedProtocol(H11Protocol):
        """One connection with a timer for its header and one for its reader."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.header_timer: asyncio.TimerHandle | None = None
            self.write_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._expect_header()

        def connection_lost(self, exc: Exception | None) -> None:
            for timer in (self.header_timer, self.write_timer):
                if timer:
                    timer.cancel()
            super().connection_lost(exc)

        def handle_events(self) -> None:
            before = self.cycle
            super().handle_events()
            if self.cycle is not before and self.header_timer:
                self.header_timer.cancel()
                self.header_timer = None

        def on_response_complete(self) -> None:
            self._expect_header()
            super().on_response_complete()

        def pause_writing(self) -> None:
            super().pause_writing()
            self.write_timer = self.loop.call_later(seconds, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            if self.write_timer:
                self.write_timer.cancel()
                self.write_timer = None

        def _expect_header(self) -> None:
            if self.header_timer:
                self.header_timer.cancel()
            self.header_timer = self.loop.call_later(seconds, self.transport.abort)

    return BoundedProtocol
