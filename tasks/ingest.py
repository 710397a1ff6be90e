"""Read the day's chat logs into the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from prefect import task

from data.ingest import ingest_paths
from data.store import Store
from tasks import artifacts
from tasks.common import Plan, digest, stage


@task(name="ingest", retries=1, retry_delay_seconds=5)
def ingest(plan: Plan) -> dict[str, Any]:
    """Take in the inbox and the configured sources, let go of what is older than the log may hold.

    Unchanged files cost nothing.
    """
    with stage(plan, "ingest") as (settings, night, _, figures), Store(settings.database) as store:
        report = ingest_paths(store, settings)
        oldest = datetime.now(UTC) - timedelta(days=settings.ingest.retention_days)
        expired = store.turns.expire(oldest.date())
        exchanges = store.turns.exchanges(night)
        rejects = sum(file.rejected for file in report.files)
        figures |= {"files": len(report.files), "added": report.added, "known": report.known}
        figures |= {"rejected": rejects, "exchanges": len(exchanges), "expired": expired}
        rows = [
            {"files": len(report.files), "added": report.added, "known": report.known, "refused": rejects}
            | {"expired": expired}
        ]
        artifacts.table(plan, "ingest", rows, "Chat logs read")
        turns = [
            (e.user.id, e.user.content_hash, e.answer.content_hash if e.answer else "") for e in exchanges
        ]
    return {**figures, "digest": digest(turns)}
