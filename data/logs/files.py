"""Reading files nobody checked: any Unicode encoding, cut, huge or hostile, always in bounded memory."""

from __future__ import annotations

import codecs
import io
import json
import lzma
import sqlite3
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

import orjson

from data.errors import BadInput
from data.records import Reject

SQLITE_MAGIC = b"SQLite format 3\0"
ZIP_MAGIC = b"PK\x03\x04"
_BLOCK = 1 << 20
_MEMBER_LIMIT = 8 << 30
_RATIO_LIMIT = 200
_DECODER = json.JSONDecoder()
# What zipfile raises over damaged, encrypted or foreign archives.
_DAMAGED = (
    zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, OverflowError,
    zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip


class Line(NamedTuple):
    """One line as bytes, with its number and whether its end was there."""

    number: int
    data: bytes
    whole: bool


def encoding_of(head: bytes) -> str:
    """Encoding by byte order mark, or by the zero bytes UTF-16 leaves in ASCII."""
    for mark, name in ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32")):
        if head.startswith(mark):
            return name
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if len(head) >= 4 and head[0] and not head[1] and head[2] and not head[3]:
        return "utf-16-le"
    if len(head) >= 4 and head[1] and not head[0] and head[3] and not head[2]:
        return "utf-16-be"
    return "utf-8"


class _Unpacked(io.RawIOBase):
    """A member of a zip; whoever reads it learns of damage as BadInput."""

    def __init__(self, raw: IO[bytes], path: Path) -> None:
        self._raw = raw
        self._path = path

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._raw.read(len(buffer))
        except _DAMAGED as error:
            raise _bad_zip(self._path, error) from error
        buffer[: len(data)] = data
        return len(data)


class _Recoded(io.RawIOBase):
    """A byte stream seen as UTF-8, whatever Unicode encoding it is in."""

    def __init__(self, raw: IO[bytes], encoding: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = self._raw.read(_BLOCK)
            self._rest = self._decoder.decode(block, final=not block).encode("utf-8", "replace")
            if not block:
                break
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


def open_utf8(path: Path) -> IO[bytes]:
    """The file as UTF-8 bytes without a byte order mark; the caller closes it."""
    raw = io.BufferedReader(path.open("rb", buffering=0), _BLOCK)
    return as_utf8(raw, raw.peek(4)[:4])


def as_utf8(raw: IO[bytes], head: bytes) -> IO[bytes]:
    """`raw`, whose first bytes are `head` and still unread, as UTF-8 bytes."""
    encoding = encoding_of(head)
    if encoding == "utf-8":
        return raw
    if encoding == "utf-8-sig":
        raw.read(3)
        return raw
    return io.BufferedReader(_Recoded(raw, encoding), _BLOCK)


def head_of(path: Path, size: int = 1 << 18) -> bytes:
    """The first `size` bytes of the file as UTF-8."""
    with closing(open_utf8(path)) as stream:
        return stream.read(size)


def lines(
    stream: IO[bytes], limit: int, name: str, number: int = 0, *, blank: bool = False
) -> Iterator[Line | Reject]:
    """Lines, without blank ones unless asked for; one longer than `limit` is refused, not held in memory."""
    readline = stream.readline
    while data := readline(limit + 1):
        number += 1
        whole = data.endswith(b"\n")
        if len(data) > limit and not whole:
            while data and not data.endswith(b"\n"):
                data = readline(_BLOCK)
            yield Reject(
                name, f"line {number}", f"longer than {limit:,} bytes (setting ingest.max_line_bytes)"
            )
        elif blank or not data.isspace():
            yield Line(number, data, whole)


def parse(data: bytes) -> Any:
    """The JSON value in `data`; ValueError with a plain reason if there is none.

    orjson refuses lone surrogates that browsers do write, and NaN; the standard parser reads them.
    """
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        pass
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError("not valid UTF-8") from error
    try:
        return json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not valid JSON: {error.msg} at column {error.pos + 1}") from error


def elements(stream: IO[bytes], limit: int, name: str) -> Iterator[tuple[str, Any] | Reject]:
    """Top-level values of a JSON document: the members of a list one by one, or the one value.

    Only one member is in memory at a time. After damage the rest of the list is given up, what came
    before stays.
    """
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    text, done, index, inside = "", False, 0, False
    start = 0
    while True:
        start = _skip(text, start, ", \t\r\n" if inside else " \t\r\n")
        if start < len(text):
            if not inside and index == 0 and text[start] == "[":
                inside, start = True, start + 1
                continue
            if inside and text[start] == "]":
                return
            try:
                value, end = _DECODER.raw_decode(text, start)
            except RecursionError:
                yield Reject(
                    name, f"record {index + 1}", "nested too deeply; the rest of the file was left out"
                )
                return
            except ValueError as error:
                if done:
                    reason = (
                        "the file ends in the middle of a record" if _cut(error, text) else "not valid JSON"
                    )
                    yield Reject(name, f"record {index + 1}", reason)
                    return
                if len(text) - start > limit:
                    yield Reject(
                        name, f"record {index + 1}", f"not valid JSON, or longer than {limit:,} characters"
                    )
                    return
            else:
                if end < len(text) or done:
                    yield f"record {index + 1}", value
                    index, start = index + 1, end
                    if not inside:
                        return
                    continue
        elif done:
            if inside:
                yield Reject(name, f"record {index + 1}", "the list is not closed: the file is cut")
            return
        block = stream.read(max(_BLOCK, len(text) - start))
        done = not block
        text, start = text[start:] + decode(block, done), 0


def _skip(text: str, start: int, blank: str) -> int:
    while start < len(text) and text[start] in blank:
        start += 1
    return start


def _cut(error: ValueError, text: str) -> bool:
    position = getattr(error, "pos", 0)
    return position >= len(text.rstrip()) - 1 or "Unterminated string" in str(error)


def records(path: Path, limit: int) -> Iterator[Reject | tuple[str, Any]]:
    """(locator, decoded value) of each line of a JSONL file; an unreadable line is a Reject."""
    with closing(open_utf8(path)) as stream:
        for line in lines(stream, limit, path.name):
            if isinstance(line, Reject):
                yield line
                continue
            locator = f"line {line.number}"
            try:
                record = parse(line.data)
            except ValueError as error:
                yield Reject(path.name, locator, str(error))
                continue
            yield locator, record


def json_streams(path: Path, wanted: tuple[str, ...] = ()) -> Iterator[IO[bytes]]:
    """UTF-8 streams of the file, or of each zip member whose name starts with one of `wanted`.

    Nothing is extracted to disk, so member paths cannot lead anywhere; sizes are bounded while reading.
    """
    with path.open("rb") as probe:
        packed = probe.read(4) == ZIP_MAGIC
    if not packed:
        with closing(open_utf8(path)) as stream:
            yield stream
        return
    try:
        with zipfile.ZipFile(path) as archive:
            for member in members(archive, wanted):
                with archive.open(member) as raw:
                    stream = io.BufferedReader(_Unpacked(raw, path), _BLOCK)
                    yield as_utf8(stream, stream.peek(4)[:4])
    except _DAMAGED as error:
        raise _bad_zip(path, error) from error


def _bad_zip(path: Path, error: Exception) -> BadInput:
    return BadInput(f"{path} is a damaged or encrypted zip: {error}. Export it again.")


def members(archive: zipfile.ZipFile, wanted: tuple[str, ...]) -> list[zipfile.ZipInfo]:
    """Members to read, in order of their names; a bomb (huge or absurdly compressed) raises BadInput."""
    found = []
    for info in archive.infolist():
        name = PurePosixPath(info.filename).name
        if name.endswith(".json") and name.startswith(wanted):
            if info.file_size > _MEMBER_LIMIT or info.file_size > _RATIO_LIMIT * max(
                info.compress_size, 1 << 14
            ):
                raise BadInput(
                    f"{archive.filename}: {info.filename} unpacks to {info.file_size:,} bytes from "
                    f"{info.compress_size:,}; this looks like a zip bomb and was not read."
                )
            found.append(info)
    return sorted(found, key=lambda info: info.filename)


@contextmanager
def sqlite_copy(path: Path) -> Iterator[sqlite3.Connection]:
    """A private copy of a SQLite file that its program may have open, taken by the backup API.

    A backup sees a consistent state including the write-ahead log; the original is opened read-only.
    """
    with tempfile.TemporaryDirectory(prefix="nocturne-") as folder:
        copy = sqlite3.connect(Path(folder) / "copy.db")
        copy.execute("PRAGMA synchronous = OFF")  # nobody needs the copy after a power cut
        copy.row_factory = sqlite3.Row
        copy.text_factory = lambda data: data.decode("utf-8", "replace")
        try:
            _backup(path, copy)
            yield copy
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter for names that are no text
            raise BadInput(
                f"{path} cannot be read as a SQLite database: {error}. "
                "Copy it again while its program is closed."
            ) from error
        finally:
            copy.close()


def _backup(path: Path, copy: sqlite3.Connection) -> None:
    address = path.absolute().as_uri()
    try:
        with closing(sqlite3.connect(f"{address}?mode=ro", uri=True, timeout=10)) as original:
            original.backup(copy)
    except sqlite3.OperationalError:
        with closing(sqlite3.connect(f"{address}?mode=ro&immutable=1", uri=True)) as original:
            original.backup(copy)


def columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """Names of the columns of `table`, empty if there is no such table."""
    return {row["name"] for row in connection.execute("SELECT name FROM pragma_table_info(?)", [table])}
