"""Sketches on disk, from where the later stages read them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.sketches.schema import SKETCH_SCHEMA

# keys are hashes: a dictionary of them is no smaller, their extremes exclude nothing, and both cost much time
_FORM: dict[str, Any] = {
    "compression": "lz4",
    "use_dictionary": [
        f.name for f in SKETCH_SCHEMA if pa.types.is_string(f.type) and f.name != "exchange_id"
    ],
    "write_statistics": False,
}


def write_sketches(batches: Iterable[pa.RecordBatch], path: Path) -> None:
    """Write batches of SKETCH_SCHEMA to a Parquet file, a row group each; hold none of them back."""
    with pq.ParquetWriter(path, SKETCH_SCHEMA, **_FORM) as writer:
        for batch in batches:
            writer.write_batch(batch)
