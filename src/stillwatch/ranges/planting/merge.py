"""Merging: planted rows slipped in among the operator's, which pass as they are, in their order, all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.ranges.planting.profile import Profile, Profiler, times_of
from stillwatch.ranges.render.exchanges import LOG_SCHEMA, TRUTH_SCHEMA

OPERATORS: Final = "operator_log"  # the kind of the operator's own rows: presumed honest, no more
BATCH: Final = 8_192
_NONE: Final = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Merged:
    """How many rows were written."""

    operators: int
    planted: int


def copy_log(batches: Iterable[pa.RecordBatch], path: Path) -> Profile | None:
    """Copy a log into a Parquet file, row for row, and return its profile; None where it holds no exchange."""
    profiler = Profiler()
    with pq.ParquetWriter(path, LOG_SCHEMA, compression="zstd", compression_level=1) as writer:
        for batch in batches:
            profiler.add(batch)
            writer.write_batch(batch.select(LOG_SCHEMA.names))
    return profiler.finish() if profiler.rows else None


def read_back(path: Path, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield what `copy_log` wrote, in order."""
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(BATCH, columns=columns)


def known_among(path: Path, ids: pa.Array) -> set[str]:
    """Return those of `ids` that are exchange ids of a copied log already."""
    found: set[str] = set()
    for batch in read_back(path, ["exchange_id"]):
        column = batch.column(0)
        found.update(column.filter(pc.is_in(column, ids)).to_pylist())
    return found


def merge(
    log: Path, planted: pa.Table, labels: pa.Table, out: Mapping[str, Path],
    progress: Callable[[str, int, int | None], None] | None = None, total: int | None = None,
) -> Merged:  # fmt: skip
    """Write `out["exchanges"]` and `out["truth"]`: a copied log and planted rows (ascending) with their labels.

    A planted row comes before the operator's first row that is no older; where the log is not in order of time,
    before the first row by which the log has come as far. Bounded memory, but for the planted rows.
    """
    times, cursor, reached, operators = times_of(planted), 0, _NONE, 0
    with (
        pq.ParquetWriter(out["exchanges"], LOG_SCHEMA, compression="zstd", compression_level=1) as rows,
        pq.ParquetWriter(out["truth"], TRUTH_SCHEMA, compression="zstd") as truth,
    ):
        for batch in read_back(log):
            far = np.maximum.accumulate(np.maximum(times_of(batch), reached))
            end = cursor + int(np.searchsorted(times[cursor:], far[-1], side="right"))
            place = np.searchsorted(far, times[cursor:end], side="left")
            order = pa.array(_interleaved(len(batch), place))
            for writer, own, new in ((rows, pa.table(batch), planted), (truth, _presumed(batch), labels)):
                whole = (
                    own
                    if end == cursor
                    else pa.concat_tables([own, new.slice(cursor, end - cursor)]).take(order)
                )
                writer.write_table(whole, row_group_size=BATCH)
            cursor, reached, operators = end, int(far[-1]), operators + len(batch)
            if progress is not None:
                progress("merging", operators, total)
        rows.write_table(planted.slice(cursor))
        truth.write_table(labels.slice(cursor))
    return Merged(operators, len(planted))


def _interleaved(count: int, place: np.typing.NDArray[np.int64]) -> np.typing.NDArray[np.int64]:
    """Return the order of `count` rows and the rows after them, each of those before row `place[i]`."""
    keys = np.concatenate([2 * np.arange(count) + 1, 2 * place])
    return np.argsort(keys, kind="stable")


def _presumed(batch: pa.RecordBatch) -> pa.Table:
    """Return the truth of the operator's rows, so far as it can be told: that they were there."""
    count = len(batch)
    nothing = pa.nulls(count, pa.string())
    kind = pa.array([OPERATORS], pa.string()).take(pa.array(np.zeros(count, np.int64)))
    ids = [batch.column("exchange_id"), batch.column("account_id")]
    return pa.Table.from_arrays([*ids, nothing, kind, nothing], schema=TRUTH_SCHEMA)
