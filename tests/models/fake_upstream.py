"""A model server that only pretends: real HTTP on a real port, scripted answers, deaths on demand."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from data.errors import BackendError
from models.server import ModelServer

WORDS = ("One", " two", " three")


@dataclass
class Fake:
    """One pretended server: what it was asked, and how it is to behave from now on."""

    alias: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    mode: str = "answer"
    on_card: bool = True
    pause: float = 0.0
    server: ThreadingHTTPServer | None = None
    dead: bool = False
    gate: threading.Event = field(default_factory=threading.Event)

    def start(self) -> FakeServer:
        """Listen on a free port."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: object) -> None:
                """Quiet."""

            def do_GET(self) -> None:
                self._json(200, {"data": [{"id": fake.alias}]})

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                fake.asked.append(body)
                fake.headers.append({k.lower(): v for k, v in self.headers.items()})
                with contextlib.suppress(OSError):  # the gateway went away
                    _answer(fake, self, body)

            def _json(self, status: int, value: object) -> None:
                data = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json; charset=utf-8")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return FakeServer(f"http://127.0.0.1:{self.server.server_address[1]}", "child-key", self.alias, self)

    def die(self) -> None:
        """Stop listening, as a killed process does."""
        self.dead = True
        self.gate.set()
        if self.server:
            self.server.shutdown()
            self.server.server_close()


@dataclass
class FakeServer(ModelServer):
    """The handle that the gateway holds."""

    fake: Fake | None = None

    def __init__(self, url: str, key: str, alias: str, fake: Fake) -> None:
        super().__init__(url, key, alias)
        self.fake = fake

    @property
    def pid(self) -> int | None:
        """No process."""
        return None

    @property
    def alive(self) -> bool:
        """Until it dies."""
        return self.fake is not None and not self.fake.dead

    def stop(self) -> None:
        """End it."""
        if self.fake and not self.fake.dead:
            self.fake.die()


class Fleet:
    """Stands in for the start of real servers; remembers every one by alias."""

    def __init__(self) -> None:
        self.fakes: dict[str, list[Fake]] = {}
        self.mode: dict[str, str] = {}

    def __call__(self, gguf: Path, alias: str) -> ModelServer:
        """Start one, unless its file says that it cannot be loaded."""
        if gguf.read_bytes() == b"damaged":
            raise BackendError(f"The model server could not load {gguf}.")
        fake = Fake(alias, mode=self.mode.get(alias, "answer"))
        self.fakes.setdefault(alias, []).append(fake)
        return fake.start()

    def aside(self, gguf: Path, alias: str) -> ModelServer:
        """Start one that stands for a model on the processor."""
        server = self(gguf, alias)
        self.newest(alias).on_card = False
        return server

    def newest(self, alias: str) -> Fake:
        """The one started last under that alias."""
        return self.fakes[alias][-1]


def completion(alias: str, text: str) -> dict[str, Any]:
    """A whole answer as llama.cpp gives it."""
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": "stop", "message": message, "text": text}
    return {"id": "chatcmpl-x", "object": "chat.completion", "model": alias, "choices": [choice]}


def stream_bytes(alias: str) -> bytes:
    """The bytes of a streamed answer."""
    events = [
        {"id": "chatcmpl-s", "model": alias, "choices": [{"index": 0, "delta": {"content": word}}]}
        for word in WORDS
    ]
    return (
        b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events) + b"data: [DONE]\n\n"
    )


def _answer(fake: Fake, handler: Any, body: dict[str, Any]) -> None:
    mode = fake.mode
    if mode == "hold":
        fake.gate.wait(10)
        mode = "answer"
    if mode == "die" or fake.dead:
        threading.Thread(target=fake.die).start()
        time.sleep(0.05)
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    if mode == "busy once":
        fake.mode = "answer"
        handler._json(503, {"error": {"message": "full", "type": "server_error"}})
    elif mode == "error":
        handler._json(500, {"error": {"message": "/secret/path exploded", "type": "server_error"}})
    elif mode == "full":
        error = {"message": "request (9 tokens) exceeds the context", "type": "exceed_context_size_error"}
        handler._json(400, {"error": error})
    elif mode == "empty":
        handler._json(200, completion(fake.alias, ""))
    elif body.get("stream"):
        _stream(fake, handler, mode)
    else:
        handler._json(200, completion(fake.alias, "".join(WORDS)))


def _stream(fake: Fake, handler: Any, mode: str) -> None:
    handler.send_response(200)
    handler.send_header("content-type", "text/event-stream")
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    data = stream_bytes(fake.alias) * (20_000 if mode == "flood" else 1)
    cut = len(data) // 3 + 1
    for piece in (data[:cut], data[cut:]):
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.flush()
        if mode == "cut":
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if mode == "slow":
            fake.gate.wait(10)
    handler.wfile.write(b"0\r\n\r\n")
