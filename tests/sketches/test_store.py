"""Sketches on disk are the sketches."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.sketches.schema import SKETCH_SCHEMA
from stillwatch.sketches.store import write_sketches


def _batch(names: list[str]) -> pa.RecordBatch:
    made = {
        "exchange_id": pa.array(names),
        "exchange_key": pa.array([hash(name) >> 8 for name in names], pa.int64()),
        "output_marks": pa.array([[1, -2], []] * (len(names) // 2), pa.list_(pa.int64())),
    }
    arrays = [made.get(field.name, pa.nulls(len(names), field.type)) for field in SKETCH_SCHEMA]
    return pa.RecordBatch.from_arrays(
        [a.cast(f.type) for a, f in zip(arrays, SKETCH_SCHEMA, strict=True)], schema=SKETCH_SCHEMA
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    batches = [_batch(["a", "b"]), _batch(["c", "ß"])]
    write_sketches(iter(batches), tmp_path / "sketches.parquet")
    assert pq.read_table(tmp_path / "sketches.parquet").equals(pa.Table.from_batches(batches))


def test_no_sketches_are_a_table_all_the_same(tmp_path: Path) -> None:
    write_sketches([], tmp_path / "sketches.parquet")
    found = pq.read_table(tmp_path / "sketches.parquet")
    assert (len(found), found.schema.names) == (0, SKETCH_SCHEMA.names)
