"""Canonical JSON Lines of Arrow batches: absent where null, times as RFC 3339 in UTC."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa


def write_jsonl(table: pa.Table, path: Path) -> None:
    """Write one row a line; a null field is left out."""
    with path.open("wb") as out:
        for batch in table.to_batches(max_chunksize=5_000):
            out.write(lines(batch))


def lines(batch: pa.RecordBatch) -> bytes:
    """Return the rows of a batch, one a line."""
    return b"".join(orjson.dumps(_row(row), option=orjson.OPT_APPEND_NEWLINE) for row in batch.to_pylist())


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value
