"""Memory full of zeros goes back to the kernel, and whoever reads it later sees no difference."""

import subprocess
import sys

import pytest

from data.settings import CHECKOUT

PROBE = """
import mmap
from pathlib import Path
from models.zero_pages import give_back_zeros

def resident():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) >> 10 for line in lines if line.startswith("Rss"))

size = 128 << 20
cache = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
cache.write(bytes(size))
cache[5000:5003] = b"one"
cache[size - 3:] = b"end"
before = resident()
given = give_back_zeros() >> 20
print(given, before - resident())
assert cache[5000:5003] == b"one" and cache[size - 3:] == b"end"
cache[5000:5003] = cache[size - 3:] = bytes(3)
assert cache[:] == bytes(size)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's memory in /proc")
def test_zeros_leave_memory_and_every_byte_reads_as_before() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], cwd=CHECKOUT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    given, freed = map(int, done.stdout.split())
    assert given >= 127 and freed >= 120
