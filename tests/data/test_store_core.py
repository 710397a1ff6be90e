"""Opening the store: migrations, damaged and newer files, the lock between processes, transactions."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from data.errors import StoreBusy, StoreError
from data.settings import CHECKOUT
from data.store import Store, core


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two migrations in place of the real ones."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "0001_first.sql").write_text("CREATE TABLE first (a INTEGER); INSERT INTO first VALUES (1);")
    (folder / "0002_second.sql").write_text(
        "ALTER TABLE first ADD COLUMN b INTEGER; UPDATE first SET b = a + 1;"
    )
    monkeypatch.setattr(core, "MIGRATIONS", folder)
    return folder


def names(store: Store) -> list[str]:
    rows = store.connection.execute("SELECT name FROM migrations ORDER BY applied, name").fetchall()
    return [row[0] for row in rows]


def test_a_new_store_has_every_migration_once_and_in_order(tmp_path: Path) -> None:
    shipped = sorted(path.name for path in core.MIGRATIONS.glob("*.sql"))
    for _ in range(2):
        with Store(tmp_path / "a.duckdb") as store:
            assert names(store) == shipped
    numbers = [name[:4] for name in shipped]
    assert len(set(numbers)) == len(numbers)


def test_migrations_are_applied_once_and_new_ones_on_top(tmp_path: Path, migrations: Path) -> None:
    with Store(tmp_path / "a.duckdb") as store:
        assert store.connection.execute("FROM first").fetchall() == [(1, 2)]
    (migrations / "0003_third.sql").write_text("INSERT INTO first VALUES (5, 6);")
    for _ in range(2):
        with Store(tmp_path / "a.duckdb") as store:
            assert store.connection.execute("FROM first ORDER BY a").fetchall() == [(1, 2), (5, 6)]
            assert names(store) == ["0001_first.sql", "0002_second.sql", "0003_third.sql"]


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path, migrations: Path) -> None:
    (migrations / "0003_third.sql").write_text("CREATE TABLE third (a INTEGER);")
    Store(tmp_path / "a.duckdb").close()
    (migrations / "0003_third.sql").unlink()
    with pytest.raises(StoreError, match=r"newer version \(migration 0003_third.sql\). Update Nocturne"):
        Store(tmp_path / "a.duckdb")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as plain:
        assert plain.execute("SELECT count(*) FROM third").fetchone() == (0,)


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path, migrations: Path) -> None:
    Store(tmp_path / "a.duckdb").close()
    broken = migrations / "0003_third.sql"
    broken.write_text("CREATE TABLE third (a INTEGER); INSERT INTO nowhere VALUES (1);")
    with pytest.raises(StoreError, match="0003_third.sql cannot be applied"):
        Store(tmp_path / "a.duckdb")
    broken.write_text("CREATE TABLE third (a INTEGER);")
    with Store(tmp_path / "a.duckdb") as store:
        assert store.connection.execute("SELECT count(*) FROM third").fetchone() == (0,)


@pytest.mark.parametrize("damage", ["text", "empty", "header", "block", "cut"])
def test_a_damaged_file_is_named_with_advice(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "a.duckdb"
    Store(path).close()
    whole = path.read_bytes()
    path.write_bytes(
        {
            "text": b"not a database at all " * 999,
            "empty": b"",
            "header": b"\0" * 64 + whole[64:],
            "block": whole[:12_288] + b"\0" * 64 + whole[12_352:],
            "cut": whole[:8_192],
        }[damage]
    )
    with pytest.raises(StoreError) as refused:
        Store(path, wait_seconds=5)
    assert not isinstance(refused.value, StoreBusy)
    assert str(path) in str(refused.value)
    assert "Restore it" in str(refused.value) or "Check the path" in str(refused.value)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Check the path"):
        Store(tmp_path / "missing" / "a.duckdb")


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    Store(tmp_path / "a.duckdb").close()
    (tmp_path / "a.duckdb").chmod(0o644)
    Store(tmp_path / "a.duckdb").close()
    assert (tmp_path / "a.duckdb").stat().st_mode & 0o777 == 0o600


@contextmanager
def another_process_holding(path: Path, seconds: float) -> Iterator[None]:
    program = (
        "import sys, time; from pathlib import Path; from data.store import Store\n"
        "with Store(Path(sys.argv[1])): print('open', flush=True); time.sleep(float(sys.argv[2]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path), str(seconds)],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        assert child.stdout.readline() == "open\n"
        yield
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def test_a_store_held_by_another_process_is_busy_after_the_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    with another_process_holding(path, 60):
        started = time.monotonic()
        with pytest.raises(StoreBusy, match="in use by another process. Wait until it has finished"):
            Store(path, wait_seconds=0.4)
        assert time.monotonic() - started >= 0.4
    Store(path).close()  # a killed holder leaves no lock behind


def test_a_store_that_is_let_go_within_the_wait_is_opened(tmp_path: Path) -> None:
    with another_process_holding(tmp_path / "a.duckdb", 0.5):
        Store(tmp_path / "a.duckdb", wait_seconds=30).close()


def test_a_transaction_is_all_or_nothing(tmp_path: Path, migrations: Path) -> None:
    path = tmp_path / "a.duckdb"
    with Store(path) as store:
        with pytest.raises(KeyboardInterrupt), store.transaction() as outer:
            outer.execute("DELETE FROM first")
            with store.transaction() as inner:
                inner.execute("INSERT INTO first VALUES (7, 7)")
            raise KeyboardInterrupt
        assert store.connection.execute("FROM first").fetchall() == [(1, 2)]
        with store.transaction() as con:
            con.execute("INSERT INTO first VALUES (3, 4)")
    with Store(path) as store:
        assert store.connection.execute("FROM first ORDER BY a").fetchall() == [(1, 2), (3, 4)]


def test_an_inner_failure_undoes_the_outer_transaction_too(tmp_path: Path, migrations: Path) -> None:
    with Store(tmp_path / "a.duckdb") as store:
        with pytest.raises(ValueError, match="inner"), store.transaction() as con:
            con.execute("INSERT INTO first VALUES (3, 4)")
            with store.transaction():
                raise ValueError("inner")
        with store.transaction() as con:
            con.execute("INSERT INTO first VALUES (5, 6)")
        assert store.connection.execute("FROM first ORDER BY a").fetchall() == [(1, 2), (5, 6)]


def test_a_kill_in_the_middle_of_a_transaction_leaves_the_state_before(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    program = (
        "import os, signal, sys; from pathlib import Path; from data.store import Store\n"
        "store = Store(Path(sys.argv[1]))\n"
        "store.connection.execute(\"INSERT INTO quarantine VALUES ('2026-10-05', 's', 'kept', 'r')\")\n"
        "with store.transaction() as con:\n"
        "    con.execute(\"INSERT INTO quarantine VALUES ('2026-10-05', 's', 'lost', 'r')\")\n"
        "    os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], cwd=CHECKOUT, check=False)
    assert done.returncode == -9
    with Store(path) as store:
        assert store.connection.execute("SELECT row_id FROM quarantine").fetchall() == [("kept",)]


def test_a_backup_holds_everything_and_comes_back(tmp_path: Path) -> None:
    path, backup = tmp_path / "a.duckdb", tmp_path / "b.duckdb"
    with Store(path) as store:
        store.connection.execute("INSERT INTO quarantine VALUES ('2026-10-05', 's', 'before', 'r')")
        store.backup(backup)
        store.connection.execute("INSERT INTO quarantine VALUES ('2026-10-05', 's', 'after', 'r')")
    assert backup.stat().st_mode & 0o777 == 0o600
    core.restore(backup, path)
    with Store(path) as store:
        assert store.connection.execute("SELECT row_id FROM quarantine").fetchall() == [("before",)]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.duckdb"]


def test_a_disk_that_is_full_at_the_first_start_leaves_no_half_store(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    program = (
        "import resource, sys; from pathlib import Path; from data.errors import StoreError\n"
        "from data.store import Store\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))\n"
        "try:\n    Store(Path(sys.argv[1]))\nexcept StoreError as error:\n    print(error)"
    )
    for limit in ("4096", "20000", "100000"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path), limit],
            cwd=CHECKOUT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert "disk" in done.stdout and not done.stderr, (limit, done)
        assert list(tmp_path.iterdir()) == []
    Store(path).close()


def test_the_store_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    with Store(tmp_path / "a.duckdb", memory_limit="512MB") as store:
        settings = dict(store.connection.execute("SELECT name, value FROM duckdb_settings()").fetchall())
    assert settings["autoinstall_known_extensions"] == "false"
    assert settings["autoload_known_extensions"] == "false"
    assert json.dumps(settings["memory_limit"]).startswith('"488')


def test_a_path_with_the_word_lock_is_not_taken_for_a_busy_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Check the path"):
        Store(tmp_path / "clockwork" / "a.duckdb", wait_seconds=0.1)


def test_a_file_cut_in_the_middle_is_named_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    Store(path).close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StoreError):
        Store(path)


def test_a_block_that_cannot_be_read_is_named_with_advice(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    with Store(path) as store:
        store.connection.execute("CREATE TABLE noise AS SELECT hash(i) AS value FROM range(300000) t(i)")
        store.checkpoint()
    damaged, spot = bytearray(path.read_bytes()), path.stat().st_size // 2
    damaged[spot : spot + 9] = bytes(255 - byte for byte in damaged[spot : spot + 9])
    path.write_bytes(damaged)
    with (
        pytest.raises(StoreError, match=r"a\.duckdb cannot be used: .*restore it from a backup"),
        Store(path) as store,
    ):
        store.connection.execute("SELECT sum(value) FROM noise").fetchall()


def test_a_mistake_of_ours_is_not_called_a_damaged_file(tmp_path: Path) -> None:
    with pytest.raises(duckdb.CatalogException), Store(tmp_path / "a.duckdb") as store:
        store.connection.execute("SELECT * FROM nowhere")
