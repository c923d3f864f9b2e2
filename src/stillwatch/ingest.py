"""Ingest: any logs in, one canonical Parquet file out, each exchange once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.exchanges import DeadLetters, Limits, Progress, ReadError, ReadLog, read_exchanges
from stillwatch.exchanges.dead_letters import conflicting
from stillwatch.exchanges.schema import EXCHANGE_FIELDS
from stillwatch.sketches.deliveries import Deliveries

Inputs = str | Path | Sequence[str | Path]

CANONICAL_SCHEMA = pa.schema(EXCHANGE_FIELDS)


@dataclass(slots=True)
class Ingested:
    """What became of the inputs: what was read by file, and what was written."""

    out: Path
    log: ReadLog = field(default_factory=ReadLog)
    rows: int = 0  # exchanges written
    repeats: int = 0  # deliveries of an exchange already written, dropped
    conflicts: int = 0  # exchanges with the id of another and other content, dead letters


def ingest(
    inputs: Inputs,
    out: str | Path,
    *,
    dead_letters: DeadLetters,
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, Any] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    format: str | None = None,
    batch_rows: int = 16_384,
    progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
) -> Ingested:
    """Write the exchanges of the inputs to one Parquet file (Zstandard) of the canonical columns.

    Memory is bounded by a few batches and the filter of repeats. The file appears under its name when it is
    complete; an error leaves the old one. Options are those of `read_exchanges`. Raises ReadError.
    """
    done = Ingested(Path(out))
    _expect_apart(inputs, done.out)
    batches = read_exchanges(
        inputs,
        dead_letters=dead_letters,
        mapping=mapping,
        constants=constants,
        since=since,
        until=until,
        format=format,
        batch_rows=batch_rows,
        progress=progress,
        log=done.log,
        limits=limits,
    )
    with _written_whole(done.out) as writer:
        for batch in _once(batches, done, dead_letters):
            writer.write_batch(batch.select(CANONICAL_SCHEMA.names))
            done.rows += len(batch)
    return done


def _once(
    batches: Iterator[pa.RecordBatch], done: Ingested, dead_letters: DeadLetters
) -> Iterator[pa.RecordBatch]:
    with Deliveries() as deliveries:
        for batch in batches:
            admitted = deliveries.admit(batch)
            done.repeats += admitted.repeats
            done.conflicts += len(admitted.conflicts)
            for row in admitted.conflicts.to_pylist():
                dead_letters.add(conflicting(row))
            if len(admitted.batch):
                yield admitted.batch


def _expect_apart(inputs: Inputs, out: Path) -> None:
    given = [inputs] if isinstance(inputs, str | Path) else inputs
    for path in map(Path, given):
        if (
            out.exists()
            and (path.is_dir() or path.is_file())
            and out.resolve().is_relative_to(path.resolve())
        ):
            raise ReadError(
                f"{out}: the output lies among the inputs ({path}); write it elsewhere or remove it"
            )


@contextmanager
def _written_whole(out: Path) -> Iterator[pq.ParquetWriter]:
    """Open a writer on a temporary name beside `out`, renamed when the block ends without an exception."""
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(out.name + ".partial")
    try:
        with pq.ParquetWriter(partial, CANONICAL_SCHEMA, compression="zstd") as writer:
            yield writer
        partial.replace(out)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
