"""What work on a small model asks of cores and memory: several processes, and memory that is kept."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

import psutil

# A larger model shares the cores better inside one process, and its copies would fill memory.
SMALL_BYTES = 1_000_000_000
MOST_PROCESSES = 4
# Numbers of glibc's mallopt(3): how much may stay free, and up to what size blocks come from what is kept.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT_BYTES, LARGEST_KEPT, USUAL_BYTES = 1 << 30, 32 << 20, 128 << 10


def split(model_bytes: int, cores: int | None = None, each_needs: int = 0) -> tuple[int, int]:
    """Processes, and threads each, for a model of that size on `cores`, by default all there are.

    `each_needs` is the memory of one process in bytes; the machine's whole memory counts, not what is free,
    so that reruns share work alike.
    """
    cores = cores or os.cpu_count() or 1
    if model_bytes > SMALL_BYTES:
        return 1, cores
    room = psutil.virtual_memory().total // each_needs if each_needs else cores
    count = max(1, min(MOST_PROCESSES, cores, room))
    return count, cores // count


@contextmanager
def kept_memory() -> Iterator[None]:
    """Have glibc keep freed memory for this block, instead of asking the system for it again.

    A training step frees and takes hundreds of blocks of about a megabyte; giving them back cost 14,000
    page faults and a quarter of the step. Without glibc nothing changes.
    """
    libc = _glibc()
    if libc is None:
        yield
        return
    libc.mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT)
    libc.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
    try:
        yield
    finally:
        libc.mallopt(M_MMAP_THRESHOLD, USUAL_BYTES)
        libc.mallopt(M_TRIM_THRESHOLD, USUAL_BYTES)
        give_back()


def give_back() -> None:
    """Return freed memory to the system, after something large that will not come again."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "mallopt") and hasattr(libc, "malloc_trim") else None
