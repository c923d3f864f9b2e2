"""The working database: tables found and read whatever their form."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from stillwatch.ranges.scoring.database import Database, ScoreInputError, find, need, text

ROWS = [{"a": "1", "b": None}, {"a": "2", "b": "x"}]
LINES = "".join(json.dumps({k: v for k, v in row.items() if v is not None}) + "\n" for row in ROWS)


def write(folder: Path, form: str) -> None:
    if form == "parquet":
        pq.write_table(pa.Table.from_pylist(ROWS), folder / "t.parquet")
    elif form == "folder":
        (folder / "t").mkdir()
        pq.write_table(
            pa.Table.from_pylist(ROWS[:1], pa.schema([("a", "string"), ("b", "string")])),
            folder / "t/0.parquet",
        )
        pq.write_table(pa.Table.from_pylist(ROWS[1:]), folder / "t/1.parquet")
    elif form == "csv":
        (folder / "t.csv").write_text("a,b\n1,\n2,x\n")
    elif form == "jsonl":
        (folder / "t.jsonl").write_text(LINES)
    elif form == "gz":
        (folder / "t.jsonl.gz").write_bytes(gzip.compress(LINES.encode()))
    else:
        (folder / "t.jsonl.zst").write_bytes(zstandard.compress(LINES.encode()))


@pytest.mark.parametrize("form", ["parquet", "folder", "csv", "jsonl", "gz", "zst"])
def test_a_table_reads_alike_in_every_form(form: str, tmp_path: Path) -> None:
    write(tmp_path, form)
    with Database() as database:
        there = database.view("t", need(tmp_path, "t"), {"a": "VARCHAR", "b": "VARCHAR", "c": "DOUBLE"})
        assert database.rows("SELECT * FROM t ORDER BY a") == [
            {"a": "1", "b": None, "c": None},
            {"a": "2", "b": "x", "c": None},
        ]
    assert there == {"a", "b"}


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    assert find(tmp_path, "t") == []
    with pytest.raises(ScoreInputError, match=r"no t\.parquet"):
        need(tmp_path, "t")
    write(tmp_path, "csv")
    with Database() as database, pytest.raises(ScoreInputError, match="no column id; it has a, b"):
        database.view("t", find(tmp_path, "t"), {"id": "VARCHAR"}, required=("id",))


def test_tables_come_in_and_go_out(tmp_path: Path) -> None:
    with Database() as database:
        database.load("t", pa.table({"a": [1, 2, 3]}))
        assert database.value("SELECT sum(a) FROM t") == 6
        assert database.arrow("SELECT a FROM t ORDER BY a")["a"].to_pylist() == [1, 2, 3]
        assert sum(batch.num_rows for batch in database.batches("SELECT * FROM t", 2)) == 3


def test_quotes_are_quoted() -> None:
    assert text("it's") == "'it''s'"
