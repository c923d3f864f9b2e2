"""Canonical JSON Lines of an Arrow table: absent where null, times as RFC 3339 in UTC."""

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
            out.writelines(orjson.dumps(_row(row)) + b"\n" for row in batch.to_pylist())


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in row.items() if value is not None}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return value
