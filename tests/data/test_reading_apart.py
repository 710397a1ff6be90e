"""A large file is read in a child: the same rows, counts and refusals, and no child left behind."""

import json
import subprocess
import sys

import pytest

from data import batches
from data import ingest as module
from data.errors import BadInput
from data.ingest import ingest_paths
from data.logs import apart
from data.logs.chat import Reading
from data.logs.rows import Tally
from data.settings import load_settings
from data.store import Store

S = 1_767_261_600  # 2026-01-01T10:00:00Z


def chat(number, *texts, **extra):
    said = [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]
    return json.dumps({"id": f"c{number}", "created_at": S, "messages": said, **extra})


def requests():
    """A log with what a reader meets: own ids and none, repeats, damage, privacy, secrets, odd letters."""
    for number in range(200):
        yield chat(number, f"naïve café {number}", "yes\r\nno", "한\ud800")
        yield chat(number, "same words", f"answer {number % 7}", id=None)
    yield chat("p", "#private leave this")
    yield chat("s", "my token is ghp_" + "a1B2" * 9)
    yield chat("t", "when?", created_at="not a time")
    yield from ('{"messages": 3}', "[1, 2]", '{"messages": [{"role": "user"', "[" * 5_000)


@pytest.fixture
def log(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text("\n".join(requests()) + "\n")
    return path


def stored(root, path):
    """Everything the store holds of `path`, and the report without the file's name."""
    settings = load_settings({}, home=root)
    settings.ensure_home()
    with Store(settings.database) as store:
        report = ingest_paths(store, settings, [path])
        turns = sorted(map(repr, store.turns.all(active_only=False)))
        rejects = [(one.locator, one.reason) for one in store.turns.rejects()]
        again = ingest_paths(store, settings, [path])
    return turns, rejects, report.files[0].as_json(), dict(report.days), again.added


def test_a_child_reads_the_same(log, tmp_path, monkeypatch):
    here = stored(tmp_path / "here", log)
    monkeypatch.setattr(module, "APART_BYTES", 0)
    monkeypatch.setattr(module.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(batches, "BATCH_ROWS", 64)
    there = stored(tmp_path / "there", log)
    assert len(here[0]) > 600 and len(here[1]) >= 4
    assert there == here


def test_what_is_wrong_with_a_file_is_said_by_the_parent(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("{}")
    with pytest.raises(BadInput, match="Unknown format"):
        list(apart.rows_apart((path, "none such", Reading(), 0), Tally()))


def test_a_reader_that_dies_is_an_error_of_the_file(log, monkeypatch):
    real = subprocess.Popen

    def dying(command, **options):
        return real([sys.executable, "-c", "import sys; sys.stdin.buffer.read()"], **options)

    monkeypatch.setattr(apart.subprocess, "Popen", dying)
    with pytest.raises(OSError, match="ended early"):
        list(apart.rows_apart((log, "openai", Reading(), 0), Tally()))


def test_no_reader_is_left_behind(log, monkeypatch):
    children = []
    real = subprocess.Popen

    def kept(*arguments, **options):
        children.append(real(*arguments, **options))
        return children[-1]

    monkeypatch.setattr(apart.subprocess, "Popen", kept)
    found = apart.rows_apart((log, "openai", Reading(), 0), Tally())
    next(found)
    found.close()
    assert children[0].returncode is not None
