"""The embedded engine: DuckDB in process, tables on disk, spilling within a memory limit.

Relational steps are Ibis expressions, so that the same step can run on another engine; this file is the
one place that knows which engine it is. Hashing never happens here: engines hash differently.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.engines.memory import give_back, resident

Made = TypeVar("Made")

LEAST = 128 << 20  # bytes the engine needs to get anywhere, spilling
PER_THREAD = 128 << 20  # bytes a thread of it should have, or it spills without end
UNKNOWN_SHARE = 0.4  # of a process' limit, where the system does not tell what else the process holds
SHARE = 0.72  # of what is left; the engine's allocator holds a third more than the engine counts
CROWDED = 0.5  # of a limit: below it there is room enough, and giving back would only cost time
LARGE = 8 << 20  # bytes of a result, after which what is left is measured again
FINER = 4  # threads; the engine cuts its hash tables into more partitions for more threads


class MemoryLimitError(MemoryError):
    """The working database cannot do its work in what the limit leaves it, even spilling."""


class Session:
    """A working database of one run: made on entry, removed on exit, nothing shared with other runs.

    `memory_limit` bounds what the engine holds in memory, in bytes; beyond it, sorts, joins and
    aggregations spill to `temp_dir`. None leaves DuckDB's default.
    """

    def __init__(
        self, *, memory_limit: int | None = None, threads: int | None = None, temp_dir: Path | None = None
    ) -> None:
        if temp_dir is not None:
            temp_dir.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="stillwatch-", dir=temp_dir))
        try:
            self._open(memory_limit, threads)
        except BaseException:  # an interrupt too: nobody else knows of the folder yet
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def _open(self, memory_limit: int | None, threads: int | None) -> None:
        self._duck = duckdb.connect(str(self.folder / "run.duckdb"))
        spill = str(self.folder / "spill").replace("'", "''")
        self._duck.execute(f"SET temp_directory = '{spill}'")
        self._duck.execute("SET preserve_insertion_order = false")
        self._duck.execute("SET TimeZone = 'UTC'")
        self._limit: int | None = None
        self.room = memory_limit  # bytes that the engine may hold; None where it decides itself
        if memory_limit is not None:
            self._duck.execute(f"SET memory_limit = '{memory_limit // (1 << 20)}MiB'")
        if threads is not None:
            self._duck.execute(f"SET threads = {threads}")
        self._duck.execute("SET allocator_background_threads = true")  # freed memory goes back by itself
        self._threads = threads or os.cpu_count() or 1
        self._con = ibis.duckdb.from_connection(self._duck)

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._duck.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def fit(self, limit: int) -> None:
        """Let the engine hold, from now on, what a process of `limit` bytes has left beside all else.

        To be called before each stage: what the process holds beside the engine is measured, not guessed, and
        measured again whenever much was fetched.
        """
        self._limit = limit
        held = resident()
        if held is not None and held > limit * CROWDED:
            self._allow(LEAST)  # lets go of what it keeps at hand, so that it is not taken for others'
            give_back()
            held = resident() or held
        left = limit * UNKNOWN_SHARE if held is None else (limit - held + self.held()) * SHARE
        share = self.room = max(LEAST, int(left))
        self._duck.execute(f"SET threads = {max(1, min(self._threads, share // PER_THREAD))}")
        # freed memory beyond this much goes back to the system
        self._duck.execute(f"SET allocator_flush_threshold = '{share // 16 >> 20}MiB'")
        self._allow(share)

    def _allow(self, limit: int) -> None:
        with suppress(duckdb.OutOfMemoryException):  # it holds more than that right now: the old limit stays
            self._duck.execute(f"SET memory_limit = '{limit >> 20}MiB'")

    def held(self) -> int:
        """Return the bytes the engine holds in memory, as it counts them."""
        query = "SELECT sum(memory_usage_bytes)::BIGINT FROM duckdb_memory()"
        ((size,),) = self._duck.execute(query).fetchall()
        return int(size)

    def parquet(self, name: str, files: str | list[str]) -> ir.Table:
        """Give Parquet files a name as one table, read where they lie."""
        return self._con.read_parquet(files, table_name=name)

    def save(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute a table once and keep it on disk under a name."""
        self._run(f'CREATE OR REPLACE TABLE "{name}" AS {self._con.compile(expression)}')
        return self._con.table(name)

    def add(self, name: str, expression: ir.Table) -> None:
        """Append the rows of an expression to a table that was saved before."""
        self._run(f'INSERT INTO "{name}" BY NAME {self._con.compile(expression)}')

    def _run(self, statement: str) -> None:
        """Run a statement; where memory does not suffice, once more in smaller partitions."""
        self._patiently(lambda: self._duck.execute(statement))

    def _patiently(self, work: Callable[[], Made]) -> Made:
        try:
            return work()
        except duckdb.OutOfMemoryException:
            self._duck.execute(f"SET threads = {max(FINER, self._threads)}")
        try:
            return work()
        except duckdb.OutOfMemoryException as error:
            reason = str(error).split("\n")[0]
            raise MemoryLimitError(
                f"the memory limit leaves the working database too little ({reason})\n"
                "  fix: give more with --memory-limit or run.memory_limit"
            ) from error

    def load(self, name: str, table: pa.Table) -> ir.Table:
        """Bring an Arrow table in under a name."""
        self._duck.register("incoming", table)
        self._duck.execute(f'CREATE OR REPLACE TABLE "{name}" AS SELECT * FROM incoming')
        self._duck.unregister("incoming")
        return self._con.table(name)

    def table(self, name: str) -> ir.Table:
        """Return a table saved or loaded before."""
        return self._con.table(name)

    def drop(self, *names: str) -> None:
        """Free what is no longer needed."""
        for name in names:
            self._duck.execute(f'DROP TABLE IF EXISTS "{name}"')

    def fetch(self, expression: ir.Expr) -> pa.Table:
        """Run an expression and return all of it."""
        query = self._con.compile(expression)
        table: pa.Table = self._patiently(lambda: self._duck.sql(query).to_arrow_table())
        # the engine sums 64-bit integers in 128 bits, which Arrow knows as decimals only
        wide = [(i, f) for i, f in enumerate(table.schema) if pa.types.is_decimal(f.type)]
        for i, field in wide:
            table = table.set_column(i, field.name, _narrow(table.column(i)))
        if self._limit is not None and table.nbytes > LARGE:
            self.fit(self._limit)
        return table

    def batches(self, expression: ir.Table, rows: int = 1 << 18) -> Any:
        """Run an expression and stream its record batches."""
        return self._duck.cursor().sql(self._con.compile(expression)).to_arrow_reader(rows)


def _narrow(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return 128-bit integers in 64 bits; a sum of absurd counts stops at the greatest or the least there is."""
    most, least = (pa.scalar(bound, pa.decimal128(38, 0)) for bound in ((1 << 63) - 1, -(1 << 63)))
    kept = pc.max_element_wise(pc.min_element_wise(column, most, skip_nulls=False), least, skip_nulls=False)
    return kept.cast(pa.int64())
