"""How fast the database itself loads a JSON file; the yardstick reading logs is measured against."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import duckdb


def load_json(path: Path, database: Path, columns: Mapping[str, str] | None = None) -> float:
    """Seconds DuckDB's own reader takes to load `path` into a table of a fresh file at `database`.

    `columns` names columns and types and switches inference off, which objects keyed by ids make explode.
    """
    named = "".join(f", {name}: '{kind}'" for name, kind in (columns or {}).items())
    given = f", columns = {{{named[2:]}}}" if named else ""
    started = time.perf_counter()
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"CREATE TABLE loaded AS FROM read_json(?{given})", [str(path)])
    return time.perf_counter() - started
