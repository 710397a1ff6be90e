"""A store that another program has open, and a home whose commands do not wait long for it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.settings import Recipe, Settings
from data.store import Store
from tests.flows.tiny_night import ZONE, tiny_settings, write_day

HOLD = "import duckdb, sys; held = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"


@contextmanager
def held(database: Path) -> Iterator[None]:
    """Another process has the database open."""
    words = [sys.executable, "-c", HOLD, str(database)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdin
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.stdin.close()
            holder.wait(30)


def impatient_home(home: Path, recipe: Recipe, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home with a day of chats that every command of this process uses, waiting a moment for its store."""
    settings = tiny_settings(home, recipe)
    monkeypatch.setenv("NOCTURNE_HOME", str(settings.home))
    monkeypatch.setenv("NOCTURNE_ZONE", ZONE)
    monkeypatch.setenv("NOCTURNE_RECIPE", settings.recipe.model_dump_json())
    monkeypatch.setenv("NOCTURNE_SERVE__CONTEXT", "512")
    monkeypatch.setenv("PREFECT_RESULTS_LOCAL_STORAGE_PATH", str(settings.home / "results"))
    assert Store.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(Store.__init__.__kwdefaults__, "wait_seconds", 0.3)
    write_day(settings)
    return settings
