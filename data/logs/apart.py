"""Reading one large file in a process of its own, so that reading and writing each have a core.

The child is this module run as a program: it is told what to read on its standard input and answers with
pickles on its standard output, lists of what it found and at last its counts or why it gave up. It
knows nothing of the store.
"""

from __future__ import annotations

import gc
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from operator import attrgetter
from pathlib import Path
from typing import Any

from data.errors import BadInput
from data.logs.chat import Reading
from data.logs.formats import chats
from data.logs.rows import Row, Rows, Tally, rows_in
from data.records import Reject

_CHECKOUT = Path(__file__).resolve().parent.parent.parent
_CHUNK_ROWS = 2_000
_CHUNK_CHARACTERS = 4_000_000
_BUFFER = 1 << 20
_FIELDS = attrgetter(*Rows.__slots__)

Job = tuple[Path, str, Reading, int]


def rows_apart(job: Job, tally: Tally) -> Generator[Rows | Reject]:
    """What `rows_in` finds in the file of `job`, read in a child that ends with the generator."""
    child = subprocess.Popen(
        [sys.executable, "-m", "data.logs.apart"],
        cwd=_CHECKOUT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=_BUFFER,
        start_new_session=True,  # Ctrl-C is for the parent, which ends the child
    )
    try:
        assert child.stdin is not None and child.stdout is not None
        with child.stdin as stdin:
            pickle.dump(job, stdin)
        while isinstance(found := pickle.load(child.stdout), list):
            yield from (one if isinstance(one, Reject) else _unpacked(one) for one in found)
        if isinstance(found, Exception):
            raise found
        tally.take(found)
    except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
        raise OSError("its reader ended early, perhaps for want of memory; run it again") from error
    finally:
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _packed(one: Rows) -> tuple[Any, ...]:
    """Plain tuples travel four times as fast as our own classes."""
    source, conversation, rows, *rest = _FIELDS(one)
    return (source, conversation, list(map(tuple, rows)), *rest)


def _unpacked(values: tuple[Any, ...]) -> Rows:
    source, conversation, rows, *rest = values
    new = tuple.__new__
    return Rows(source, conversation, [new(Row, row) for row in rows], *rest)


def _chunks(found: Iterator[Rows | Reject]) -> Iterator[list[Reject | tuple[Any, ...]]]:
    chunk: list[Reject | tuple[Any, ...]] = []
    rows = size = 0
    for one in found:
        if isinstance(one, Reject):
            chunk.append(one)
            rows += 1
        else:
            chunk.append(_packed(one))
            rows += len(one.rows)
            size += one.size
        if rows >= _CHUNK_ROWS or size >= _CHUNK_CHARACTERS:
            yield chunk
            chunk, rows, size = [], 0, 0
    yield chunk


def main() -> None:
    """Read the file named on standard input, and answer on standard output."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # a parent that was killed takes no more
    gc.disable()
    path, format, reading, modified = pickle.load(sys.stdin.buffer)
    tally = Tally()
    answer: Tally | Exception = tally
    with open(sys.stdout.fileno(), "wb", buffering=_BUFFER, closefd=False) as out:
        try:
            found = rows_in(chats(path, format, reading), reading, modified, path.name, tally)
            for chunk in _chunks(found):
                pickle.dump(chunk, out, pickle.HIGHEST_PROTOCOL)
        except (BadInput, OSError, UnicodeError) as error:
            answer = error
        pickle.dump(answer, out, pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
