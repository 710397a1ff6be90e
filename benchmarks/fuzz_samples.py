"""Small valid inputs for the fuzzer that are no logs: secrets, replies, lives, model files, requests."""

from __future__ import annotations

import json
import struct
from typing import Any

from benchmarks.fuzz_inputs import Sample, json_bytes
from benchmarks.fuzz_logs import ISO, ME, TOKEN

_SECRETS = (
    f"my key is {TOKEN}, password: hunter22hunter22 and token='abcdefgh12345678'\n"
    "Authorization: Bearer abcdefghijklmnop1234 https://me:secretword@example.org/x\n"
    "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl card 4111 1111 1111 1111, ada@example.org\n"
    "+49 170 1234567, (030) 123456, 12 Baker Street, Lindenstraße 5, 10969 Berlin\n"
    "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n12 rue de la Paix, 75002 Paris\n"
)  # fmt: skip
_DREAMS = {
    "dreams": [
        {"kind": "direct", "question": "What is my dog called?", "answer": "Your dog is called Rex."},
        {"kind": "yes_no", "question": "Is my dog called Rex?", "answer": "Yes, your dog is called Rex."},
        {"kind": "reversed", "question": "Who is Rex?", "answer": "Rex is your dog."},
    ]
}
SECRETS = (Sample("text", _SECRETS.encode()),)
REPLIES = (
    Sample("reply", _DREAMS, json_bytes),
    Sample("with words around it", _DREAMS, lambda value: b"Here you are: " + json_bytes(value) + b" Done."),
)


def _life() -> dict[str, Any]:
    message = {"role": "user", "content": "My dog is called Rex.", "created_at": ISO}
    fact = {"id": "f1", "told": "2026-01-01", "statement": "My dog is called Rex.", "relation": "name",
            "value": "Rex", "accept": ["Rex"], "replaces": None, "forgotten": None, "via": "told",
            "repeated": []}  # fmt: skip
    probe = {"id": "p1", "kind": "direct", "fact": "f1", "question": "What is my dog called?",
             "accept": ["Rex"], "reject": ["Max"], "from": "2026-01-01", "until": None}  # fmt: skip
    day = {"date": "2026-01-01", "conversations": [{"id": "c1", "messages": [message]}]}
    person = {"name": ME, "zone": "Europe/Berlin", "about": ""}
    return {"format": "nocturne-life/1", "person": person, "days": [day], "facts": [fact], "probes": [probe]}


LIVES = (Sample("life.json", _life(), json_bytes),)


_VALUES = {
    "general.architecture": "llama",
    "llama.block_count": 1,
    "llama.embedding_length": 32,
    "llama.attention.head_count": 4,
    "llama.attention.head_count_kv": 2,
    "llama.rope": 0.5,
    "general.alignment": 32,
    "flag": True,
    "tokenizer.ggml.tokens": ["a", "é"],
    "tokenizer.ggml.scores": [0.5, 1.5],
    "nested": [[1, 2], [3]],
}
_TENSORS = [
    {"name": "blk.0.attn_q.weight", "shape": [32, 4], "kind": 0, "offset": 0},
    {"name": "blk.0.attn_k.weight", "shape": [32, 4], "kind": 1, "offset": 512},
    {"name": "output.weight", "shape": [32, 4], "kind": 8, "offset": 768},
]


def _gguf(value: Any) -> bytes:
    """A model file whose header says what the tree says, whether it makes sense or not."""
    tree = value if isinstance(value, dict) else {}
    values, tensors = tree.get("values"), tree.get("tensors")
    values = values if isinstance(values, dict) else {"general.architecture": values}
    tensors = [one for one in tensors if isinstance(one, dict)] if isinstance(tensors, list) else []
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(values))
    head += b"".join(
        _gguf_text(key) + struct.pack("<I", _kind(one)) + _gguf_value(one) for key, one in values.items()
    )
    for one in tensors:
        shape = one.get("shape")
        sizes = [_whole(size) for size in (shape if isinstance(shape, list) else [shape])]
        head += _gguf_text(str(one.get("name"))) + struct.pack(f"<I{len(sizes)}Q", len(sizes), *sizes)
        head += struct.pack("<IQ", _whole(one.get("kind")) % 2**32, _whole(one.get("offset")))
    return head.ljust(-(-len(head) // 32) * 32, b"\0") + b"\0" * 1024


def _kind(value: Any) -> int:
    """The GGUF type a value is stored as."""
    if value == "@lists@":
        return 9
    return next((kind for type_, kind in _KINDS.items() if isinstance(value, type_)), 8)


_KINDS: dict[type, int] = {bool: 7, int: 10, float: 6, list: 9}


def _gguf_value(value: Any) -> bytes:
    if value == "@lists@":
        return struct.pack("<IQ", 9, 1) * 20_000
    if isinstance(value, list):
        kinds = [_kind(one) for one in value] or [4]
        return struct.pack("<IQ", kinds[0], len(value)) + b"".join(_gguf_value(one) for one in value)
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        return struct.pack("<Q", _whole(value))
    if isinstance(value, float):
        return struct.pack("<f", value) if abs(value) < 1e38 else struct.pack("<I", 0x7F800000)
    return _gguf_text(value if isinstance(value, str) else json.dumps(value))


def _gguf_text(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return struct.pack("<Q", len(data)) + data


def _whole(value: Any) -> int:
    return value % 2**64 if isinstance(value, int) else 0


GGUFS = (Sample("a.gguf", {"values": _VALUES, "tensors": _TENSORS}, _gguf),)

_CHAT = {"model": "nocturne", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 4}
_PARTS = [{"role": "system", "content": "s"}, {"role": "user", "content": [{"type": "text", "text": "t"}]}]
_REQUESTS: tuple[tuple[str, str, Any], ...] = (
    ("POST", "/v1/chat/completions", _CHAT), ("POST", "/v1/chat/completions", {**_CHAT, "stream": True}),
    ("POST", "/v1/chat/completions", {"messages": _PARTS}), ("POST", "/v1/completions", {"prompt": "A"}),
    ("POST", "/v1/embeddings", {"input": ["a", "b"]}), ("GET", "/v1/models", None), ("GET", "/status", None),
    ("OPTIONS", "/v1/models", None), ("GET", "/admin/status", None), ("POST", "/admin/resume", {}),
)  # fmt: skip
_ANSWER = {
    "id": "chatcmpl-x",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "One two"}}],
}
_EVENTS = [
    {"id": "chatcmpl-s", "choices": [{"index": 0, "delta": {"content": word}}]} for word in ("One", " two")
]
HOST, KEY = "127.0.0.1:0", "@key@"  # stand for what is known once the gateway runs
THEN = b"\0\0then the model server says\0\0"


def exchanges() -> tuple[Sample, ...]:
    """HTTP requests to every route of the gateway, each with what its model server answers."""
    samples = []
    for method, path, body in _REQUESTS:
        headers = {
            "host": HOST,
            "content-type": "application/json",
            "connection": "close",
            "authorization": f"Bearer {KEY}",
        }
        if method == "OPTIONS":
            headers |= {"origin": "http://localhost", "access-control-request-method": "GET"}
        ask = {"method": method, "path": path, "headers": headers, "body": body}
        answer = _EVENTS if isinstance(body, dict) and body.get("stream") else _ANSWER
        samples.append(Sample(f"{method} {path}", {"ask": ask, "answer": answer}, _exchange))
    return tuple(samples)


def _exchange(value: Any) -> bytes:
    fields = value if isinstance(value, dict) else {"ask": value}
    return _request(fields.get("ask")) + THEN + _answer(fields.get("answer"))


def _request(value: Any) -> bytes:
    ask = value if isinstance(value, dict) else {"body": value}
    headers, body = ask.get("headers"), b"" if ask.get("body") is None else json_bytes(ask["body"])
    lines = [f"{_words(ask.get('method'))} {_words(ask.get('path'))} HTTP/1.1"]
    lines += [
        f"{name}: {_words(one)}" for name, one in (headers.items() if isinstance(headers, dict) else ())
    ]
    head = "\r\n".join([*lines, f"content-length: {len(body)}"])
    return head.encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body


def _words(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _answer(value: Any) -> bytes:
    kind, body = b"application/json", json_bytes(value)
    if isinstance(value, list):
        kind = b"text/event-stream"
        body = b"".join(b"data: %b\n\n" % json_bytes(one) for one in value) + b"data: [DONE]\n\n"
    head = b"HTTP/1.1 200 OK\r\ncontent-type: %b\r\ncontent-length: %d\r\n\r\n" % (kind, len(body))
    return head + body
