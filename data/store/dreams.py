"""Dreams, what the person vetoed or let pass of them, and the training mixture of each night.

A rerun of a night replaces its dreams and its mixture; a veto stays, because it names the dream by its
stable id. Forgetting memories removes every dream and every row that rests on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import polars

from data.night import Night
from data.records import Dream, Example

if TYPE_CHECKING:
    from data.store.core import Store

VETOED = "vetoed by the person"
DREAM_COLUMNS = tuple(field.name for field in fields(Dream))
EXAMPLE_COLUMNS = tuple(field.name for field in fields(Example))
_LISTS = ("memory_ids", "sources", "accept", "reject")


class Dreams:
    """Rows of the tables dreams, vetoes, reviews and mixtures."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def replace(self, night: Night, dreams: Iterable[Dream]) -> int:
        """Store what `night` dreamt in place of an earlier run's dreams; returns how many."""
        rows = list(dreams)
        return self._replace("dreams", night, _frame(night.date, rows, DREAM_COLUMNS, _LISTS))

    def all(self, night: Night) -> list[Dream]:
        """The dreams of `night` by id; vetoed ones are refused with that reason."""
        found = self._store.connection.execute(
            f"SELECT {', '.join(DREAM_COLUMNS)}, id IN (SELECT dream FROM vetoes) FROM dreams "
            "WHERE night = ? ORDER BY id",
            [night.date],
        ).fetchall()
        dreams = [(_dream(row[:-1]), bool(row[-1])) for row in found]
        return [replace(dream, refused=VETOED) if vetoed else dream for dream, vetoed in dreams]

    def veto(self, ids: Iterable[str]) -> int:
        """Refuse dreams for good, in this night and in reruns; returns how many are on record."""
        wanted = list(dict.fromkeys(ids))
        with self._store.transaction() as connection:
            known = connection.execute(
                "SELECT DISTINCT id FROM dreams WHERE id IN (SELECT unnest(?))", [wanted]
            ).fetchall()
            for (name,) in known:
                connection.execute("INSERT OR IGNORE INTO vetoes VALUES (?, now()::TIMESTAMP)", [name])
        return len(known)

    def unknown(self, ids: Iterable[str]) -> list[str]:
        """Those of `ids` that no night on record has dreamt."""
        wanted = list(dict.fromkeys(ids))
        known = self._store.connection.execute(
            "SELECT DISTINCT id FROM dreams WHERE id IN (SELECT unnest(?))", [wanted]
        ).fetchall()
        return [name for name in wanted if (name,) not in known]

    def unreviewed(self, night: Night) -> list[Dream]:
        """The verified dreams of `night` whose present answer the person has not let pass yet."""
        seen = self._store.connection.execute(
            "SELECT id FROM dreams d JOIN reviews r ON r.dream = d.id AND r.answer = md5(d.answer) "
            "WHERE night = ?",
            [night.date],
        ).fetchall()
        return [one for one in self.all(night) if one.verified and (one.id,) not in seen]

    def approve(self, night: Night) -> int:
        """Let every verified dream of `night` pass that the person did not veto; returns how many are new."""
        new = [one.id for one in self.unreviewed(night)]
        self._store.connection.execute(
            "INSERT OR IGNORE INTO reviews SELECT id, md5(answer) FROM dreams "
            "WHERE night = ? AND id IN (SELECT unnest(?))",
            [night.date, new],
        )
        return len(new)

    def newest(self) -> date | None:
        """The last night that dreamt, or None."""
        row = self._store.connection.execute("SELECT max(night) FROM dreams").fetchone()
        return row[0] if row else None

    def replace_mixture(self, night: Night, examples: Sequence[Example]) -> int:
        """Store the rows `night` trains on, in order, in place of an earlier run's; returns how many."""
        frame = _frame(night.date, examples, EXAMPLE_COLUMNS, ())
        positions = polars.Series("position", range(len(examples)), dtype=polars.Int32)
        return self._replace("mixtures", night, frame.insert_column(1, positions))

    def mixture(self, night: Night) -> list[Example]:
        """The rows `night` trains on, in their order."""
        columns = ", ".join(f'"{name}"' for name in EXAMPLE_COLUMNS)
        rows = self._store.connection.execute(
            f"SELECT {columns} FROM mixtures WHERE night = ? ORDER BY position", [night.date]
        ).fetchall()
        return [Example(*row) for row in rows]

    def forget(self, memory_ids: Iterable[str]) -> int:
        """Erase every dream and training row of any night that rests on one of these memories."""
        wanted = list(dict.fromkeys(memory_ids))
        with self._store.transaction() as connection:
            names = connection.execute(
                "SELECT DISTINCT id FROM dreams WHERE list_has_any(memory_ids, ?::VARCHAR[])", [wanted]
            ).fetchall()
            gone = [name for (name,) in names]
            connection.execute("DELETE FROM dreams WHERE id IN (SELECT unnest(?))", [gone])
            for table in ("vetoes", "reviews"):
                connection.execute(f"DELETE FROM {table} WHERE dream IN (SELECT unnest(?))", [gone])
            connection.execute(
                'DELETE FROM mixtures WHERE id IN (SELECT unnest(?)) OR "group" IN (SELECT unnest(?))',
                [gone, wanted],
            )
        return len(gone)

    def _replace(self, table: str, night: Night, frame: polars.DataFrame) -> int:
        with self._store.transaction() as connection:
            connection.execute(f"DELETE FROM {table} WHERE night = ?", [night.date])
            connection.register("new_rows", frame)
            try:
                connection.execute(f"INSERT INTO {table} SELECT * FROM new_rows")
            finally:
                connection.unregister("new_rows")
        return len(frame)


def _frame(
    night: date, rows: Sequence[Any], columns: Sequence[str], lists: Sequence[str]
) -> polars.DataFrame:
    values: dict[str, Any] = {"night": [night] * len(rows)}
    schema: dict[str, Any] = {"night": polars.Date}
    for name in columns:
        column = [getattr(row, name) for row in rows]
        values[name] = [list(entry) for entry in column] if name in lists else column
        schema[name] = (
            polars.List(polars.String)
            if name in lists
            else polars.Float64
            if name == "weight"
            else polars.String
        )
    return polars.DataFrame(values, schema=schema)


def _dream(row: Sequence[Any]) -> Dream:
    values = dict(zip(DREAM_COLUMNS, row, strict=True))
    for name in _LISTS:
        values[name] = tuple(values[name])
    return Dream(**values)
