"""Who the gateway turns away: keys, origins, hosts, sizes, slow clients, smuggled requests."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.errors import BadInput
from data.settings import load_settings
from models import gateway_guard
from models.gateway import build_gateway
from models.gateway_client import card_path
from models.registry import Registry
from tests.models.standing_gateway import CHAT, PATH, Standing, generation, standing, until

KEY = "a-long-random-key"
BODY = json.dumps(CHAT).encode()


@pytest.fixture(scope="module")
def keyed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    home = tmp_path_factory.mktemp("keyed")
    with standing(home, api_key=KEY, client_seconds=0.5, max_body_bytes=2_000) as running:
        yield running


@pytest.fixture
def gate(keyed: Standing) -> Standing:
    """The gateway that asks for a key, as if nobody had asked it anything yet."""
    keyed.live().asked.clear()
    keyed.live().headers.clear()
    keyed.live().mode = "answer"
    return keyed


def raw(gate: Standing, *pieces: bytes, pause: float = 0.0, wait: float = 5.0) -> bytes:
    """What a socket gets back that sends exactly these bytes, until the other side closes."""
    host, port = gate.url.removeprefix("http://").split(":")
    received = b""
    with socket.create_connection((host, int(port)), timeout=wait) as stream:
        for piece in pieces:
            try:
                stream.sendall(piece)
            except OSError:
                break
            time.sleep(pause)
        try:
            while data := stream.recv(65_536):
                received += data
        except (TimeoutError, ConnectionError):
            pass
    return received


def head(*lines: str, path: str = PATH, key: str = KEY) -> bytes:
    """A request line with its headers."""
    fixed = [f"POST {path} HTTP/1.1", "host: 127.0.0.1", f"authorization: Bearer {key}"]
    return "\r\n".join([*fixed, "content-type: application/json", *lines, "", ""]).encode()


def admin_key(gate: Standing) -> str:
    return json.loads(card_path(gate.settings).read_text())["admin_key"]


@pytest.mark.parametrize(
    "value", ["", "Bearer", "Bearer wrong", f"Basic {KEY}", f"Bearer {KEY}x", KEY, f"Bearer {KEY.upper()}"]
)
def test_a_wrong_key_opens_nothing(gate: Standing, value: str) -> None:
    with gate.client() as client:
        for method, path in (("POST", PATH), ("GET", "/v1/models"), ("GET", "/status"), ("GET", "/nowhere")):
            reply = client.request(method, path, headers={"authorization": value} if value else {})
            assert reply.status_code == 401
            assert reply.json()["error"]["code"] == "invalid_api_key"
    assert gate.live().asked == []


def test_the_right_key_opens_and_never_reaches_the_model_server(gate: Standing) -> None:
    assert gate.post(authorization=f"bearer {KEY}").status_code == 200
    assert gate.live().headers[0]["authorization"] == "Bearer child-key"
    assert KEY not in json.dumps(gate.live().headers)


def test_health_and_the_description_need_no_key_and_tell_nothing(gate: Standing) -> None:
    with gate.client() as client:
        assert client.get("/health").json() == {"status": "ok"}
        assert "/admin" not in client.get("/openapi.json").text


def test_keys_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    monkeypatch.setattr(gateway_guard.hmac, "compare_digest", lambda a, b: compared.append((a, b)) or a == b)
    assert not gateway_guard.same_key("given", "wanted")
    assert gateway_guard.same_key("wanted", "wanted")
    assert compared == [(b"given", b"wanted"), (b"wanted", b"wanted")]


@pytest.mark.parametrize("verb", ["publish", "rollback", "pause", "resume"])
def test_admin_routes_take_the_admin_key_and_no_other(gate: Standing, verb: str) -> None:
    with gate.client() as client:
        for key in (KEY, "x", "x" * 43):
            reply = client.post(f"/admin/{verb}", json={}, headers={"authorization": f"Bearer {key}"})
            assert reply.status_code == 401
    assert gate.status_with(KEY)["paused"] is False


@pytest.mark.parametrize(
    "path",
    ["/admin/pause/", "//admin/pause", "/v1/../admin/pause", "/ADMIN/pause", "/admin%2fpause", "/admin"],
)
def test_no_spelling_of_a_path_reaches_an_admin_route(gate: Standing, path: str) -> None:
    reply = raw(gate, head(f"content-length: {len(BODY)}", "connection: close", path=path) + BODY)
    assert reply.split(b" ", 2)[1] in (b"401", b"404")
    assert gate.status_with(KEY)["paused"] is False


def test_the_admin_key_is_no_client_key(gate: Standing) -> None:
    assert gate.post(authorization=f"Bearer {admin_key(gate)}").status_code == 401


@pytest.mark.parametrize(
    "name", ["../../etc", "a/b", "..", "", ".hidden", "x" * 200, 7, None, "a\u0000b", "é"]
)
def test_an_admin_cannot_name_a_path_as_a_generation(gate: Standing, name: object) -> None:
    with gate.client(headers={"authorization": f"Bearer {admin_key(gate)}"}) as client:
        reply = client.post("/admin/publish", json={"generation": name})
    assert reply.status_code == 400


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "file://"]
)
def test_a_page_of_another_site_is_refused_before_anything_is_done(tmp_path: Path, origin: str) -> None:
    with standing(tmp_path) as gate:
        reply = gate.post(origin=origin)
        assert reply.status_code == 403
        assert "access-control-allow-origin" not in reply.headers
        with gate.client() as client:
            asked = {"origin": origin, "access-control-request-method": "POST"}
            assert client.options(PATH, headers=asked).status_code == 403
        assert gate.live().asked == []
        assert list(gate.settings.inbox.iterdir()) == []


def test_pages_of_this_machine_and_chosen_origins_may_call(tmp_path: Path) -> None:
    with standing(tmp_path, origins=["app://chat"]) as gate:
        for origin in ("http://localhost:3000", "http://127.0.0.1", "app://chat"):
            reply = gate.post(origin=origin)
            assert reply.status_code == 200
            assert reply.headers["access-control-allow-origin"] == origin
            with gate.client() as client:
                asked = {"origin": origin, "access-control-request-method": "POST"}
                assert client.options(PATH, headers=asked).status_code == 204
        assert "access-control-allow-origin" not in gate.post().headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil"])
def test_a_name_that_was_bent_to_this_machine_is_refused(tmp_path: Path, host: str) -> None:
    with standing(tmp_path) as gate:
        assert gate.post(host=host).status_code in (400, 403)
        assert gate.post(host="LOCALHOST:1").status_code == 200


def test_a_form_of_another_page_cannot_post_a_chat(tmp_path: Path) -> None:
    with standing(tmp_path) as gate, gate.client() as client:
        for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonx"):
            assert client.post(PATH, content=BODY, headers={"content-type": kind}).status_code == 415


def test_large_bodies_are_refused_declared_or_not(gate: Standing) -> None:
    large = json.dumps({"messages": [{"role": "user", "content": "x" * 3_000}]}).encode()
    assert b" 413 " in raw(gate, head(f"content-length: {len(large)}"), large)
    chunk = b"%x\r\n%s\r\n" % (len(large), large)
    assert b" 413 " in raw(gate, head("transfer-encoding: chunked"), chunk)
    assert b" 413 " in raw(gate, head("content-length: 99999999999999"), b"{")
    assert gate.live().asked == []


def test_large_and_many_headers_are_refused(gate: Standing) -> None:
    reply = raw(gate, head(f"x-large: {'x' * 20_000}", f"content-length: {len(BODY)}"), BODY)
    assert reply.split(b" ", 2)[1] in (b"400", b"431")
    many = [f"x-{number}: 1" for number in range(150)]
    assert b" 431 " in raw(gate, head(*many, f"content-length: {len(BODY)}"), BODY)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"messages": NaN}',
        b"\xff\xfe",
        b"[" * 1_900,
        b'{"messages":' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"messages": [{"role":"user","content":"x"}], "extra":' + b"[" * 80 + b"]" * 80 + b"}",
    ],
)
def test_bad_json_is_a_bad_request(gate: Standing, body: bytes) -> None:
    reply = raw(gate, head(f"content-length: {len(body)}", "connection: close"), body)
    assert b" 400 " in reply.split(b"\r\n")[0]
    assert json.loads(reply.split(b"\r\n\r\n", 1)[1])["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "image_url", "image_url": {"url": "http://169.254.169.254/latest"}}],
        [{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}],
        [{"type": "input_audio", "input_audio": {"data": "", "format": "wav"}}],
        [{"type": "text", "text": "look"}, {"type": "file", "file": {"file_id": "x"}}],
    ],
)
def test_nothing_a_message_names_is_ever_fetched(gate: Standing, content: object) -> None:
    body = {"messages": [{"role": "user", "content": content}]}
    assert gate.post(body, authorization=f"Bearer {KEY}").status_code == 400
    assert gate.live().asked == []


@pytest.mark.parametrize(
    "lines",
    [
        ("content-length: 5", "transfer-encoding: chunked"),
        ("content-length: 5", "content-length: 6"),
        ("content-length: -5",),
        ("content-length: 5, 6",),
        ("transfer-encoding: chunked, identity",),
        ("transfer-encoding: xchunked",),
        ("content-length : 5",),
        ("x: a\rb: c",),
    ],
)
def test_ambiguous_lengths_never_let_a_second_request_through(gate: Standing, lines: tuple[str, ...]) -> None:
    inner = head(f"content-length: {len(BODY)}") + BODY
    reply = raw(gate, head(*lines), b"0\r\n\r\n" + inner)
    assert gate.live().asked == []
    assert reply.count(b"HTTP/1.1 2") == 0


def test_a_header_that_never_ends_is_cut_off(gate: Standing) -> None:
    began = time.monotonic()
    raw(gate, f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\n".encode(), wait=20)
    dribble = raw(gate, *([b"x"] * 30), pause=0.1, wait=20)
    assert dribble == b""
    assert time.monotonic() - began < 20


def test_a_body_that_never_ends_is_cut_off(gate: Standing) -> None:
    reply = raw(gate, head("content-length: 500"), b'{"messages":', wait=20)
    assert b" 408 " in reply.split(b"\r\n")[0]


def test_a_client_that_stops_reading_is_cut_off(gate: Standing) -> None:
    gate.live().mode = "flood"
    body = json.dumps({**CHAT, "stream": True}).encode()
    host, port = gate.url.removeprefix("http://").split(":")
    with socket.socket() as stream:
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        stream.connect((host, int(port)))
        stream.sendall(head(f"content-length: {len(body)}") + body)
        stream.recv(100)
        until(lambda: gate.gateway.pool.in_flight == 0, 20)
    assert gate.post(authorization=f"Bearer {KEY}").status_code == 200


def test_a_websocket_gets_no_connection(gate: Standing) -> None:
    upgrade = head("upgrade: websocket", "connection: upgrade", "sec-websocket-version: 13")
    assert b"101" not in raw(gate, upgrade.replace(b"POST", b"GET"), wait=2).split(b"\r\n")[0]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "nocturne.example"])
def test_an_address_open_to_others_demands_a_key(tmp_path: Path, host: str) -> None:
    settings = load_settings({}, home=tmp_path, serve={"host": host})
    with pytest.raises(BadInput, match=r"serve\.api_key"):
        build_gateway(settings, Registry(settings.models))
    with pytest.raises(BadInput, match="empty"):
        build_gateway(
            load_settings({}, home=tmp_path, serve={"host": host, "api_key": " "}), Registry(settings.models)
        )
    build_gateway(
        load_settings({}, home=tmp_path, serve={"host": host, "api_key": KEY}), Registry(settings.models)
    )


def test_a_key_is_not_shown_by_the_settings_or_in_the_logs(gate: Standing) -> None:
    name = generation(gate.registry, "2026-01-01")
    with gate.client(headers={"authorization": f"Bearer {admin_key(gate)}"}) as client:
        client.post("/admin/publish", json={"generation": name})
    assert KEY not in repr(gate.settings)
    written = "".join(path.read_text() for path in gate.settings.logs.iterdir())
    assert KEY not in written and admin_key(gate) not in written
