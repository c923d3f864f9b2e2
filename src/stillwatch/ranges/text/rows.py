"""Texts of many references, row by row, into one buffer."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.ranges.text.buffers import fill, strings
from stillwatch.ranges.text.columns import NONE, Refs
from stillwatch.ranges.text.kernel import expand, machine
from stillwatch.ranges.text.program import Compiled
from stillwatch.sketches.kernels import inlined, kernel

U = np.uint64


class Batch(NamedTuple):
    """References for the kernel; arguments have no rows where no row has one."""

    symbol: NDArray[np.int32]
    topic: NDArray[np.uint64]
    seed: NDArray[np.uint64]
    sample: NDArray[np.uint16]


def batch(refs: Refs) -> Batch:
    """Return references as the kernel takes them."""
    return Batch(refs.symbol, refs.topic, refs.seed, refs.sample)


def argument(refs: Refs | None) -> Batch:
    """Return arguments as the kernel takes them; empty if there are none at all."""
    return batch(Refs.none(0) if refs is None or not (refs.symbol != NONE).any() else refs)


@inlined
def set_argument(m, number, refs, row):  # type: ignore[no-untyped-def]
    """Load a row's argument into the machine."""
    m.symbols[number] = -1
    if refs.symbol.size > 0:
        m.symbols[number] = refs.symbol[row]
        m.arguments[number, 0] = refs.topic[row]
        m.arguments[number, 1] = refs.seed[row]
        m.arguments[number, 2] = refs.sample[row]


@kernel
def write_rows(p, m, refs, profile, arg0, arg1, offsets, out, row, at):  # type: ignore[no-untyped-def]
    """Write texts from a row on; return the first row that did not fit and where it begins."""
    while row < refs.symbol.size:
        offsets[row] = at
        after = at
        if refs.symbol[row] >= 0:
            set_argument(m, 0, arg0, row)
            set_argument(m, 1, arg1, row)
            after = expand(
                p, m, out, at, np.int64(refs.symbol[row]), refs.topic[row], refs.seed[row],
                U(refs.sample[row]), U(profile[row]),
            )  # fmt: skip
        if after < 0:
            return row, at
        at = after
        row += 1
    offsets[row] = at
    return row, at


def render(
    compiled: Compiled, refs: Refs, profile: NDArray[np.uint8], arg0: Refs | None, arg1: Refs | None
) -> pa.StringArray:
    """Return the texts of references; null where there is no symbol."""
    offsets = np.zeros(len(refs) + 1, np.int32)
    memory = machine(compiled.depth)
    asked, first, second = batch(refs), argument(arg0), argument(arg1)

    def write(out: NDArray[np.uint8], row: int, at: int) -> tuple[int, int]:
        return write_rows(compiled.program, memory, asked, profile, first, second, offsets, out, row, at)  # type: ignore[no-any-return]

    out, used = fill(len(refs), write)
    return strings(out, used, offsets, refs.symbol != NONE)
