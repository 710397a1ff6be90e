"""What the fuzzer feeds: log readers, redaction, a model's replies, model files, the gateway, life files.

An attempt says whether its input was refused with a reason. It catches the product's own errors and nothing
else, so that whatever else comes out of it counts as a crash.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import socketserver
import threading
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.fuzz_inputs import Sample
from benchmarks.fuzz_logs import ME, log_samples
from benchmarks.fuzz_samples import GGUFS, HOST, KEY, LIVES, REPLIES, SECRETS, THEN, exchanges
from benchmarks.life import load_life
from data.errors import NocturneError
from data.ingest import ingest_paths
from data.logs import FORMATS, read
from data.records import ChatRequest, Memory, Reject
from data.redact import redact, suspects
from data.settings import DreamSettings, Ingest, load_settings
from data.store import Store
from data.text import normalise

Attempt = Callable[[str, bytes], bool]

# Only every so many logs also go into the store: a run of the ingest costs many times the reading.
STORED = 8
ANSWER_SECONDS = 0.7
CLOSE_SECONDS = 15.0
OURS_500 = b"Something went wrong in the gateway"


class Wrong(Exception):
    """The product answered, but not as it may."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads what others wrote: valid inputs, and how to begin trying others in a folder."""

    name: str
    samples: Callable[[], Sequence[Sample]]
    begin: Callable[[Path], Attempt]


def targets() -> dict[str, Target]:
    """Every target by name."""
    logs = [Target(f"log {name}", partial(log_samples().__getitem__, name), _logs(name)) for name in FORMATS]
    others = [
        Target("redaction", lambda: SECRETS, _redaction),
        Target("model dreamer", lambda: REPLIES, _dreamer),
        Target("GGUF", lambda: GGUFS, _gguf),
        Target("gateway", exchanges, _gateway),
        Target("life file", lambda: LIVES, _life),
    ]
    return {target.name: target for target in (*logs, *others)}


def _checked(reason: str) -> bool:
    """True for a refusal; Wrong when its reason tells a person nothing."""
    if not reason.strip() or reason.startswith(("'", "[Errno", "Traceback")):
        raise Wrong(f"a refusal without a clear reason: {reason!r}")
    return True


def _logs(format: str) -> Callable[[Path], Attempt]:
    """A log read as `format` and as what its content shows, and some also by a dry run of the ingest."""

    def begin(folder: Path) -> Attempt:
        named, unnamed = folder / "named", folder / "unnamed"
        sources = [{"path": f"{named}/*", "format": format, "me": ME}, {"path": f"{unnamed}/*", "me": ME}]
        settings = load_settings({}, home=folder / "home", ingest={"sources": sources})
        settings.ensure_home()
        store = Store(settings.database)
        for one in (named, unnamed):
            one.mkdir()

        def attempt(name: str, body: bytes) -> bool:
            paths = [named / name, unnamed / name]
            for path in paths:
                path.write_bytes(body)
            refused = [_refused(path, kind) for path, kind in zip(paths, (format, "auto"), strict=True)]
            if zlib.crc32(body) % STORED == 0:
                report = ingest_paths(store, settings, paths, dry_run=True)
                refused += [_checked(one.reason) for one in report.files if one.state == "refused"]
            for path in paths:
                path.unlink()
            return any(refused)

        return attempt

    return begin


def _refused(path: Path, format: str) -> bool:
    try:
        found = [one for one in read(path, format, me=ME) if isinstance(one, Reject)]
    except NocturneError as error:
        return _checked(str(error))
    reasons = [_checked(one.reason) for one in found]
    return bool(reasons)


def _redaction(folder: Path) -> Attempt:
    """A text as the readers give it; what redaction takes out, the cheap search before it must have seen."""
    settings = Ingest(redact_email=True, redact_phone=True, redact_address=True)

    def attempt(name: str, body: bytes) -> bool:
        text = normalise(body.decode("utf-8", "surrogateescape"))
        _, found = redact(text, settings)
        if found and not suspects([text], settings):
            raise Wrong(f"the cheap search overlooks {', '.join(found)}")
        return False

    return attempt


@dataclass(frozen=True, slots=True)
class _Says:
    """A model that says one thing whatever it is asked."""

    reply: str

    def complete(self, requests: Sequence[ChatRequest]) -> list[str]:
        return [self.reply for _ in requests]


def _dreamer(folder: Path) -> Attempt:
    """A reply as the dreams of one memory, and those dreams through their verification."""
    from models.dreamer import dream_with_model
    from quality.verification import review

    memory = Memory("m1", "My dog is called Rex.", "my dog", "name", "Rex", date(2026, 1, 1), ("s",))

    def attempt(name: str, body: bytes) -> bool:
        chat = _Says(body.decode("utf-8", "surrogateescape"))
        dreams = dream_with_model(chat, [memory], [], DreamSettings())
        refused = [one.refused for one in review(dreams, [memory]) if one.refused]
        for one in dreams:
            f"{one.question}{one.answer}{one.refused}".encode()  # the store takes no lone surrogate
        reasons = [_checked(reason) for reason in refused]
        return bool(reasons)

    return attempt


def _gguf(folder: Path) -> Attempt:
    """A model file as a template is read: its header, every value, every tensor and the plan for its base."""
    import numpy as np
    from safetensors.numpy import save_file

    from models.gguf_file import read_gguf
    from models.gguf_plan import make_plan
    from models.weights import gguf_array

    attention = [f"model.layers.0.self_attn.{one}_proj.weight" for one in "qk"]
    weights = {name: np.ones((4, 32), np.float32) for name in (*attention, "lm_head.weight")}
    save_file(weights, folder / "model.safetensors")

    def attempt(name: str, body: bytes) -> bool:
        path = folder / name
        path.write_bytes(body)
        try:
            file = read_gguf(path)
            for key in file.metadata:
                file.value(key)
            for tensor in file.tensors:
                gguf_array(file, tensor)
            make_plan(folder, path)
        except NocturneError as error:
            return _checked(str(error))
        return False

    return attempt


def _life(folder: Path) -> Attempt:
    """A life file, as every benchmark over lives reads it."""

    def attempt(name: str, body: bytes) -> bool:
        path = folder / name
        path.write_bytes(body)
        try:
            load_life(path)
        except NocturneError as error:
            return _checked(str(error))
        return False

    return attempt


class _Upstream(socketserver.ThreadingTCPServer):
    """A model server that answers every POST with the same bytes, whatever they are."""

    daemon_threads = True
    reply = b""

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The gateway may hang up when it has seen enough."""

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Read one request whole, so that no reply is lost to a reset, and answer it."""
        with request.makefile("rb") as stream:
            asks, length = stream.readline().startswith(b"GET"), 0
            while (line := stream.readline().lower()).strip():
                length = int(line[15:]) if line.startswith(b"content-length:") else length
            stream.read(length)
        listed = b'{"data":[{"id":"base"}]}'
        found = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%b" % (len(listed), listed)
        request.sendall(found if asks else self.reply)


class _Noting(logging.Handler):
    """Keeps the text of every error that is logged."""

    def __init__(self, into: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.into = into

    def emit(self, record: logging.LogRecord) -> None:
        self.into.append(record.getMessage())


def _gateway(folder: Path) -> Attempt:
    """Requests to a real gateway over loopback; for many of them its model server babbles."""
    from models.gateway import build_gateway, listening, make_server
    from models.registry import Registry
    from models.server import ModelServer

    settings = load_settings({}, home=folder, serve={"port": 0, "bake_seconds": 0, "warm": 1})
    settings.ensure_home()
    upstream = _Upstream(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    threading.Thread(target=upstream.serve_forever, daemon=True).start()
    server = ModelServer(f"http://127.0.0.1:{upstream.server_address[1]}", "", "base")
    base = folder / "base.gguf"
    base.touch()
    known = Registry(settings.models)
    gateway = build_gateway(settings, known, fallback=base, start=lambda gguf, alias: server)
    faults: list[str] = []
    note = _Noting(faults)
    ready: list[tuple[str, int]] = []
    up = threading.Event()

    async def serve() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda loop, what: faults.append(what["message"]))
        with listening(settings) as listener:
            async with gateway.app.router.lifespan_context(gateway.app):
                ready.append(listener.getsockname()[:2])
                server = make_server(settings, gateway)
                logging.getLogger("uvicorn.error").addHandler(note)
                up.set()
                await server.serve(sockets=[listener])

    threading.Thread(target=lambda: asyncio.run(serve()), daemon=True).start()
    if not up.wait(30):
        raise Wrong("the gateway did not start")

    def attempt(name: str, body: bytes) -> bool:
        ask, _, upstream.reply = body.partition(THEN)
        address = ready[0]
        host = b"%b:%d" % (address[0].encode(), address[1])
        ask = ask.replace(HOST.encode(), host).replace(KEY.encode(), gateway.admin_key.encode())
        answer = _asked(address, ask)
        if answer and not answer.startswith((b"HTTP/1.1 ", b"HTTP/1.0 ")):
            raise Wrong(f"no HTTP: {answer[:60]!r}")
        told = "; ".join(faults)
        faults.clear()
        if OURS_500 in answer or answer.startswith(b"HTTP/1.1 500") or told:
            raise Wrong(f"a fault inside: {answer[:40]!r} {told}")
        health = b"GET /health HTTP/1.1\r\nhost: %b\r\nconnection: close\r\n\r\n" % host
        if b" 200 " not in _asked(address, health):
            raise Wrong("the gateway no longer answers")
        return not answer.startswith(b"HTTP/1.1 2")

    return attempt


def _asked(address: tuple[str, int], request: bytes) -> bytes:
    """What comes back; after a pause the end of the request is made plain, and then the gateway closes."""
    answer = bytearray()
    with socket.create_connection(address, CLOSE_SECONDS) as client, suppress(ConnectionError):
        client.settimeout(ANSWER_SECONDS)
        try:
            client.sendall(request)
            _receive(client, answer)
        except TimeoutError:
            client.settimeout(CLOSE_SECONDS)
            client.shutdown(socket.SHUT_WR)
            _receive(client, answer)
    return bytes(answer)


def _receive(client: socket.socket, answer: bytearray) -> None:
    while piece := client.recv(65_536):
        answer += piece
