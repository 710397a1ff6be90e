"""How the rest of the program speaks to a running gateway: one file with its address and admin key.

The gateway holds a lock as long as it lives; a file without that lock is a leftover of a killed one, and
its key is sent to nobody.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from data.errors import BadInput, PublishError
from data.settings import Settings
from models.files import write_json

ADMIN_SECONDS = 900.0
STATUS_SECONDS = 5.0


def publish_to_gateway(settings: Settings, generation_id: str) -> bool:
    """Let the running gateway serve a generation; False when none runs, PublishError when it refuses."""
    return _admin(settings, "publish", {"generation": generation_id}) is not None


def rollback_gateway(settings: Settings, generation_id: str | None = None) -> bool:
    """Let the running gateway go back to the previous or the named generation; False when none runs."""
    return _admin(settings, "rollback", {"generation": generation_id}) is not None


def pause_gateway(settings: Settings, *, cpu: bool = False, wakes: bool = False) -> bool:
    """Take the models off the card until `resume_gateway` or the end of this process; False without gateway.

    With `cpu` the live one answers from the processor; with `wakes` a chat waits, and the status says so.
    """
    return _admin(settings, "pause", {"pid": os.getpid(), "cpu": cpu, "wakes": wakes}) is not None


def resume_gateway(settings: Settings) -> bool:
    """Load the live model again; False when no gateway runs."""
    return _admin(settings, "resume", {}) is not None


def gateway_status(settings: Settings) -> dict[str, Any] | None:
    """What the running gateway says about itself, with its `url`; None when none runs."""
    card = _card(settings)
    if card is None:
        return None
    try:
        reply = httpx.get(f"{card['url']}/admin/status", **_options(card, STATUS_SECONDS))
        reply.raise_for_status()
        return {**reply.json(), "url": card["url"]}
    except (httpx.HTTPError, ValueError):
        return None


def card_path(settings: Settings) -> Path:
    """The file with the gateway's address and admin key."""
    return settings.home / "gateway.json"


@contextmanager
def announced(settings: Settings, url: str, admin_key: str) -> Iterator[None]:
    """Hold the lock and the address file while a gateway runs; BadInput when another one already does."""
    settings.ensure_home()
    handle = _lock(settings)
    if handle is None:
        raise BadInput(f"A gateway already runs for {settings.home}. Stop it first (`python -m flows down`).")
    try:
        write_json(card_path(settings), {"url": url, "admin_key": admin_key, "pid": os.getpid()})
        yield
    finally:
        card_path(settings).unlink(missing_ok=True)
        os.close(handle)


def _lock(settings: Settings) -> int | None:
    """The gateway's lock as an open file, or None when a living gateway holds it."""
    handle = os.open(settings.home / "gateway.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _card(settings: Settings) -> dict[str, Any] | None:
    if not card_path(settings).is_file():
        return None
    handle = _lock(settings)
    if handle is not None:
        os.close(handle)
        return None
    try:
        card = json.loads(card_path(settings).read_text(encoding="utf-8"))
        return {"url": str(card["url"]), "admin_key": str(card["admin_key"])}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _admin(settings: Settings, verb: str, body: dict[str, Any]) -> dict[str, Any] | None:
    card = _card(settings)
    if card is None:
        return None
    try:
        reply = httpx.post(f"{card['url']}/admin/{verb}", json=body, **_options(card, ADMIN_SECONDS))
    except httpx.ConnectError:
        return None
    except httpx.HTTPError as error:
        raise PublishError(
            f"The gateway did not answer to {verb} ({type(error).__name__}). See logs/events.jsonl."
        ) from error
    if reply.status_code != 200:
        raise PublishError(_said(reply))
    return reply.json()


def _said(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The gateway answered with status {reply.status_code}."


def _options(card: dict[str, Any], seconds: float) -> dict[str, Any]:
    return {
        "headers": {"Authorization": f"Bearer {card['admin_key']}"},
        "timeout": seconds,
        "trust_env": False,
    }
