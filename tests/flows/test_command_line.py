"""The command line as a person meets it: one clear message, the right exit code, nothing lost."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from data.settings import CHECKOUT
from data.store import Store
from flows.__main__ import main
from tests.flows.held_store import held
from tests.flows.tiny_night import DAY, ZONE, chat_line


def private(home: Path) -> dict[str, str]:
    """The environment of a command with a home of its own."""
    ours = ("NOCTURNE_", "PREFECT_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return environment | {"NOCTURNE_HOME": str(home), "NOCTURNE_ZONE": ZONE, "PYTHONPATH": str(CHECKOUT)}


def nocturne(
    home: Path, *arguments: str, out: int = subprocess.PIPE, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with a private home."""
    return subprocess.run(
        [sys.executable, "-m", "flows", *arguments],
        cwd=CHECKOUT,
        env=private(home) | variables,
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """The one message on standard error; a traceback is never one."""
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_an_unknown_verb_and_a_bad_date_are_bad_usage(tmp_path: Path) -> None:
    assert nocturne(tmp_path, "snooze").returncode == 2
    done = nocturne(tmp_path, "night", "yesterday")
    assert done.returncode == 2 and "YYYY-MM-DD" in said(done)


@pytest.mark.parametrize("verb", [("memories",), ("memories", "--json")])
def test_output_that_nobody_reads_any_more_ends_quietly(tmp_path: Path, verb: tuple[str, ...]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = nocturne(tmp_path, *verb, out=writing)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.parametrize(
    ("usage", "reason"),
    [
        (("night", "9999-12-31"), "9999-12-31"),
        (("night", "2026-10-05", "--sample"), "--sample"),
        (("backfill", "--from", "2026-10-05", "--to", "2026-10-06", "--every", "-1"), "0 or more"),
    ],
)
def test_a_request_that_makes_no_sense_is_bad_usage(
    usage: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(usage)
    assert reason in capsys.readouterr().err


def test_forgetting_without_anybody_to_ask_does_nothing(tmp_path: Path) -> None:
    log = tmp_path / "day.jsonl"
    log.write_text(chat_line(DAY, "one", "My tortoise is called Pflaume.", "Lovely!"))
    nocturne(tmp_path / "home", "ingest", str(log))
    with Store(tmp_path / "home" / "nocturne.duckdb") as store:
        [conversation] = {turn.conversation for turn in store.turns.all()}
    done = nocturne(tmp_path / "home", "forget", "--conversation", conversation, "--json")
    assert done.returncode == 2 and "--yes" in said(done) and conversation in done.stderr
    assert done.stdout == ""
    with Store(tmp_path / "home" / "nocturne.duckdb") as store:
        assert store.turns.count() == 2


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    done = nocturne(tmp_path, "status", NOCTURNE_RECIPE__TRAIN__RNAK="8")
    assert done.returncode == 2
    assert "recipe.train.rnak" in said(done) and "NOCTURNE_RECIPE__TRAIN__RNAK" in said(done)


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    done = nocturne(blocked / "home", "status")
    assert done.returncode == 2 and "NOCTURNE_HOME" in said(done)


def test_a_log_nobody_can_read_is_refused_and_the_others_are_taken(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.bin"
    good.write_text(chat_line(DAY, "one", "My tortoise is called Pflaume.", "Lovely!") + '{"messages": [}\n')
    bad.write_bytes(bytes(range(256)) * 40)
    done = nocturne(tmp_path / "home", "ingest", str(good), str(bad), "--json")
    assert done.returncode == 2
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["added"] == 2
    by_name = {Path(file["file"]).name: file for file in report["files"]}
    assert by_name["good.jsonl"]["rejected"] == 1 and by_name["good.jsonl"]["user"] == 1
    assert by_name["bad.bin"]["state"] == "refused" and by_name["bad.bin"]["reason"]
    again = nocturne(tmp_path / "home", "ingest", str(good), "--json")
    assert json.loads(again.stdout.splitlines()[-1])["added"] == 0


def test_a_preview_changes_nothing(tmp_path: Path) -> None:
    log = tmp_path / "day.jsonl"
    log.write_text(chat_line(DAY, "one", "My tortoise is called Pflaume.", "Lovely!"))
    done = nocturne(tmp_path / "home", "ingest", str(log), "--dry-run", "--json")
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["dry_run"] and report["days"] == {DAY.isoformat(): 2}
    with Store(tmp_path / "home" / "nocturne.duckdb") as store:
        assert store.turns.count() == 0


def test_a_missing_model_file_is_named(tmp_path: Path) -> None:
    preset = tmp_path / "lost.toml"
    preset.write_text('name = "lost"\n[source]\ngguf = "/nowhere/lost.gguf"\n')
    done = nocturne(tmp_path / "home", "ask", "Who am I?", "--base", NOCTURNE_RECIPE__PRESET=str(preset))
    assert done.returncode == 2 and "lost.gguf" in said(done)


def test_asking_before_any_night_says_what_to_do(tmp_path: Path) -> None:
    done = nocturne(tmp_path, "ask", "Who am I?")
    assert done.returncode == 2 and "flows night" in said(done)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        done = nocturne(tmp_path, "serve", NOCTURNE_SERVE__PORT=port)
    assert done.returncode == 2 and port in said(done)


def test_a_store_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "nocturne.duckdb").write_bytes(b"this is my diary, not a database" * 200)
    done = nocturne(tmp_path, "memories")
    assert done.returncode == 1 and "nocturne.duckdb" in said(done)
    assert (tmp_path / "nocturne.duckdb").read_bytes().startswith(b"this is my diary")


NOBODY = "0123456789ab"


@pytest.mark.parametrize("verb", [("forget", NOBODY), ("correct", NOBODY, "My dog is called Bramble.")])
def test_a_memory_nobody_has_is_named(tmp_path: Path, verb: tuple[str, ...]) -> None:
    done = nocturne(tmp_path, *verb)
    assert done.returncode == 2 and "0123456789ab" in said(done)


@pytest.mark.parametrize(
    ("verb", "reason"),
    [
        ("rollback", "Nothing has been published"),
        ("publish", "No candidate is waiting"),
        ("audit", "Nothing has been published"),
    ],
)
def test_a_verb_brings_its_own_prefect_server(tmp_path: Path, verb: str, reason: str) -> None:
    done = nocturne(tmp_path, verb, PREFECT_SERVER_ALLOW_EPHEMERAL_MODE="false")
    assert done.returncode == 2 and reason in said(done)


def test_a_backfill_backwards_is_refused(tmp_path: Path) -> None:
    done = nocturne(tmp_path, "backfill", "--from", "2026-10-09", "--to", "2026-10-05", "--plan")
    assert done.returncode == 2 and "Swap" in said(done)


def test_a_service_manager_s_stop_ends_like_ctrl_c(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    database = home / "nocturne.duckdb"
    Store(database).close()
    words = [sys.executable, "-m", "flows", "memories"]
    with (
        held(database),
        subprocess.Popen(
            words, cwd=CHECKOUT, env=private(home), stderr=subprocess.PIPE, text=True
        ) as waiting,
    ):
        while not _catches_sigterm(waiting.pid):
            assert waiting.poll() is None
            time.sleep(0.05)
        waiting.terminate()
        message = waiting.communicate(timeout=60)[1]
    # Interrupted inside a C extension's import, Python ends by SIGINT itself, which a shell calls 130 too.
    assert waiting.returncode in {130, -signal.SIGINT}
    assert "Nothing is lost" in message and "Traceback" not in message


def _catches_sigterm(pid: int) -> bool:
    caught = re.search(r"^SigCgt:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(encoding="ascii"), re.M)
    assert caught
    return bool(int(caught[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_what_was_read_is_shown_whole_in_eighty_columns(tmp_path: Path) -> None:
    log = tmp_path / "2026-10-05.jsonl"
    log.write_text(chat_line(DAY, "one", "My dog is called Bramble."), encoding="utf-8")
    shown = nocturne(tmp_path / "home", "ingest", str(log), COLUMNS="80").stdout
    assert "…" not in shown
    for word in ("2026-10-05.jsonl", "format", "chats", "replies", "refused", "skipped", str(DAY)):
        assert word in shown
