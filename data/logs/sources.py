"""Which files there are to read, and how a file is recognised as unchanged or merely grown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import glob
from hashlib import sha256
from pathlib import Path
from typing import IO

from data.errors import BadInput
from data.settings import Settings

_BLOCK = 1 << 20
_IGNORED = ("*.tmp", "*.part", "*.lock", "sessions.json", "*-wal", "*-shm", "*-journal")


@dataclass(frozen=True, slots=True)
class Target:
    """One file to read, in which format, and the person's name in it."""

    path: Path
    format: str = "auto"
    me: str | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """Size and time of a file and of the write-ahead log beside it."""

    size: int
    modified: int

    @classmethod
    def at(cls, path: Path) -> Look:
        """The present look; OSError if the file is gone."""
        found = path.stat()
        wal = path.with_name(path.name + "-wal")
        try:
            beside = wal.stat()
        except OSError:
            return cls(found.st_size, found.st_mtime_ns)
        return cls(found.st_size + beside.st_size, max(found.st_mtime_ns, beside.st_mtime_ns))


def targets(settings: Settings, paths: Sequence[Path] | None) -> list[Target]:
    """The files to read in a stable order: the named paths, or the inbox and the configured sources."""
    if paths is not None:
        missing = [path for path in paths if not path.exists()]
        if missing:
            raise BadInput(f"{missing[0]} does not exist. Check the path.")
        known = _configured(settings)
        found = [known.get(file.absolute(), Target(file)) for path in paths for file in _files(path)]
    else:
        inbox = [Target(file) for file in _files(settings.inbox)] if settings.inbox.is_dir() else []
        found = [*_configured(settings).values(), *inbox]
    unique = {
        target.path.absolute(): Target(target.path.absolute(), target.format, target.me)
        for target in reversed(found)
    }
    return [target for path, target in sorted(unique.items()) if not _left_out(path, settings)]


def _configured(settings: Settings) -> dict[Path, Target]:
    found = {}
    for source in settings.ingest.sources:
        pattern = str(settings.home / Path(source.path).expanduser())
        for name in sorted(glob(pattern, recursive=True)):
            for file in _files(Path(name)):
                found[file.absolute()] = Target(file, source.format, source.me)
    return found


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for file in sorted(path.rglob("*")):
        inner = file.relative_to(path).parts
        if file.is_file() and not any(part.startswith(".") for part in inner):
            yield file


def _left_out(path: Path, settings: Settings) -> bool:
    backup = "backups" in path.parts and path.name.startswith("chat_")
    patterns: Iterable[str] = (*_IGNORED, *settings.ingest.exclude)
    return backup or any(fnmatch(path.name, one) or fnmatch(str(path), one) for one in patterns)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """Digest of the first `consumed` bytes (whole lines), and how many lines they hold."""

    digest: str
    consumed: int
    lines: int


def fingerprint(path: Path, size: int) -> Fingerprint:
    """Fingerprint of the whole lines within the first `size` bytes; of everything if there is no line end."""
    with path.open("rb") as stream:
        end = _last_line_end(stream, size)
        stream.seek(0)
        state = sha256()
        count = 0
        left = end
        while left and (block := stream.read(min(_BLOCK, left))):
            state.update(block)
            count += block.count(b"\n")
            left -= len(block)
    return Fingerprint(state.hexdigest(), end - left, count)


def _last_line_end(stream: IO[bytes], size: int) -> int:
    position = size
    while position > 0:
        start = max(0, position - _BLOCK)
        stream.seek(start)
        place = stream.read(position - start).rfind(b"\n")
        if place >= 0:
            return start + place + 1
        position = start
    return size


def grown(path: Path, digest: str, consumed: int) -> bool:
    """Whether the file still begins with the `consumed` bytes that had this digest."""
    state = sha256()
    left = consumed
    with path.open("rb") as stream:
        while left and (block := stream.read(min(_BLOCK, left))):
            state.update(block)
            left -= len(block)
    return left == 0 and state.hexdigest() == digest
