"""The one stable address of the model: an OpenAI-compatible gateway before the server of the live generation.

Owns the start and the end. `gateway_routes` owns the routes, `gateway_pool` the pointer and the servers,
`gateway_guard` who may ask, `gateway_relay` one request, `gateway_bake` the watch after a publish,
`gateway_client` how the rest of the program reaches a running gateway.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from data.errors import BadInput, NocturneError
from data.settings import Settings, load_settings, prepare_environment
from models.gateway_bake import Bake, Smoke
from models.gateway_client import (
    announced,
    gateway_status,
    pause_gateway,
    publish_to_gateway,
    resume_gateway,
    rollback_gateway,
)
from models.gateway_events import Events
from models.gateway_guard import MAX_HEADER_BYTES, Guard, bounded_protocol, is_loopback
from models.gateway_log import ChatLog
from models.gateway_pool import Pool, Start
from models.gateway_relay import Relay
from models.gateway_request import Retrieve
from models.gateway_routes import http_error, internal_error, routes
from models.registry import Registry
from models.server import server_for

__all__ = [
    "Gateway",
    "build_gateway",
    "gateway_status",
    "pause_gateway",
    "publish_to_gateway",
    "resume_gateway",
    "rollback_gateway",
    "run_gateway",
]

END_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Gateway:
    """The application with the parts that a caller or a test reaches for."""

    app: Starlette
    pool: Pool
    bake: Bake
    admin_key: str


def build_gateway(
    settings: Settings,
    registry: Registry,
    *,
    fallback: Path | None = None,
    context_for: Retrieve | None = None,
    start: Start | None = None,
    aside: Start | None = None,
) -> Gateway:
    """Put the parts together; `start` and `aside` may load something else than the settings say.

    `fallback` is served while nothing is published. `context_for` finds memories for a chat and may
    block; it is asked only when serve.retrieve is on.
    """
    serve = settings.serve
    without_card = serve.model_copy(update={"gpu_layers": 0})
    check_exposure(settings)
    client = httpx.AsyncClient(headers={"connection": "close"}, trust_env=False)
    smoke = Smoke(client, settings.recipe.persona)
    pool = Pool(
        registry,
        start or (lambda gguf, alias: server_for(gguf, alias, serve)),
        smoke,
        Events(settings.logs),
        aside=aside or (lambda gguf, alias: server_for(gguf, alias, without_card)),
        fallback=fallback,
        warm=1 if serve.backend == "url" else serve.warm,
        max_in_flight=serve.max_in_flight,
    )
    bake = Bake(pool, smoke, serve)
    pool.published = bake.begin
    log = ChatLog(settings.inbox, settings.zone) if serve.log_chats else None
    relay = Relay(pool, serve, settings.recipe.persona, log, context_for)
    admin_key = secrets.token_urlsafe(32)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await pool.open()
        try:
            yield
        finally:
            bake.stop()
            await pool.close()
            await client.aclose()

    app = Starlette(
        routes=routes(settings, pool, bake, relay),
        middleware=[
            Middleware(
                Guard,
                api_key=serve.api_key.get_secret_value() if serve.api_key else None,
                admin_key=admin_key,
                loopback=is_loopback(serve.host),
                origins=serve.origins,
            )
        ],
        exception_handlers={HTTPException: http_error, Exception: internal_error},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return Gateway(app, pool, bake, admin_key)


def run_gateway(
    settings: Settings,
    *,
    fallback: Path | None = None,
    context_for: Retrieve | None = None,
    ready: Callable[[str], None] | None = None,
    attached: bool = False,
) -> None:
    """Serve until SIGTERM or SIGINT, or with `attached` until standard input closes.

    `ready` hears the URL once a model answers. BadInput for an unsafe or taken address and when another
    gateway runs; BackendError when no model can be loaded.
    """
    gateway = build_gateway(settings, Registry(settings.models), fallback=fallback, context_for=context_for)
    with listening(settings) as listener:
        port = listener.getsockname()[1]
        host = settings.serve.host if is_loopback(settings.serve.host) else "127.0.0.1"
        url = f"http://{f'[{host}]' if ':' in host else host}:{port}"
        with announced(settings, url, gateway.admin_key):
            asyncio.run(_serve(settings, gateway, listener, lambda: ready and ready(url), attached))


class Server(uvicorn.Server):
    """uvicorn, except that a signal lets our own clean-up run instead of being raised again after it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """End on SIGTERM and SIGINT; only the main thread can be told of signals."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, self.handle_exit, number, None)
        yield


def make_server(settings: Settings, gateway: Gateway) -> uvicorn.Server:
    """The HTTP server with the bounds of the settings; no access log, for paths and times are private."""
    return Server(
        uvicorn.Config(
            gateway.app,
            http=bounded_protocol(settings.serve.client_seconds),
            ws="none",
            lifespan="off",
            log_level="error",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=4 * settings.serve.max_in_flight + 64,
            h11_max_incomplete_event_size=MAX_HEADER_BYTES,
            timeout_graceful_shutdown=END_SECONDS,
        )
    )


async def _serve(
    settings: Settings,
    gateway: Gateway,
    listener: socket.socket,
    ready: Callable[[], object],
    attached: bool,
) -> None:
    server = make_server(settings, gateway)
    async with gateway.app.router.lifespan_context(gateway.app):
        gc.collect()
        gc.freeze()
        ready()
        if attached:
            asyncio.get_running_loop().add_reader(sys.stdin, _end_when_closed, server)
        await server.serve(sockets=[listener])


def _end_when_closed(server: uvicorn.Server) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin)
        server.should_exit = True


@contextlib.contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket of serve.host and serve.port; BadInput when it cannot be had."""
    host, port = settings.serve.host, settings.serve.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BadInput(f"{host} is not an address of this machine. Correct serve.host.") from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise BadInput(
                f"Cannot listen on {host}:{port}: {error.strerror}. Free it or choose another serve.port."
            ) from error
        listener.listen(1024)
        listener.setblocking(False)
        yield listener


def check_exposure(settings: Settings) -> None:
    """BadInput when the gateway would be open to the network without a key."""
    serve = settings.serve
    key = serve.api_key.get_secret_value() if serve.api_key else None
    if key is not None and not key.strip():
        raise BadInput("serve.api_key is empty. Set a long random key or leave the setting out.")
    if not is_loopback(serve.host) and key is None:
        raise BadInput(
            f"serve.host {serve.host} lets other machines in. Set serve.api_key first "
            "(NOCTURNE_SERVE__API_KEY), or keep serve.host at 127.0.0.1."
        )


def _base_model(settings: Settings) -> Path:
    """The base as it is served, prepared when this is the first start."""
    from models.base import prepare_base

    return prepare_base(settings.recipe.preset, settings.models).gguf


def main(arguments: list[str] | None = None) -> int:
    """Command line: `python -m models.gateway [--home FOLDER] [--fallback MODEL.gguf] [--attached]`."""
    parser = argparse.ArgumentParser(prog="python -m models.gateway", description=__doc__.splitlines()[0])
    parser.add_argument("--home", type=Path, help="home folder instead of NOCTURNE_HOME")
    parser.add_argument("--fallback", type=Path, help="GGUF to serve while nothing is published")
    parser.add_argument("--attached", action="store_true", help="end when standard input closes")
    options = parser.parse_args(arguments)
    try:
        settings = load_settings(**({"home": options.home} if options.home else {}))
        prepare_environment(settings)
        settings.ensure_home()
        run_gateway(
            settings,
            fallback=options.fallback or _base_model(settings),
            ready=lambda url: print(url, flush=True),
            attached=options.attached,
        )
    except NocturneError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
