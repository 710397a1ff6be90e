"""The store as it was before a backfill: where it is kept, and how it goes when something is forgotten."""

from __future__ import annotations

from pathlib import Path

from data.settings import Settings


def backup_of(settings: Settings) -> Path:
    """The store as it was before the last backfill; a note of the same name lies beside it."""
    return settings.home / "backups" / "backfill.duckdb"


def forget_backup(settings: Settings) -> bool:
    """Delete what a backfill kept, because it holds something that is to be forgotten; False if none is."""
    backup = backup_of(settings)
    kept = backup.exists()
    backup.with_suffix(".json").unlink(missing_ok=True)
    backup.unlink(missing_ok=True)
    return kept
