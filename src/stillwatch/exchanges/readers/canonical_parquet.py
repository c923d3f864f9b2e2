"""Canonical Parquet: one exchange a row, columns named as in the schema.

Columns are cast and checked as whole columns; a batch with an irregular row is cut into pieces, and
the piece with that row is read by the strict path. Columns that are absent are null, unknown ones unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.exchanges.arrow_checks import instants, instants_of_seconds, regular, with_source
from stillwatch.exchanges.columns import batch_of
from stillwatch.exchanges.encodings import RAW_KEPT
from stillwatch.exchanges.json_values import encode
from stillwatch.exchanges.overrides import Overrides
from stillwatch.exchanges.overrides import Path as FieldPath
from stillwatch.exchanges.reader import Head, Parsed, Rejection, Source
from stillwatch.exchanges.schema import EXCHANGE_FIELDS, INSTANT, REQUIRED
from stillwatch.exchanges.validate import InvalidRecordError, Row, validate

MAGIC = b"PAR1"
BATCH_ROWS = 4096
PIECE_ROWS = 128
# What pyarrow raises on bytes that are not what the footer says, or a footer that is none.
_DAMAGE = (pa.ArrowException, OSError, ValueError, KeyError, OverflowError, MemoryError)


class CanonicalParquet:
    """Reader of the canonical record as Parquet."""

    name = "canonical-parquet"

    def recognises(self, head: Head) -> bool:
        """The file begins as Parquet does; whether its columns are of an exchange is seen on reading."""
        return head.data.startswith(MAGIC)

    def read(self, sources: Sequence[Source]) -> Iterator[Parsed | Rejection]:
        """Yield every row as a record, by the strict path."""
        for source in sources:
            for item in _batches(source, None):
                if isinstance(item, Rejection):
                    yield item
                    continue
                first, batch = item
                for line, record in enumerate(batch.to_pylist(), first):
                    yield Parsed(source.name, line, record, encode(record)[:RAW_KEPT])

    def read_batches(
        self, source: Source, overrides: Overrides | None = None
    ) -> Iterator[pa.RecordBatch | Rejection]:
        """Yield the exchanges of one source as batches of EXCHANGE_SCHEMA, in order, fast."""
        for item in _batches(source, overrides):
            if isinstance(item, Rejection):
                yield item
            else:
                yield from _checked(source.name, *item)


def _batches(source: Source, overrides: Overrides | None) -> Iterator[tuple[int, pa.RecordBatch] | Rejection]:
    """Yield (number of the first row, columns as stored), or why the file cannot be read."""
    line = 1
    path: Path = getattr(source, "path")  # noqa: B009 - Parquet needs a file, not a stream
    overrides = overrides or Overrides()
    try:
        with pq.ParquetFile(path, pre_buffer=False) as file:
            names = set(file.schema_arrow.names)
            absent = [
                f for f in REQUIRED if f not in names | overrides.paths.keys() | overrides.constants.keys()
            ]
            if absent:
                yield _not_canonical(source.name, absent, sorted(names))
                return
            wanted = {f for f, _ in EXCHANGE_FIELDS} | {str(p[0]) for p in overrides.paths.values()}
            columns = [name for name in file.schema_arrow.names if name in wanted]
            for batch in file.iter_batches(BATCH_ROWS, columns=columns, use_threads=False):
                yield line, _overridden(batch, overrides)
                line += len(batch)
    except _DAMAGE as error:
        reason = (
            f"the Parquet file is damaged ({str(error)[:200]}); rows from here on are lost, fetch it again"
        )
        yield Rejection(source.name, line, None, reason, b"")


def _not_canonical(file: str, absent: list[str], names: list[str]) -> Rejection:
    found = ", ".join(names[:20]) + (", …" if len(names) > 20 else "")
    fix = f"name the right one with --map {absent[0]}=COLUMN"
    reason = f"the Parquet file has no such column; it has {found}; {fix}"
    return Rejection(file, 0, absent[0], reason, b"")


def _overridden(batch: pa.RecordBatch, overrides: Overrides) -> pa.RecordBatch:
    if not overrides:
        return batch
    columns = dict(zip(batch.schema.names, batch.columns, strict=True))
    kinds = dict(EXCHANGE_FIELDS)
    for name, path in overrides.paths.items():
        columns[name] = _column_at(columns | dict(zip(batch.schema.names, batch.columns, strict=True)), path)
    for name, value in overrides.constants.items():
        columns[name] = pa.array([value] * len(batch), kinds[name])
    return pa.RecordBatch.from_pydict({n: c for n, c in columns.items() if n in kinds and c is not None})


def _column_at(columns: dict[str, Any], path: FieldPath) -> pa.Array | None:
    column = columns.get(str(path[0]))
    for step in path[1:]:
        if column is None:
            return None
        if isinstance(step, str):
            inside = pa.types.is_struct(column.type) and column.type.get_field_index(step) >= 0
            column = pc.struct_field(column, step) if inside else None
        else:
            column = _elements(column, step)
    return column


def _elements(column: pa.Array, index: int) -> pa.Array | None:
    """The element of each list at an index, null where the list is too short."""
    if not (pa.types.is_list(column.type) or pa.types.is_large_list(column.type)):
        return None
    return pa.array(
        [v[index] if v is not None and -len(v) <= index < len(v) else None for v in column.to_pylist()],
        column.type.value_type,
    )


def _checked(file: str, line: int, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch | Rejection]:
    fast = _fast(file, line, batch)
    if fast is not None:
        yield fast
        return
    for start in range(0, len(batch), PIECE_ROWS):
        piece = batch.slice(start, PIECE_ROWS)
        fast = _fast(file, line + start, piece) if len(batch) > PIECE_ROWS else None
        if fast is not None:
            yield fast
        else:
            yield from _strict(file, line + start, piece)


def _fast(file: str, line: int, batch: pa.RecordBatch) -> pa.RecordBatch | None:
    kinds = dict(EXCHANGE_FIELDS)
    columns = {}
    try:
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            typed = _typed(kinds[name], column)
            if typed is None:
                return None
            columns[name] = typed
    except pa.ArrowException:
        return None
    checked = regular(columns, len(batch))
    if checked is None:
        return None
    return with_source(checked, file, pa.array(np.arange(line, line + len(batch), dtype=np.int64)))


def _typed(kind: pa.DataType, column: pa.Array) -> pa.Array | None:
    """Cast a stored column to its type in the schema; None where only the strict path knows how."""
    stored = column.type
    if stored == kind:
        column.validate(full=True)  # a writer may have stored text that is not UTF-8
        return column
    if pa.types.is_null(stored):
        return pa.nulls(len(column), kind)
    if kind == INSTANT:
        return _time(column)
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        return column.cast(kind) if _same_names(stored, kind) else None
    if pa.types.is_string(kind) and pa.types.is_floating(stored):
        return None
    if pa.types.is_dictionary(stored):
        column = column.dictionary_decode()
    simple = pa.types.is_boolean(column.type) == pa.types.is_boolean(kind)
    return column.cast(kind) if simple and not pa.types.is_temporal(column.type) else None


def _same_names(stored: pa.DataType, kind: pa.DataType) -> bool:
    is_list = pa.types.is_list(stored) or pa.types.is_large_list(stored)
    return (
        is_list
        and pa.types.is_struct(stored.value_type)
        and [f.name for f in stored.value_type] == [f.name for f in kind.value_type]
    )


def _time(column: pa.Array) -> pa.Array | None:
    stored = column.type
    if pa.types.is_timestamp(stored):
        return column.cast(INSTANT, safe=False) if stored.tz is not None else None
    if pa.types.is_string(stored) or pa.types.is_large_string(stored):
        return instants(column.cast(pa.string()))
    if pa.types.is_floating(stored) or pa.types.is_integer(stored):
        return instants_of_seconds(column.cast(pa.float64()))
    return None


def _strict(file: str, line: int, batch: pa.RecordBatch) -> Iterator[pa.RecordBatch | Rejection]:
    rows: list[Row] = []
    for number, record in enumerate(_python_rows(batch), line):
        try:
            if isinstance(record, InvalidRecordError):
                raise record
            row = validate(record)
        except InvalidRecordError as error:
            raw = encode(record)[:RAW_KEPT] if isinstance(record, dict) else b""
            yield Rejection(file, number, error.field, error.reason, raw)
            continue
        rows.append({**row, "source_file": file, "source_line": number})
    if rows:
        yield batch_of(rows)


def _python_rows(batch: pa.RecordBatch) -> list[dict[str, Any] | InvalidRecordError]:
    columns = [
        c.cast(pa.timestamp("us", c.type.tz), safe=False) if pa.types.is_timestamp(c.type) else c
        for c in batch.columns
    ]
    plain = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    try:
        return list(plain.to_pylist())
    except (ValueError, OverflowError):  # some value is none that Python can hold: find out whose
        return [_python_row(plain, number) for number in range(len(plain))]


def _python_row(batch: pa.RecordBatch, number: int) -> dict[str, Any] | InvalidRecordError:
    record = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            record[name] = column[number].as_py()
        except UnicodeDecodeError:
            return InvalidRecordError(name, "expected UTF-8 text; write the column again")
        except (ValueError, OverflowError) as error:
            return InvalidRecordError(name, f"cannot be read: {error}")
    return record


READER = CanonicalParquet()
