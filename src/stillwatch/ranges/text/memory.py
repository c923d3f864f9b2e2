"""How the kernel writes: bytes copied 32 at a time, whole numbers, hex digits, capitals.

Buffers are passed by address with room to spare at their ends, so that a copy needs no loop over bytes and no
branch on its length: most pieces of text are shorter than 32 bytes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from stillwatch.sketches.kernels import drop_stale_code, inlined, leaf

drop_stale_code([Path(__file__).parent])

STRIDE = 32  # bytes a copy moves at once
SLACK = 2048  # bytes kept free at the end of a buffer: more than any piece but a literal writes
FULL = 1 << 40  # a place beyond any buffer: the text did not fit

_TEN = np.uint64(10)
_FOUR = np.uint64(4)
_NOUGHT = np.uint64(48)


@intrinsic  # type: ignore[untyped-decorator]
def copy32(typing_context: Any, target: Any, source: Any) -> Any:
    """Copy 32 bytes from one address to another, aligned or not."""

    def emit(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        vector = ir.VectorType(ir.IntType(8), STRIDE)
        there, here = (builder.inttoptr(a, vector.as_pointer()) for a in args)
        builder.store(builder.load(here, align=1), there, align=1)
        return context.get_dummy_value()

    return types.void(types.uintp, types.uintp), emit


@inlined
def put(out, at, pool, first, length):  # type: ignore[no-untyped-def]
    """Copy a piece of the pool to `at`; return the place after it, or FULL."""
    if at + length + SLACK > out.size:
        return FULL
    target = np.uint64(out.ctypes.data) + np.uint64(at)
    source = np.uint64(pool.ctypes.data) + np.uint64(first)
    copy32(target, source)
    done = STRIDE
    while done < length:
        copy32(target + np.uint64(done), source + np.uint64(done))
        done += STRIDE
    return at + length


@leaf
def put_integer(out, at, value):  # type: ignore[no-untyped-def]
    """Write an int64 in decimal."""
    if value < 0:
        out[at] = 45  # minus
        at += 1
        value = -value
    rest = np.uint64(value)
    digits = 1
    bound = _TEN
    while rest >= bound and digits < 19:
        digits += 1
        bound *= _TEN
    for place in range(digits):
        out[at + digits - 1 - place] = np.uint8(_NOUGHT + rest % _TEN)
        rest //= _TEN
    return at + digits


@inlined
def put_hex(out, at, bits, digits):  # type: ignore[no-untyped-def]
    """Write up to 16 hex digits of a hash, from its lowest bits up."""
    for place in range(digits):
        digit = np.uint8(bits & np.uint64(15))
        out[at + place] = digit + np.uint8(48 if digit < 10 else 87)
        bits >>= _FOUR
    return at + digits


@leaf
def capitalise(out, first, after, upper):  # type: ignore[no-untyped-def]
    """Set the letter at `first` in upper case where it takes as many bytes, up to two.

    Where nothing was written, or it did not fit, nothing happens.
    """
    if after <= first or after + SLACK > out.size:
        return
    lead = np.int64(out[first])
    if lead < 0x80:
        out[first] = np.uint8(upper[lead])
    elif 0xC2 <= lead < 0xE0:
        raised = np.int64(upper[((lead & 31) << 6) | (np.int64(out[first + 1]) & 63)])
        out[first] = np.uint8(0xC0 | (raised >> 6))
        out[first + 1] = np.uint8(0x80 | (raised & 63))
