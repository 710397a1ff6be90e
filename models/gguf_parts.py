"""A model in two files, as llama.cpp splits them: what a night changed, and what all nights have in common.

The first names the digest of the second, so its own digest stands for the whole model. Every night writes
the same second file: kept once, it is in memory once, however many servers have it open.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Collection, Mapping
from pathlib import Path

from data.errors import BackendError
from models.files import fsync, sha256_file
from models.gguf_file import GgufFile, packed_text, read_gguf, write_container

COMMON = "nocturne.common"
_PART = re.compile(r"(?P<stem>.*)-\d{5}-of-(?P<count>\d{5})")
_UINT16, _INT32 = 2, 5  # llama.cpp refuses other types for these three keys


def parts(gguf: Path) -> list[Path]:
    """The files of a model: itself, or with the first of several all of them in order."""
    found = _PART.fullmatch(gguf.stem)
    if not found:
        return [gguf]
    count = int(found["count"])
    return [gguf.with_name(_name(found["stem"], number, count)) for number in range(count)]


def model_size(gguf: Path) -> int:
    """Bytes of a model, all its files together."""
    return sum(part.stat().st_size for part in parts(gguf))


def moved(gguf: Path, out: Path) -> Path:
    """Rename a model to `out`, numbers kept; the first file comes last, for it makes the others a model."""
    files = parts(gguf)
    targets = [out.with_name(_name(out.stem, number, len(files))) for number in range(len(files))]
    for part, target in reversed(list(zip(files, targets, strict=True))):
        os.replace(part, target)
    fsync(out.parent)
    return targets[0]


def taken_apart(whole: Path, changed: Collection[str]) -> Path:
    """Put two files in the place of a model's one, the tensors `changed` in the first; returns that."""
    file = read_gguf(whole)
    first, second = (whole.with_name(_name(whole.stem, number, 2)) for number in range(2))
    count = len(file.tensors)
    _write(second, _split(1, count), {name: file for name in file.tensors if name not in changed})
    metadata = {**file.metadata, **_split(0, count), COMMON: packed_text(sha256_file(second))}
    _write(first, metadata, {name: file for name in file.tensors if name in changed})
    whole.unlink()
    return first


def joined(gguf: Path, out: Path) -> None:
    """Write a model as one file, for programs that read no others."""
    files = [read_gguf(part) for part in parts(gguf)]
    ours = {COMMON, *_split(0, 0)}
    metadata = {key: raw for key, raw in files[0].metadata.items() if key not in ours}
    _write(out, metadata, {name: file for file in files for name in file.tensors})


def _name(stem: str, number: int, count: int) -> str:
    return f"{stem}.gguf" if count == 1 else f"{stem}-{number + 1:05}-of-{count:05}.gguf"


def _split(number: int, tensors: int) -> dict[str, bytes]:
    return {
        "split.no": struct.pack("<IH", _UINT16, number),
        "split.count": struct.pack("<IH", _UINT16, 2),
        "split.tensors.count": struct.pack("<Ii", _INT32, tensors),
    }


def _write(out: Path, metadata: Mapping[str, bytes], held: Mapping[str, GgufFile]) -> None:
    """Write the tensors `held`, each copied from its file."""
    places = {name: file.tensors[name] for name, file in held.items()}
    tensors = [(name, place.shape, place.kind) for name, place in places.items()]
    try:
        write_container(out, metadata, tensors, lambda name: held[name].raw(places[name]))
        fsync(out)
    except OSError as error:
        raise BackendError(f"Cannot write {out}: {error.strerror}. Free space and try again.") from error
