"""Opening the DuckDB file, applying migrations and holding transactions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
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


class Store:
    """The person's log, memories, dreams and nights in one DuckDB file."""

    def __init__(self, path: Path, *, wait_seconds: float = 30.0, memory_limit: str = "1GB") -> None:
        """Open (and create) the file at `path`, waiting for another process up to `wait_seconds`."""
        self.path = path
        self.connection = _connect(path, wait_seconds, memory_limit)
        _migrate(self.connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the file for the next process."""
        self.connection.close()

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
        except BaseException:
            self.connection.rollback()
            raise
        else:
            self.connection.commit()
        finally:
            self._inside = False

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
            if "lock" not in str(error).lower():
                raise StoreError(
                    f"Cannot open the store {path}: {error}. Check the path, the disk and its permissions."
                ) from error
            if time.monotonic() > deadline:
                raise StoreBusy(
                    f"The store {path} is in use by another process. Wait until it has finished, or stop it."
                ) from error
            time.sleep(0.1)
        except duckdb.Error as error:
            raise StoreError(
                f"{path} is not a usable DuckDB file: {error}. Restore it from a backup or move it away."
            ) from error
        else:
            path.chmod(0o600)
            return connection


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
            connection.begin()
            connection.execute(file.read_text(encoding="utf-8"))
            connection.execute("INSERT INTO migrations VALUES (?, now())", [file.name])
            connection.commit()
