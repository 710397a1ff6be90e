"""Reading every log there is into the store: inbox, sources, or the paths a person names.

A file is known by size, time and digest; what did not change is not read again, what only grew is
continued. Files are taken one by one and in batches, each batch a transaction, so a bad line never costs
the file, a bad file never costs the run, and a killed run is finished by the next.
"""

from __future__ import annotations

import gc
import json
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from data.batches import Outcome, write_batches
from data.errors import BadInput
from data.logs.chat import Found, Reading
from data.logs.columns import Rows
from data.logs.files import encoding_of
from data.logs.formats import chats, container, detect, openai_lines
from data.logs.report import FileReport, IngestReport, report_of
from data.logs.rows import rows_in
from data.logs.sources import Fingerprint, Look, Target, fingerprint, grown, targets
from data.logs.tally import Tally
from data.records import Reject
from data.settings import Settings
from data.store import Store
from data.store.files import Watermark
from data.store.writing import Writer

READERS = 1
CONTINUE_BYTES = 16_000_000
_DAY_MICROS = 86_400_000_000

Progress = Callable[[str, int], None]


class _Undo(Exception):
    """Ends a preview; everything it wrote is rolled back."""


@dataclass(slots=True)
class _Run:
    """What the files of one run share."""

    store: Store
    settings: Settings
    writer: Writer
    progress: Progress | None
    days: Counter[date] = field(default_factory=Counter)
    reports: list[FileReport] = field(default_factory=list)


def ingest_paths(
    store: Store,
    settings: Settings,
    paths: Sequence[Path] | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
) -> IngestReport:
    """Read `paths`, or the inbox and the configured sources, into the store.

    With `dry_run` everything is read and compared, and nothing stays. `progress` is called with a file
    and the messages read of it so far. BadInput if a named path does not exist.
    """
    wanted = targets(settings, paths)
    if not dry_run:
        return _read_all(store, settings, wanted, progress, dry_run=False)
    report = IngestReport(dry_run=True)
    with suppress(_Undo), store.transaction():
        report = _read_all(store, settings, wanted, progress, dry_run=True)
        raise _Undo
    return report


def _read_all(
    store: Store, settings: Settings, wanted: Sequence[Target], progress: Progress | None, *, dry_run: bool
) -> IngestReport:
    oldest = time.time_ns() // 1_000 - settings.ingest.retention_days * _DAY_MICROS
    writer = Writer(store, settings.ingest, settings.zone, oldest=oldest)
    run = _Run(store, settings, writer, progress)
    with _no_collector():
        for target in wanted:
            run.reports.append(_read_one(run, target))
    added, known = sum(one.added for one in run.reports), sum(one.known for one in run.reports)
    return IngestReport(tuple(run.reports), added, known, dict(run.days), dry_run)


def _read_one(run: _Run, target: Target) -> FileReport:
    """Read one file, whatever it is; what is wrong with it ends in its report and among the rejects."""
    path = target.path
    try:
        look = Look.at(path)
        mark = run.store.turns.files.known(path)
        stamp = _stamp(run.settings, target)
        if (
            mark is not None
            and mark.stamp == stamp
            and (mark.size, mark.modified) == (look.size, look.modified)
        ):
            return _unchanged(mark)
        name = detect(path) if target.format == "auto" else target.format
        return _read_changed(run, target, name, look, mark if mark and mark.stamp == stamp else None, stamp)
    except (BadInput, OSError, UnicodeError) as error:
        reason = str(error)
        file = run.store.turns.files.id(path, target.format)
        run.store.turns.files.save_rejects(file, [Reject(path.name, "file", reason)], run.writer.run)
        return FileReport(str(path), target.format, rejected=1, state="refused", reason=reason)


def _unchanged(mark: Watermark) -> FileReport:
    before = dict(mark.report)
    rows = before["user"] + before["assistant"] + before["notes"]
    return FileReport(**{**before, "added": 0, "known": rows, "state": "unchanged"})


def _stamp(settings: Settings, target: Target) -> str:
    """Digest of the settings a reading depends on: when they change, files are read again."""
    parts = settings.ingest.model_dump(mode="json", exclude={"sources", "retention_days", "exclude"})
    text = json.dumps([READERS, settings.zone, target.format, target.me, parts], sort_keys=True)
    return sha256(text.encode()).hexdigest()[:16]


def _read_changed(
    run: _Run, target: Target, name: str, look: Look, mark: Watermark | None, stamp: str
) -> FileReport:
    path, files = target.path, run.store.turns.files
    reading = Reading(run.settings.zone, target.me, run.settings.ingest)
    plain = name == "openai" and container(path) == "jsonl" and _is_utf8(path)
    onward = (
        mark is not None
        and look.size >= mark.size
        and mark.consumed
        and grown(path, mark.digest, mark.consumed)
    )
    file = files.id(path, name)
    if mark is not None and onward and mark.consumed == mark.size == look.size:
        files.save(_moved(mark, look))
        return _unchanged(mark)
    continued = mark is not None and onward and plain and mark.consumed >= CONTINUE_BYTES
    outcome = Outcome()
    with ThreadPoolExecutor(1, "nocturne-fingerprint") as beside:
        digesting = beside.submit(_fingerprint, path, look.size)
        whole = write_batches(
            _found(path, name, reading, look, mark if continued else None, outcome.tally),
            run.writer,
            file,
            outcome,
            unchanged=lambda: Look.at(path) == look,
            progress=lambda rows: run.progress(str(path), rows) if run.progress else None,
        )
    run.days.update(outcome.days)
    if whole and mark is not None and not continued and outcome.tally.merged:
        before = int(mark.report["user"]) + int(mark.report["assistant"])
        now = outcome.tally.user + outcome.tally.assistant
        files.deactivate_gone(file, run.writer.run, outcome.tally.merged, same_size=before == now)
    files.save_rejects(file, outcome.rejects, run.writer.run, keep=bool(continued))
    report = report_of(
        str(path),
        name,
        outcome.tally,
        rejected=outcome.rejected,
        added=outcome.added,
        known=outcome.known,
        state="read" if whole else "busy",
        reason="" if whole else "it changed while it was read; the next run reads it again",
    )
    if not whole:
        return report
    if mark and continued:
        report = _sum(mark, report)
    prints = digesting.result()
    files.save(
        Watermark(
            file,
            look.size,
            look.modified,
            prints.digest,
            prints.consumed,
            prints.lines,
            stamp,
            report.as_json(),
        )
    )
    return report


def _fingerprint(path: Path, size: int) -> Fingerprint:
    """A database changes anywhere, so only a text is known by how it begins."""
    return fingerprint(path, size) if container(path) != "sqlite" else Fingerprint("", 0, 0)


def _found(
    path: Path, name: str, reading: Reading, look: Look, mark: Watermark | None, tally: Tally
) -> Generator[Rows | Reject]:
    """The rows of the file, from where `mark` ends if there is one."""
    modified = look.modified // 1_000
    if mark is not None:
        return rows_in(_onward(path, reading, mark), reading, modified, path.name, tally)
    return rows_in(chats(path, name, reading), reading, modified, path.name, tally)


@contextmanager
def _no_collector() -> Iterator[None]:
    """Millions of rows live at once and none is part of a cycle: looking for cycles costs half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _is_utf8(path: Path) -> bool:
    with path.open("rb") as stream:
        return encoding_of(stream.read(4)) == "utf-8"


def _onward(path: Path, reading: Reading, mark: Watermark) -> Iterator[Found]:
    """Chats of the lines that came after those already read."""
    with path.open("rb") as stream:
        stream.seek(mark.consumed)
        yield from openai_lines(stream, path.name, reading, mark.lines)


def _moved(mark: Watermark, look: Look) -> Watermark:
    return Watermark(
        mark.id, look.size, look.modified, mark.digest, mark.consumed, mark.lines, mark.stamp, mark.report
    )


def _sum(mark: Watermark, new: FileReport) -> FileReport:
    """The report of a continued file: what was there before and what came."""
    old = FileReport(**dict(mark.report))
    times = [one for one in (old.first, new.first, old.last, new.last) if one is not None]
    return FileReport(
        new.file,
        new.format,
        old.conversations + new.conversations,
        old.user + new.user,
        old.assistant + new.assistant,
        old.notes + new.notes,
        old.rejected + new.rejected,
        old.skipped + new.skipped,
        dict(Counter(old.skipped_why) + Counter(new.skipped_why)),
        dict(Counter(old.redacted) + Counter(new.redacted)),
        min(times, default=None),
        max(times, default=None),
        new.added,
        new.known,
    )
