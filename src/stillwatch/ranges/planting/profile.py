"""The profile of an operator's log, taken while it is copied: what it carries, when, and rows to take after.

Counts are exact. What things look like (client programs, addresses, ids, which fields go together) is read from a
uniform sample of rows, without their text; of text it holds whether there was any, and how many bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_FIELDS
from stillwatch.ranges.hashing import mix

SAMPLE: Final = 20_000  # rows
BODIES: Final = (
    "system", "messages", "layers", "tools", "output", "reasoning", "reasoning_ref", "reasoning_issued", "tool_calls",
)  # fmt: skip
LIGHT: Final = tuple(name for name, _ in EXCHANGE_FIELDS if name not in BODIES)
MICROS_A_DAY: Final = 86_400_000_000
_KEY = "sampled_by"


@dataclass
class Profile:
    """What is known of a log. Times are microseconds since 1970, UTC."""

    rows: int
    first: int
    last: int
    ordered: bool  # times never fall
    present: dict[str, int]  # rows that carry each field
    failures: int  # requests that were refused or failed
    accounts: frozenset[str]
    sample: pa.Table  # LIGHT fields, `has_BODY` of each body, bytes `asked` and `said`

    @property
    def days(self) -> float:
        """The length of the log in days."""
        return (self.last - self.first) / MICROS_A_DAY

    @property
    def columns(self) -> frozenset[str]:
        """The fields that some row carries."""
        return frozenset(name for name, count in self.present.items() if count)


@dataclass
class Profiler:
    """Takes batches of exchanges; `finish` returns their profile."""

    size: int = SAMPLE
    rows: int = 0
    _first: int = np.iinfo(np.int64).max
    _last: int = np.iinfo(np.int64).min
    _ordered: bool = True
    _failures: int = 0
    _present: dict[str, int] = field(default_factory=dict)
    _accounts: set[str] = field(default_factory=set)
    _held: list[pa.Table] = field(default_factory=list)

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch of EXCHANGE_SCHEMA."""
        if not len(batch):
            return
        at = times_of(batch)
        self._ordered &= bool(at[0] >= self._last or self.rows == 0) and bool((np.diff(at) >= 0).all())
        self._first, self._last = min(self._first, int(at.min())), max(self._last, int(at.max()))
        for name, _ in EXCHANGE_FIELDS:
            self._present[name] = self._present.get(name, 0) + int(carried(batch.column(name)).sum())
        self._failures += int(failed(batch).sum())
        self._accounts.update(pc.unique(batch.column("account_id")).to_pylist())
        self._sample(batch)
        self.rows += len(batch)

    def _sample(self, batch: pa.RecordBatch) -> None:
        """Keep the rows whose numbers hash lowest: uniform, and the same for the same log."""
        lot = mix(np.uint64(0x5EED), np.arange(self.rows, self.rows + len(batch), dtype=np.uint64))
        self._held.append(_light(batch).append_column(_KEY, pa.array(lot)))
        if sum(map(len, self._held)) >= 2 * self.size + len(batch):
            self._cut()

    def _cut(self) -> None:
        whole = pa.concat_tables(self._held)
        if len(whole) > self.size:
            lot = whole[_KEY].to_numpy()
            kept = np.sort(np.argpartition(lot, self.size)[: self.size])
            whole = whole.take(pa.array(kept))
        self._held = [whole.combine_chunks()]

    def finish(self) -> Profile:
        """Return the profile. Raises ValueError where no exchange was given."""
        if not self.rows:
            raise ValueError("rows: expected at least one exchange, found none")
        self._cut()
        return Profile(
            rows=self.rows,
            first=self._first,
            last=self._last,
            ordered=self._ordered,
            present=dict(self._present),
            failures=self._failures,
            accounts=frozenset(self._accounts),
            sample=self._held[0].drop_columns([_KEY]),
        )


def times_of(batch: pa.RecordBatch | pa.Table) -> NDArray[np.int64]:
    """Return the times of n exchanges, i64[n] microseconds since 1970."""
    column = batch.column("time")
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    found: NDArray[np.int64] = whole.cast(pa.int64()).to_numpy(zero_copy_only=False)
    return found


def carried(column: pa.Array) -> NDArray[np.bool_]:
    """Return which rows carry a field; an empty list carries nothing."""
    there = pc.is_valid(column)
    if pa.types.is_list(column.type):
        there = pc.fill_null(pc.greater(pc.list_value_length(column), 0), False)
    found: NDArray[np.bool_] = there.to_numpy(zero_copy_only=False)
    return found


def failed(batch: pa.RecordBatch | pa.Table) -> NDArray[np.bool_]:
    """Return which requests were refused or failed, by status or error."""
    status = pc.fill_null(pc.greater_equal(batch.column("status"), 400), False)
    found: NDArray[np.bool_] = pc.or_(status, pc.is_valid(batch.column("error_type"))).to_numpy(
        zero_copy_only=False
    )
    return found


def text_bytes(batch: pa.RecordBatch) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the bytes of what was asked (messages and system) and answered, i64[n] each."""
    messages = batch.column("messages")
    parents = pc.list_parent_indices(messages).to_numpy(zero_copy_only=False)
    contents = pc.struct_field(pc.list_flatten(messages), "content")
    asked = np.bincount(parents, weights=_lengths(contents), minlength=len(batch)).astype(np.int64)
    return asked + _lengths(batch.column("system")), _lengths(batch.column("output"))


def _lengths(texts: pa.Array) -> NDArray[np.int64]:
    found: NDArray[np.int64] = (
        pc.fill_null(pc.binary_length(texts), 0).to_numpy(zero_copy_only=False).astype(np.int64)
    )
    return found


def _light(batch: pa.RecordBatch) -> pa.Table:
    asked, said = text_bytes(batch)
    columns = {name: batch.column(name) for name in LIGHT}
    columns |= {f"has_{name}": pa.array(carried(batch.column(name))) for name in BODIES}
    return pa.table(columns | {"asked": pa.array(asked), "said": pa.array(said)})
