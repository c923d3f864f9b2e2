"""How kernels are compiled: without the GIL, cached on disk, and never from a cache that is out of date.

Numba notices a change in a kernel's own file, not in a kernel it calls, whose old code it would go on
using. So cached code older than any module of the rooms whose kernels call each other is removed before the first
kernel is defined.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from numba import njit

ROOMS = ("sketches", "intents")  # whose kernels call each other


def drop_stale_code(packages: Sequence[Path]) -> None:
    """Remove compiled kernels in `packages` that are older than any module of any of them."""
    newest = max(module.stat().st_mtime for package in packages for module in package.glob("*.py"))
    for package in packages:
        for cached in (package / "__pycache__").glob("*.nb[ci]"):
            with contextlib.suppress(OSError):  # read-only, or another process was first
                if cached.stat().st_mtime < newest:
                    cached.unlink()


drop_stale_code([Path(__file__).parents[1] / room for room in ROOMS])


def kernel(function: Callable[..., Any]) -> Any:
    """Compile at the first call."""
    return njit(cache=True, nogil=True)(function)


def inlined(function: Callable[..., Any]) -> Any:
    """Compile into each caller: at a byte a call, passing an array costs more than the work."""
    return njit(cache=True, nogil=True, inline="always")(function)


def leaf(function: Callable[..., Any]) -> Any:
    """Compile without reference counting, for kernels that allocate nothing.

    Counting an array in and out at each call doubles the time of a tokeniser. Numba's switch for it is
    not documented; where it is missing, remove it here and only speed is lost.
    """
    return njit(cache=True, nogil=True, _nrt=False)(function)
