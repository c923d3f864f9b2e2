"""One growing buffer for a kernel that writes rows, and the Arrow array of what it wrote."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.ranges.text.memory import SLACK

FIRST = 1 << 18  # bytes to begin with; the size of all is estimated from the rows that fit
LIMIT = 2**31 - 1  # Arrow's string offsets are 32 bits
MARGIN = 1.08

# Writes rows from one on into a buffer; returns the first row that did not fit and where its text would begin.
Writer = Callable[[NDArray[np.uint8], int, int], tuple[int, int]]


def fill(rows: int, write: Writer) -> tuple[NDArray[np.uint8], int]:
    """Run a writer over all rows, growing the buffer as it asks; return the buffer and the bytes used.

    A ValueError if the texts are over 2 GiB, which Arrow's offsets cannot count.
    """
    out = np.empty(FIRST + SLACK, np.uint8)
    row, at = 0, 0
    while True:
        row, at = write(out, row, at)
        if row == rows:
            return out, at
        likely = int(at / row * rows * MARGIN) if row else 0
        size = max(likely, 2 * (out.size - SLACK))
        if out.size - SLACK >= LIMIT:
            raise ValueError(f"the texts of {rows} rows are over 2 GiB: render fewer rows at a time")
        grown = np.empty(min(size, LIMIT) + SLACK, np.uint8)
        grown[:at] = out[:at]
        out = grown


def strings(
    out: NDArray[np.uint8], used: int, offsets: NDArray[np.int32], there: NDArray[np.bool_]
) -> pa.StringArray:
    """Return Arrow strings over a buffer, without a copy; rows that are not there are null."""
    valid = None
    if not there.all():
        valid = pa.py_buffer(np.packbits(there, bitorder="little"))
    return pa.StringArray.from_buffers(
        len(there), pa.py_buffer(offsets), pa.py_buffer(out[:used]), valid, int((~there).sum())
    )
