"""Opening the DuckDB file, applying migrations and holding transactions."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from data.errors import StoreBusy, StoreError

if TYPE_CHECKING:
    from data.store.dreams import Dreams
    from data.store.memories import Memories
    from data.store.nights import Nights
    from data.store.turns import Turns

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
_OURS = (duckdb.ProgrammingError, duckdb.DataError, duckdb.IntegrityError, duckdb.NotSupportedError)


class Store:
    """The person's log, memories, dreams and nights in one DuckDB file."""

    def __init__(self, path: Path, *, wait_seconds: float = 30.0, memory_limit: str = "1GB") -> None:
        """Open (and create) the file at `path`, waiting for another process up to `wait_seconds`."""
        self.path = path
        if not path.exists():
            _create(path, wait_seconds, memory_limit)
        self.connection = _connect(path, wait_seconds, memory_limit)
        try:
            _migrate(self.connection)
        except duckdb.Error as error:
            self.connection.close()
            raise StoreError(_unusable(path, error)) from error
        except StoreError:
            self.connection.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; what DuckDB could not read or hold becomes a StoreError that says what to do."""
        self.close()
        if isinstance(error, duckdb.Error) and not isinstance(error, _OURS):
            raise StoreError(
                f"The store {self.path} cannot be used: {error}. Check the disk and the free memory; "
                "if the file is damaged, restore it from a backup."
            ) from error

    def close(self) -> None:
        """Release the file for the next process."""
        self.connection.close()

    def checkpoint(self) -> None:
        """Write the log into the database file, so that this one file holds everything."""
        self.connection.execute("CHECKPOINT")

    def backup(self, target: Path) -> None:
        """Copy the whole database to `target`, private to its owner, in one step: whole or not at all."""
        self.checkpoint()
        part = target.with_name(target.name + ".part")
        shutil.copyfile(self.path, part)
        part.chmod(0o600)
        with part.open("rb") as copied:
            os.fsync(copied.fileno())
        os.replace(part, target)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """All statements inside become visible together, or none; nested use joins the outer one."""
        if getattr(self, "_inside", False):
            yield self.connection
            return
        self._inside = True
        self.connection.begin()
        try:
            yield self.connection
            self.connection.commit()
        except (duckdb.IOException, duckdb.FatalException) as error:
            self._give_up()
            raise StoreError(
                f"The store {self.path} cannot be written: {error}. Nothing of this step was stored. "
                "Free some space, check the disk and run it again."
            ) from error
        except BaseException:
            self._give_up()
            raise
        finally:
            self._inside = False

    def _give_up(self) -> None:
        with suppress(duckdb.Error):  # a failed commit has rolled back by itself
            self.connection.rollback()

    @cached_property
    def turns(self) -> Turns:
        """The raw log."""
        from data.store.turns import Turns

        return Turns(self)

    @cached_property
    def memories(self) -> Memories:
        """The ledger."""
        from data.store.memories import Memories

        return Memories(self)

    @cached_property
    def dreams(self) -> Dreams:
        """Dreams and the training mixture."""
        from data.store.dreams import Dreams

        return Dreams(self)

    @cached_property
    def nights(self) -> Nights:
        """What happened in each night."""
        from data.store.nights import Nights

        return Nights(self)


def restore(backup: Path, path: Path) -> None:
    """Put a backup in the place of the database at `path`; StoreBusy when another process holds that.

    The database's own log goes first, emptied into the file that is replaced, so a kill in between
    leaves either the old store or the restored one.
    """
    with Store(path) as store:
        store.checkpoint()
    os.replace(backup, path)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _create(path: Path, wait_seconds: float, memory_limit: str) -> None:
    """A new store, built aside so that a kill or a full disk leaves no half database under its name."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        connection = _connect(part, wait_seconds, memory_limit)
        try:
            _migrate(connection)
            connection.execute("CHECKPOINT")
        finally:
            connection.close()
        with suppress(FileExistsError):  # another process was first
            os.link(part, path)
    except duckdb.Error as error:
        raise StoreError(
            f"Cannot create the store {path}: {error}. Free some space and check the disk."
        ) from error
    finally:
        part.unlink(missing_ok=True)
        part.with_name(part.name + ".wal").unlink(missing_ok=True)


def _connect(path: Path, wait_seconds: float, memory_limit: str) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            connection = duckdb.connect(
                str(path),
                config={
                    "memory_limit": memory_limit,
                    "autoinstall_known_extensions": "false",
                    "autoload_known_extensions": "false",
                },
            )
        except duckdb.IOException as error:
            if "could not set lock" not in str(error).replace(str(path), "").lower():
                raise StoreError(
                    f"Cannot open the store {path}: {error}. Check the path, the disk and its permissions."
                ) from error
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"The store {path} is in use by another process. Wait until it has finished, or stop it."
                ) from error
            time.sleep(0.1)
        except duckdb.Error as error:
            raise StoreError(_unusable(path, error)) from error
        else:
            path.chmod(0o600)
            return connection


def _unusable(path: Path, error: duckdb.Error) -> str:
    return f"{path} is not a usable DuckDB file: {error}. Restore it from a backup or move it away."


def _migrate(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations (name VARCHAR PRIMARY KEY, applied TIMESTAMPTZ)"
    )
    applied = {row[0] for row in connection.execute("SELECT name FROM migrations").fetchall()}
    files = sorted(MIGRATIONS.glob("*.sql"))
    unknown = applied - {file.name for file in files}
    if unknown:
        raise StoreError(
            f"The store was written by a newer version (migration {max(unknown)}). Update Nocturne."
        )
    for file in files:
        if file.name not in applied:
            _apply(connection, file)


def _apply(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    """Run one migration whole or not at all; StoreError names the file that cannot be applied."""
    connection.begin()
    try:
        connection.execute(file.read_text(encoding="utf-8"))
        connection.execute("INSERT INTO migrations VALUES (?, now())", [file.name])
        connection.commit()
    except duckdb.Error as error:
        with suppress(duckdb.TransactionException):  # a failed commit has rolled back by itself
            connection.rollback()
        raise StoreError(
            f"Migration {file.name} cannot be applied: {error}. The store is as it was before; "
            "update Nocturne, or restore a backup."
        ) from error
