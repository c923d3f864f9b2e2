"""`stillwatch ingest` converts what it can, and says what it could not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from tests.cli.makers import exchange, log

Run = Callable[..., Any]


def test_a_log_becomes_canonical_parquet(stillwatch: Run, tmp_path: Path) -> None:
    source = log(tmp_path / "a.jsonl", [exchange(n) for n in range(3)])
    ran = stillwatch("ingest", source, "--out", tmp_path / "a.parquet")
    assert ran.code == 0
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 3
    assert not (tmp_path / "a.rejected.jsonl").exists()


def test_bad_rows_lie_beside_and_too_many_have_a_code(stillwatch: Run, tmp_path: Path) -> None:
    source = log(tmp_path / "a.jsonl", [exchange(1), exchange(2, time="yesterday")])
    ran = stillwatch("ingest", source, "--out", tmp_path / "a.parquet")
    assert ran.code == 4
    assert pq.read_table(tmp_path / "a.parquet").num_rows == 1
    letter = json.loads((tmp_path / "a.rejected.jsonl").read_text())
    assert (letter["line"], letter["field"]) == (2, "time")
    assert "a.rejected.jsonl" in ran.err


def test_what_is_not_recognised_is_not_called_empty_and_the_option_is_named(
    stillwatch: Run, tmp_path: Path
) -> None:
    (tmp_path / "logs").mkdir()
    log(tmp_path / "logs" / "a.jsonl", [exchange(1)])
    (tmp_path / "logs" / "b.jsonl").write_text('{"uid": 1}\n')
    (tmp_path / "logs" / "c.jsonl").write_text("")
    ran = stillwatch("ingest", tmp_path / "logs", "--out", tmp_path / "a.parquet")
    assert "b.jsonl: not recognised" in ran.out
    assert "c.jsonl: empty" in ran.out
    assert "--reader" in (tmp_path / "a.rejected.jsonl").read_text()


def test_repeats_are_dropped_and_counted(stillwatch: Run, tmp_path: Path) -> None:
    source = log(tmp_path / "a.jsonl", [exchange(1), exchange(1), exchange(2)])
    ran = stillwatch("ingest", source, "--out", tmp_path / "a.parquet")
    assert "2 exchanges, 1 repeats dropped" in ran.out


def test_fields_are_mapped_set_and_cut_by_time(stillwatch: Run, tmp_path: Path) -> None:
    rows = [{"id": f"x{n}", "at": f"2026-06-0{n}T00:00:00Z"} for n in (1, 2, 3)]
    source = log(tmp_path / "a.jsonl", rows)
    words = "--map exchange_id=id --map time=at --set account_id=a --since 2026-06-02 --until 2026-06-03"
    ran = stillwatch("ingest", source, "--out", tmp_path / "a.parquet", *words.split())
    assert ran.code == 0
    (row,) = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert (row["exchange_id"], row["account_id"]) == ("x2", "a")


def test_as_json_it_is_for_programs(stillwatch: Run, tmp_path: Path) -> None:
    source = log(tmp_path / "a.jsonl", [exchange(1)])
    told = json.loads(stillwatch("ingest", source, "-o", tmp_path / "a.parquet", "--format", "json").out)
    assert told["rows"] == 1
    assert told["files"][str(source)]["format"] == "canonical-jsonl"


def test_quiet_says_nothing(stillwatch: Run, tmp_path: Path) -> None:
    source = log(tmp_path / "a.jsonl", [exchange(1)])
    ran = stillwatch("ingest", source, "-o", tmp_path / "a.parquet", "-q")
    assert (ran.out, ran.err) == ("", "")


def test_an_error_leaves_no_half_written_file(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("ingest", tmp_path / "none.jsonl", "-o", tmp_path / "a.parquet")
    assert ran.code == 1
    assert list(tmp_path.iterdir()) == []
