"""Opaque ids as text, whole columns at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def hex_digits(values: NDArray[np.uint64], digits: int) -> pa.Array:
    """Return the top `digits` (at most 16) hexadecimal digits of each value as strings."""
    shifts = np.uint64(60) - np.arange(digits, dtype=np.uint64) * np.uint64(4)
    letters = _HEX[((values[:, None] >> shifts) & np.uint64(15)).astype(np.uint8)]
    offsets = np.arange(len(values) + 1, dtype=np.int32) * digits
    data = np.ascontiguousarray(letters).reshape(-1)
    return pa.StringArray.from_buffers(len(values), pa.py_buffer(offsets), pa.py_buffer(data))


def named(
    prefix: str,
    values: NDArray[np.uint64],
    digits: int,
    *,
    suffix: str = "",
    null: NDArray[np.bool_] | None = None,
) -> pa.Array:
    """Return prefix + hexadecimal digits + suffix for each value; null where `null` says so."""
    written = hex_digits(values, digits)
    if prefix or suffix:
        written = pc.binary_join_element_wise(prefix, written, suffix, "")
    if null is not None and null.any():
        written = pc.if_else(pa.array(null), pa.scalar(None, pa.string()), written)
    return written


def chosen(numbers: NDArray[np.integer], among: Sequence[str]) -> pa.Array:
    """Return the named string for each number; null where the number is negative."""
    index = pa.array(np.maximum(numbers, 0).astype(np.int64), mask=numbers < 0)
    return pa.array(list(among) or [""], pa.string()).take(index)
