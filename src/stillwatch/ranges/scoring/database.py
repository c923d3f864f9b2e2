"""The working database of a scoring run: DuckDB over the files where they lie, within a memory limit.

A range of ten million exchanges has a truth of as many rows, so the joins happen here, spilling to disk, and
only what is small comes out. Tables are found by name in a folder: `NAME.parquet`, `NAME/*.parquet`,
`NAME-*.parquet`, `NAME.jsonl` (also `.gz`, `.zst`), `NAME.csv`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa

MEMORY_MB = 2000


class ScoreInputError(ValueError):
    """A results or a truth folder lacks what a score needs; the message says what, and what to do."""


class Database:
    """Named tables over files and over one another; made on entry, removed on exit."""

    def __init__(self, memory_mb: int = MEMORY_MB) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="stillwatch-score-"))
        self._duck = duckdb.connect(str(self._folder / "score.duckdb"))
        self.run(f"SET temp_directory = {text(str(self._folder / 'spill'))}")
        self.run(f"SET memory_limit = '{memory_mb}MiB'")
        self.run("SET preserve_insertion_order = false")
        self.run("SET TimeZone = 'UTC'")

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._duck.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def run(self, statement: str) -> None:
        """Run a statement for its effect."""
        self._duck.execute(statement)

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Return a query's rows; for small results."""
        cursor = self._duck.execute(query)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def value(self, query: str) -> Any:
        """Return the one value a query gives."""
        (row,) = self._duck.execute(query).fetchall()
        return row[0]

    def arrow(self, query: str) -> pa.Table:
        """Return a query's result as an Arrow table."""
        return self._duck.sql(query).to_arrow_table()

    def batches(self, query: str, rows: int = 1 << 14) -> Iterator[pa.RecordBatch]:
        """Run a query and stream its record batches of at most `rows` rows."""
        yield from self._duck.cursor().sql(query).to_arrow_reader(rows)

    def load(self, name: str, table: pa.Table) -> None:
        """Bring an Arrow table in under a name."""
        self._duck.register("incoming", table)
        self.run(f"CREATE OR REPLACE TABLE {name} AS SELECT * FROM incoming")
        self._duck.unregister("incoming")

    def columns(self, files: Sequence[Path]) -> list[str]:
        """Return the column names of a table's files."""
        return [row["column_name"] for row in self.rows(f"DESCRIBE SELECT * FROM {_source(files, None)}")]

    def view(
        self, name: str, files: Sequence[Path], columns: Mapping[str, str], *, required: Sequence[str] = ()
    ) -> frozenset[str]:
        """Give the files of one table a name, with exactly `columns` (name -> SQL type), absent ones null.

        An empty string counts as null, as CSV knows no other. Returns the names of `columns` that the files
        do hold. Raises ScoreInputError where a `required` column is absent.
        """
        held = self.columns(files)
        missing = [column for column in required if column not in held]
        if missing:
            raise ScoreInputError(
                f"{files[0]}: no column {', '.join(missing)}; it has {', '.join(held[:12])}; rename the columns"
            )
        chosen = [_column(c, kind, c in held) for c, kind in columns.items()]
        self.run(
            f"CREATE OR REPLACE VIEW {name} AS SELECT {', '.join(chosen)} FROM {_source(files, columns)}"
        )
        return frozenset(columns) & frozenset(held)


def find(folder: Path, name: str) -> list[Path]:
    """Return the files of a table in a folder, none where there is no such table."""
    for pattern in (f"{name}.parquet", f"{name}/*.parquet", f"{name}-*.parquet"):
        found = sorted(folder.glob(pattern))
        if found:
            return found
    endings = (".jsonl", ".jsonl.zst", ".jsonl.gz", ".csv")
    return [folder / (name + ending) for ending in endings if (folder / (name + ending)).is_file()][:1]


def need(folder: Path, name: str) -> list[Path]:
    """Return the files of a table; raises ScoreInputError where the folder has none."""
    found = find(folder, name)
    if not found:
        raise ScoreInputError(
            f"{folder}: no {name}.parquet, {name}.jsonl or {name}.csv in it; give the folder that holds them"
        )
    return found


def text(value: str) -> str:
    """Return a string as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def _column(name: str, kind: str, held: bool) -> str:
    if not held:
        return f'CAST(NULL AS {kind}) AS "{name}"'
    if kind == "VARCHAR":
        return f'nullif(CAST("{name}" AS VARCHAR), \'\') AS "{name}"'
    return f'CAST("{name}" AS {kind}) AS "{name}"'


def _source(files: Sequence[Path], columns: Mapping[str, str] | None) -> str:
    listed = "[" + ", ".join(text(str(path)) for path in files) + "]"
    if files[0].name.endswith(".parquet"):
        return f"read_parquet({listed})"
    if files[0].name.endswith(".csv"):
        return f"read_csv({listed}, header = true, all_varchar = true)"
    if columns is None:
        return f"read_json({listed}, format = 'newline_delimited')"
    # types are told, so that a column that is null in the first rows is not guessed from them
    typed = ", ".join(f'"{name}": {text(kind)}' for name, kind in columns.items())
    return f"read_json({listed}, format = 'newline_delimited', columns = {{{typed}}})"
