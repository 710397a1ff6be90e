"""Rows as polars frames, the form in which DuckDB takes them in bulk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from data.logs.columns import Columns, Rows
from data.night import BOUNDARY_HOUR


def chat_frame(batch: Sequence[Rows]) -> pl.DataFrame:
    """One line per chat of the batch, `n` is its place in the batch."""
    return pl.DataFrame(
        {
            "n": range(len(batch)),
            "source": [one.source for one in batch],
            "conversation": [one.conversation for one in batch],
            "digest": [one.digest for one in batch],
            "merged": [one.merged for one in batch],
            "updated": [one.updated for one in batch],
            "locator": [one.locator for one in batch],
        },
        schema={
            "n": pl.Int32,
            "source": pl.String,
            "conversation": pl.String,
            "digest": pl.Int64,
            "merged": pl.Boolean,
            "updated": pl.Int64,
            "locator": pl.String,
        },
    )


def turn_frame(
    rows: Columns, chats: Sequence[int], origins: Sequence[str], zone: str, seq: int
) -> pl.DataFrame:
    """One line per row; `chats` and `origins` are parallel to `rows`, numbering starts at `seq`."""
    high, low = halves(rows.chain)
    frame = pl.DataFrame(
        {
            "seq": pl.int_range(seq, seq + len(chats), eager=True, dtype=pl.Int64),
            "chat": pl.Series(chats, dtype=pl.Int32),
            "message": pl.Series(rows.message, dtype=pl.String),
            "parent": pl.Series(rows.parent, dtype=pl.String),
            "position": pl.Series(rows.position, dtype=pl.Int32),
            "role": _repeated(rows.role),
            "text": pl.Series(rows.text, dtype=pl.String),
            "instant": pl.Series(rows.at, dtype=pl.Int64).cast(pl.Datetime("us")),
            "time_quality": _repeated(rows.quality),
            "active": pl.Series(rows.active, dtype=pl.Boolean),
            "origin": _repeated(origins),
            "chain_high": high,
            "chain_low": low,
            "speaker": _sparse(rows.speaker),
            "model": _sparse(rows.model),
            "reasoning": _sparse(rows.reasoning),
            "attachment_text": _sparse(rows.attachment),
        }
    )
    return frame.with_columns(day_of(pl.col("instant"), zone).alias("day"))


def _sparse(values: Sequence[str | None]) -> pl.Series:
    """A column that mostly is empty altogether."""
    return (
        pl.Series(values, dtype=pl.String)
        if any(values)
        else pl.repeat(None, len(values), dtype=pl.String, eager=True)
    )


def _repeated(values: Sequence[str]) -> pl.Series:
    """A column that mostly holds one value."""
    if values and values.count(values[0]) == len(values):
        return pl.repeat(values[0], len(values), dtype=pl.String, eager=True)
    return pl.Series(values, dtype=pl.String)


def day_of(at: pl.Expr, zone: str) -> pl.Expr:
    """The local day each UTC instant belongs to: by wall clock, from 04:00 to 04:00."""
    local = at.dt.replace_time_zone("UTC").dt.convert_time_zone(zone).dt.replace_time_zone(None)
    return local.dt.offset_by(f"-{BOUNDARY_HOUR}h").dt.date()


def halves(chains: Sequence[bytes]) -> tuple[pl.Series, pl.Series]:
    """16-byte hashes as two columns of unsigned 64-bit numbers, high and low."""
    pairs = np.frombuffer(b"".join(chains), dtype=">u8").astype(np.uint64).reshape(-1, 2)
    return pl.Series(pairs[:, 0]), pl.Series(pairs[:, 1])


def whole(high: int, low: int) -> bytes:
    """The 16-byte hash from its two columns."""
    return high.to_bytes(8, "big") + low.to_bytes(8, "big")
