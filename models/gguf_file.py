"""The GGUF container: reading its header strictly, and writing one with tensors streamed behind it.

Metadata is kept as the bytes it was written in, so a copied vocabulary cannot change on the way, and a
header of a hundred thousand strings costs a fraction of a second. Layout: GGUF 2 and 3, little-endian.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import ModelFileError

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY, _UINT32 = 8, 9, 4
_ALIGNMENT = 32
_MOST_NESTED = 8


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor's place: `shape` in PyTorch's order, `kind` a GGML type, absolute `offset` in bytes."""

    name: str
    shape: tuple[int, ...]
    kind: int
    offset: int
    size: int


@dataclass(frozen=True, slots=True)
class GgufFile:
    """A checked header: metadata values as stored (type included) and where the tensors lie."""

    path: Path
    metadata: Mapping[str, bytes]
    tensors: Mapping[str, Tensor]

    def value(self, key: str) -> Any:
        """A metadata value, None when the file does not have it."""
        raw = self.metadata.get(key)
        return None if raw is None else _Cursor(raw, self.path).value()

    def raw(self, tensor: Tensor) -> NDArray[np.uint8]:
        """The stored bytes of a tensor, mapped rather than read."""
        return np.memmap(self.path, mode="r", dtype=np.uint8, offset=tensor.offset, shape=(tensor.size,))


def read_gguf(path: Path) -> GgufFile:
    """Read a header; ModelFileError unless the file is whole, down to the last tensor's last byte."""
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as view:
            return _parse(_Cursor(view, path), path)
    except FileNotFoundError as error:
        raise ModelFileError(f"{path} is missing. Fetch or make it again.") from error
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path} cannot be read ({error}). Fetch or make it again.") from error


def _parse(cursor: _Cursor, path: Path) -> GgufFile:
    if cursor.take(4) != b"GGUF":
        raise ModelFileError(f"{path} is not a GGUF file. Choose a .gguf model.")
    version = cursor.number("I")
    if version not in (2, 3):
        raise ModelFileError(f"{path} is GGUF version {version}; 2 and 3 can be read. Convert it again.")
    tensor_count, key_count = cursor.number("Q"), cursor.number("Q")
    metadata = {}
    for _ in range(key_count):
        key = cursor.text()
        start = cursor.at
        cursor.skip_value()
        metadata[key] = cursor.since(start)
    listed = [_tensor(cursor) for _ in range(tensor_count)]
    aligned = metadata.get("general.alignment")
    alignment = _Cursor(aligned, path).value() if aligned else _ALIGNMENT
    if not isinstance(alignment, int) or alignment < 1:
        raise cursor.broken(f"its alignment is {alignment!r}")
    start = -(-cursor.at // alignment) * alignment
    tensors = {}
    for name, shape, kind, offset in listed:
        size = stored_size(shape, kind, path)
        if start + offset + size > cursor.end:
            raise cursor.broken(f"{name} ends after the file")
        tensors[name] = Tensor(name, shape, kind, start + offset, size)
    return GgufFile(path, metadata, tensors)


def _tensor(cursor: _Cursor) -> tuple[str, tuple[int, ...], int, int]:
    name, dimensions = cursor.text(), cursor.number("I")
    if dimensions > 4:
        raise cursor.broken(f"{name} has {dimensions} dimensions")
    shape = tuple(cursor.number("Q") for _ in range(dimensions))[::-1]
    return name, shape, cursor.number("I"), cursor.number("Q")


def stored_size(shape: Sequence[int], kind: int, path: Path) -> int:
    """Bytes of a tensor of GGML type `kind`; ModelFileError for a type this program does not know."""
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    try:
        block, width = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
    except (ValueError, KeyError) as error:
        raise ModelFileError(f"{path} uses the unknown tensor type {kind}. Choose another file.") from error
    count = 1
    for size in shape:
        count *= size
    return count // block * width


class _Cursor:
    """A position in bytes that refuses to read past the end."""

    def __init__(self, data: bytes | mmap.mmap, path: Path) -> None:
        self.data, self.path = data, path
        self.at, self.end = 0, len(data)

    def broken(self, why: str) -> ModelFileError:
        return ModelFileError(f"{self.path} is damaged or cut short ({why}). Fetch or make it again.")

    def take(self, count: int) -> bytes:
        if count > self.end - self.at:
            raise self.broken(f"it ends at byte {self.end}")
        self.at += count
        return self.data[self.at - count : self.at]

    def since(self, start: int) -> bytes:
        return self.data[start : self.at]

    def number(self, code: str) -> Any:
        return struct.unpack("<" + code, self.take(struct.calcsize(code)))[0]

    def text(self) -> str:
        try:
            return self.take(self.number("Q")).decode("utf-8")
        except UnicodeDecodeError as error:
            raise self.broken("a name is not text") from error

    def value(self) -> Any:
        return self._of(self.number("I"))

    def _of(self, kind: int) -> Any:
        if kind == _STRING:
            return self.text()
        if kind != _ARRAY:
            return self.number(self._code(kind))
        inner, count = self.number("I"), self.number("Q")
        if inner in (_STRING, _ARRAY):
            return [self._of(inner) for _ in range(count)]
        code = self._code(inner)
        return list(struct.unpack(f"<{count}{code}", self.take(count * struct.calcsize(code))))

    def skip_value(self) -> None:
        """Move behind a value without decoding it."""
        self._skip(self.number("I"))

    def _skip(self, kind: int, depth: int = 0) -> None:
        if kind == _STRING:
            self.take(self.number("Q"))
        elif kind == _ARRAY:
            inner, count = self.number("I"), self.number("Q")
            if depth == _MOST_NESTED:
                raise self.broken(f"a value is nested deeper than {_MOST_NESTED} levels")
            if inner in (_STRING, _ARRAY):
                for _ in range(count):
                    self._skip(inner, depth + 1)
            else:
                self.take(count * struct.calcsize(self._code(inner)))
        else:
            self.take(struct.calcsize(self._code(kind)))

    def _code(self, kind: int) -> str:
        if kind not in _SCALARS:
            raise self.broken(f"unknown value type {kind}")
        return _SCALARS[kind]


def packed_text(text: str) -> bytes:
    """A string as a metadata value."""
    return struct.pack("<I", _STRING) + _text(text)


def packed_number(value: int | float) -> bytes:
    """An unsigned 32-bit integer or a 32-bit float as a metadata value."""
    return struct.pack("<If", 6, value) if isinstance(value, float) else struct.pack("<II", _UINT32, value)


def _text(text: str) -> bytes:
    data = text.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def write_container(
    path: Path,
    metadata: Mapping[str, bytes],
    tensors: Sequence[tuple[str, tuple[int, ...], int]],
    content: Callable[[str], NDArray[Any]],
) -> None:
    """Write a GGUF of `tensors` (name, PyTorch shape, GGML type).

    `content(name)` is asked for one tensor at a time, in order, so only one is in memory.
    """
    kept = {key: raw for key, raw in metadata.items() if key != "general.alignment"}
    header = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(kept)))
    for key, raw in kept.items():
        header += _text(key) + raw
    offset = 0
    for name, shape, kind in tensors:
        header += _text(name) + struct.pack("<I", len(shape))
        header += struct.pack(f"<{len(shape)}Q", *reversed(shape)) + struct.pack("<IQ", kind, offset)
        offset += _padded(stored_size(shape, kind, path))
    with path.open("wb") as stream:
        stream.write(header.ljust(_padded(len(header)), b"\0"))
        for name, shape, kind in tensors:
            size = stored_size(shape, kind, path)
            data = np.ascontiguousarray(content(name))
            if data.nbytes != size:
                raise ValueError(f"{name} has {data.nbytes} bytes instead of {size}")
            stream.write(data.data)
            stream.write(b"\0" * (_padded(size) - size))


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
