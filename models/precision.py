"""Which number format this processor multiplies fastest, and how fast."""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@cache
def bf16_is_faster() -> bool:
    """Whether the CPU has instructions for bf16 products; asked, not timed, so that reruns train alike."""
    import torch

    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def matmul_rate(dtype: torch.dtype, rows: int = 256, trials: int = 8, device: str = "cpu") -> float:
    """Best rate of a [rows, 576] x [576, 1536] product, in floating-point operations per second."""
    import torch

    left = torch.ones(rows, 576, dtype=dtype, device=device)
    right = torch.ones(576, 1536, dtype=dtype, device=device)
    best = float("inf")
    for _ in range(trials):
        started = time.perf_counter()
        left @ right
        best = min(best, time.perf_counter() - started)
    return 2.0 * rows * 576 * 1536 / best
