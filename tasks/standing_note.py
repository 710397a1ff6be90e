"""The note by which commands find the standing system of this home: its process, and its Prefect server."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from data.settings import Settings
from models.files import write_json


def write(settings: Settings, api: str, children: Sequence[int]) -> None:
    """Say that this process holds the system, whose Prefect server answers at `api`."""
    write_json(path(settings), {"pid": os.getpid(), "prefect": api, "children": list(children)})


def path(settings: Settings) -> Path:
    """Where the note lies while the system runs."""
    return settings.home / "standing.json"


def running(settings: Settings) -> psutil.Process | None:
    """The process of `up`, if it lives."""
    try:
        process = psutil.Process(_read(settings)["pid"])
        return process if process.cmdline()[-2:] == ["flows", "up"] else None
    except (psutil.NoSuchProcess, psutil.AccessDenied, ValueError, KeyError, TypeError):
        return None


def prefect_api(settings: Settings) -> str:
    """Where the standing system's Prefect server answers; empty while none runs."""
    return str(_read(settings).get("prefect", "")) if running(settings) else ""


def _read(settings: Settings) -> Any:
    try:
        return json.loads(path(settings).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
