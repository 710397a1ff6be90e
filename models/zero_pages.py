"""Giving memory that holds only zeros back to the kernel: llama.cpp fills a fresh cache with them.

The kernel hands zeros out again where such a page is read or written, so nothing changes but the memory in
use: a model that stands by holds no cache, and one that serves only as much as its chats have filled.
"""

from __future__ import annotations

import ctypes
import mmap
import re
from pathlib import Path

_MAPS = Path("/proc/self/maps")
_PLAIN = re.compile(r"([0-9a-f]+)-([0-9a-f]+) rw-p 00000000 00:00 0 *")
_LARGE = 64 << 20  # the heaps that glibc keeps for threads end here, so their small writes are never met
_STEP = 1 << 18


def give_back_zeros() -> int:
    """Drop the zeros of this process's large private memory; returns how many bytes that were.

    Nothing may write to that memory meanwhile: call it before the first request.
    """
    if not hasattr(mmap, "MADV_DONTNEED") or not _MAPS.exists():
        return 0
    libc, zeros, given = ctypes.CDLL(None), bytes(_STEP), 0
    for line in _MAPS.read_text(encoding="utf-8").splitlines():
        found = _PLAIN.fullmatch(line)
        start, end = (int(text, 16) for text in found.groups()) if found else (0, 0)
        if end - start < _LARGE:
            continue
        for at in range(start, end, _STEP):
            place, size = ctypes.c_void_p(at), ctypes.c_size_t(min(_STEP, end - at))
            if libc.memcmp(place, zeros, size) == 0 and libc.madvise(place, size, mmap.MADV_DONTNEED) == 0:
                given += size.value
    return given
