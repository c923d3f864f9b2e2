"""Arrow arrays as the plain NumPy views that kernels take, without copying text.

Slices (offset other than zero), `large_string` and views, nulls over garbage and empty arrays all come
out as the same three things: 64-bit offsets, bytes, and which rows are there.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


class Texts(NamedTuple):
    """Strings: text i is data[offsets[i]:offsets[i + 1]], if there[i]."""

    offsets: Ints  # (n + 1,)
    data: Bytes
    there: Flags  # (n,)


class Lists(NamedTuple):
    """Lists: those of row i are elements offsets[i] to offsets[i + 1], if there[i]."""

    offsets: Ints
    there: Flags


def column(batch: pa.RecordBatch, name: str, kind: pa.DataType) -> pa.Array:
    """The column, or nulls where the batch has none."""
    at = batch.schema.get_field_index(name)
    return batch.column(at) if at >= 0 else pa.nulls(batch.num_rows, kind)


def there(array: pa.Array) -> Flags:
    """Which rows are not null, bool (n,)."""
    if array.null_count == 0:
        return np.ones(len(array), dtype=np.bool_)
    flags: Flags = array.is_valid().to_numpy(zero_copy_only=False)
    return flags


def texts(array: pa.Array) -> Texts:
    """View a string array. Offsets are widened to 64 bits; the bytes are shared, and read-only."""
    if pa.types.is_dictionary(array.type) or pa.types.is_string_view(array.type):
        array = array.cast(pa.large_string())
    if pa.types.is_null(array.type):
        array = array.cast(pa.string())
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    _, offsets, data = array.buffers()
    count = len(array)
    if offsets is None or count == 0:
        starts = np.zeros(count + 1, dtype=np.int64)
    else:
        kind = np.int64 if wide else np.int32
        starts = np.frombuffer(offsets, dtype=kind, offset=array.offset * np.dtype(kind).itemsize)
        starts = starts[: count + 1].astype(np.int64)
    view = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    view.setflags(write=False)
    return Texts(starts, view, there(array))


def lists(array: pa.Array) -> tuple[Lists, pa.Array]:
    """View a list array: its layout, and the elements it uses (a slice does not see its parent's)."""
    if pa.types.is_null(array.type):
        array = array.cast(pa.list_(pa.string()))
    offsets = array.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    first, last = int(offsets[0]), int(offsets[-1])
    return Lists(offsets - first, there(array)), array.values.slice(first, last - first)


def keys(values: Any, present: Flags) -> pa.Array:
    """Unsigned hashes as a signed key column, null where not present."""
    return pa.array(np.ascontiguousarray(values).view(np.int64), mask=~present)


def key_lists(values: Words, ends: Ints) -> pa.Array:
    """Lists of keys: those of row i are values[ends[i]:ends[i + 1]]; never null."""
    size = int(ends[-1])
    items = pa.array(values[:size].view(np.int64))
    return pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), items)
