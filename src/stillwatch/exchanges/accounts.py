"""Read the accounts table that stands beside the exchanges: one row an account, its latest state.

JSON Lines, a JSON array, CSV with a header, or Parquet; `.gz` and `.zst` too, but for Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.exchanges.convert import BadValueError, Converter, to_bool, to_label, to_text, to_time
from stillwatch.exchanges.csv_table import csv_rows, header_of
from stillwatch.exchanges.dead_letters import DeadLetters
from stillwatch.exchanges.encodings import RAW_KEPT
from stillwatch.exchanges.errors import DamagedSourceError, ReadError
from stillwatch.exchanges.json_values import encode
from stillwatch.exchanges.reader import Document, Rejection
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA, INSTANT
from stillwatch.exchanges.sources import FileSource

Account = dict[str, Any]
_Found = tuple[int, Account, bytes] | Rejection  # line, values as found, raw


def read_accounts(path: str | Path, dead_letters: DeadLetters) -> pa.Table:
    """Return the accounts of a file as a table of ACCOUNT_SCHEMA, sorted by `account_id`, each account once.

    Of several rows of one account the one with the latest `status_at` holds; where that does not decide,
    the last one, and the earlier is a dead letter if it says something else. Rows that cannot be accounts
    are dead letters. Raises ReadError if the file cannot be opened or has no `account_id` at all.
    """
    source = FileSource(Path(path))
    accounts: dict[str, tuple[int, Account, bytes]] = {}
    try:
        source.magic()
        for found in _rows(source):
            row = found if isinstance(found, Rejection) else _typed(source.name, found)
            if isinstance(row, Rejection):
                dead_letters.add(row)
                continue
            beaten = _admit(source.name, accounts, row)
            if beaten is not None:
                dead_letters.add(beaten)
    except DamagedSourceError as error:
        raise ReadError(f"{path}: {error}") from None
    ordered = [accounts[key][1] for key in sorted(accounts)]
    return pa.Table.from_pylist(ordered, schema=ACCOUNT_SCHEMA)


def _rows(source: FileSource) -> Iterator[_Found]:
    head = source.head()
    if head.data.startswith(b"PAR1"):
        return _parquet_rows(source)
    if head.documents:
        _expect_account_id(source.name, [str(k) for d in head.documents if isinstance(d, dict) for k in d])
        return _json_rows(source)
    if not head.data.strip():
        return iter(())
    _expect_account_id(source.name, header_of(head.data))
    return csv_rows(source, source.limits)


def _expect_account_id(file: str, names: list[str]) -> None:
    if "account_id" not in names:
        found = ", ".join(dict.fromkeys(names[:12])) or "nothing that can be read"
        raise ReadError(
            f"{file}: no accounts table: expected a column account_id, found {found}; rename the column"
        )


def _json_rows(source: FileSource) -> Iterator[_Found]:
    for item in source.documents():
        if isinstance(item, Document):
            if isinstance(item.value, dict):
                yield item.line, item.value, item.raw
            else:
                yield Rejection(source.name, item.line, None, "expected a JSON object, one account", item.raw)
        else:
            yield item


def _parquet_rows(source: FileSource) -> Iterator[_Found]:
    line = 1
    try:
        with pq.ParquetFile(source.path) as file:
            _expect_account_id(source.name, file.schema_arrow.names)
            columns = [name for name in ACCOUNT_SCHEMA.names if name in file.schema_arrow.names]
            for batch in file.iter_batches(8192, columns=columns):
                for row in _in_microseconds(batch).to_pylist():
                    yield line, row, encode(row)
                    line += 1
    except (pa.ArrowException, OSError, ValueError, KeyError, OverflowError, MemoryError) as error:
        yield Rejection(source.name, line, None, f"the Parquet file is damaged: {error}; fetch it again", b"")


def _in_microseconds(batch: pa.RecordBatch) -> pa.RecordBatch:
    columns = [
        c.cast(pa.timestamp("us", c.type.tz), safe=False) if pa.types.is_timestamp(c.type) else c
        for c in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _typed(file: str, found: tuple[int, Account, bytes]) -> tuple[int, Account, bytes] | Rejection:
    line, values, raw = found
    row: Account = {}
    for field in ACCOUNT_SCHEMA:
        try:
            value = _converter(field)(values.get(field.name))
        except BadValueError as error:
            return Rejection(file, line, field.name, str(error), raw[:RAW_KEPT])
        if value is not None:
            row[field.name] = value
    if "account_id" not in row:
        return Rejection(file, line, "account_id", "is missing; every account needs its id", raw[:RAW_KEPT])
    return line, row, raw


def _converter(field: pa.Field) -> Converter:
    if field.type == INSTANT:
        return to_time
    if pa.types.is_boolean(field.type):
        return to_bool
    return to_text if field.name == "declared_use" else to_label


def _admit(
    file: str, accounts: dict[str, tuple[int, Account, bytes]], new: tuple[int, Account, bytes]
) -> Rejection | None:
    """Keep the row that holds; return the dead letter of the one that is beaten without a date to say why."""
    key = new[1]["account_id"]
    old = accounts.get(key)
    if old is None:
        accounts[key] = new
        return None
    then, now = old[1].get("status_at"), new[1].get("status_at")
    if then is not None and (now is None or now < then):
        kept, beaten = old, new
    else:
        kept, beaten = new, old
    accounts[key] = kept
    if then != now or old[1] == new[1]:
        return None
    reason = (
        f"another row of this account (line {kept[0]}) says otherwise and status_at does not decide; "
        "give status_at, or one row an account"
    )
    return Rejection(file, beaten[0], "account_id", reason, beaten[2][:RAW_KEPT])
