"""How fast the database itself loads a JSON file; the yardstick reading logs is measured against."""

from __future__ import annotations

import time
from pathlib import Path

import duckdb


def load_json(path: Path, database: Path, *, depth: int = -1) -> float:
    """Seconds DuckDB's own reader takes to load `path` into a table of a fresh file at `database`.

    `depth` limits how deep it infers types: objects whose keys are ids make its inference explode, at
    depth 2 they are loaded as JSON.
    """
    started = time.perf_counter()
    with duckdb.connect(str(database)) as connection:
        connection.execute("CREATE TABLE loaded AS FROM read_json(?, maximum_depth = ?)", [str(path), depth])
    return time.perf_counter() - started
