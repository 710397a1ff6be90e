"""Files that must survive a kill: digests, atomic writes, one lock per folder, manifests with checks."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data.errors import BackendError, ModelFileError

MANIFEST = "manifest.json"
_CHUNK = 1 << 22


def sha256_file(path: Path) -> str:
    """Hex sha256 of a file, read in pieces; ModelFileError when it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise ModelFileError(f"Cannot read {path}: {error.strerror}.") from error
    return digest.hexdigest()


def fsync(path: Path) -> None:
    """Force a file, or a folder's list of names, onto the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Replace a small JSON file atomically: a reader sees the old or the new text, never a part."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(draft, path)
    fsync(path.parent)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file we wrote; ModelFileError when it is missing or damaged."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelFileError(f"{path} is missing.") from error
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} is damaged ({error}). Restore it from a backup.") from error
    if not isinstance(value, dict):
        raise ModelFileError(f"{path} is damaged: it should hold a JSON object.")
    return value


def describe(folder: Path) -> dict[str, dict[str, Any]]:
    """Size and sha256 of every file below `folder`, by relative name; the manifest itself is left out."""
    return {
        path.relative_to(folder).as_posix(): {"size": path.stat().st_size, "sha256": sha256_file(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST and not path.name.startswith(".")
    }


def check(folder: Path, files: Mapping[str, Mapping[str, Any]], remedy: str, *, digests: bool) -> None:
    """Compare files with their manifest; ModelFileError names the first bad file and the `remedy`.

    Sizes are always compared (a truncated GGUF can crash llama.cpp); contents only with `digests`.
    """
    for name, facts in files.items():
        path = folder / name
        if not path.is_file():
            raise ModelFileError(f"{path} is missing. {remedy}")
        size = path.stat().st_size
        if size != facts["size"]:
            raise ModelFileError(f"{path} has {size} bytes instead of {facts['size']}. {remedy}")
        if digests and sha256_file(path) != facts["sha256"]:
            raise ModelFileError(f"{path} is not the file that was written (its sha256 differs). {remedy}")


def seal(folder: Path) -> None:
    """Make everything below `folder` private to its owner and force it onto the disk."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        if path.is_symlink():
            continue
        path.chmod(0o700 if path.is_dir() else 0o600)
        fsync(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock file; the system frees it when the holder ends, however it ends."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def need_space(folder: Path, size: int) -> None:
    """BackendError before work starts when the disk cannot hold `size` more bytes."""
    status = os.statvfs(folder)
    free = status.f_bavail * status.f_frsize
    if free < size:
        raise BackendError(
            f"{folder} has {free / 1e9:.1f} GB free and {size / 1e9:.1f} GB are needed. "
            "Free space, or move the home folder with NOCTURNE_HOME."
        )
