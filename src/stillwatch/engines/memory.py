"""How much memory this process holds, and giving back what it no longer needs.

Three allocators work here: Arrow's pool, the C library's for NumPy, and the engine's own. Each keeps what is freed
for itself, so that a limit on one of them says little about the process.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

_STATM = Path("/proc/self/statm")


def resident() -> int | None:
    """Return the bytes of physical memory this process holds now; None where the system does not tell."""
    try:
        pages = int(_STATM.read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def peak() -> int:
    """Return the largest resident size of this process so far, in bytes (macOS counts bytes, others KiB)."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def give_back() -> None:
    """Return freed memory to the system, as far as the allocators can be asked to."""
    gc.collect()
    pa.default_memory_pool().release_unused()
    with suppress(OSError, AttributeError, TypeError):  # glibc alone has it
        ctypes.CDLL(None).malloc_trim(0)
