"""Rows to Arrow: gather validated rows into batches of the exchange schema, bounded in rows and bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.exchanges.validate import Row

BATCH_BYTES = 64 << 20  # a batch ends here even if it has few rows


class RowGatherer:
    """Collects rows until a batch is full."""

    def __init__(self, batch_rows: int) -> None:
        self._batch_rows = batch_rows
        self._rows: list[Row] = []
        self._bytes = 0

    def add(self, row: Row, file: str, line: int, size: int) -> pa.RecordBatch | None:
        """Add one row, of about `size` bytes; return the batch if it is now full."""
        row["source_file"] = file
        row["source_line"] = line
        self._rows.append(row)
        self._bytes += size
        if len(self._rows) >= self._batch_rows or self._bytes >= BATCH_BYTES:
            return self.flush()
        return None

    def flush(self) -> pa.RecordBatch | None:
        """Return what was gathered, or None."""
        if not self._rows:
            return None
        batch = batch_of(self._rows)
        self._rows, self._bytes = [], 0
        return batch


def batch_of(rows: list[Row]) -> pa.RecordBatch:
    """Turn validated rows into one batch of EXCHANGE_SCHEMA; a column that no row has costs nothing."""
    present = set().union(*rows)
    columns = [
        pa.array([row.get(field.name) for row in rows], field.type)
        if field.name in present
        else pa.nulls(len(rows), field.type)
        for field in EXCHANGE_SCHEMA
    ]
    return pa.RecordBatch.from_arrays(columns, schema=EXCHANGE_SCHEMA)


def rebatched(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[pa.RecordBatch]:
    """Join small batches and cut large ones to `rows` rows each, or fewer where rows are big."""
    held: list[pa.RecordBatch] = []
    count = size = 0
    for batch in batches:
        start = 0
        while start < len(batch):
            part = batch.slice(start, rows - count)
            start += len(part)
            held.append(part)
            count += len(part)
            size += part.nbytes
            if count >= rows or size >= BATCH_BYTES:
                yield _joined(held)
                held, count, size = [], 0, 0
    if held:
        yield _joined(held)


def _joined(batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    return batches[0] if len(batches) == 1 else pa.concat_batches(batches)
