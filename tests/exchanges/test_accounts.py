"""The accounts table: one row an account, its latest state, in any of four layouts."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.exchanges import DeadLetters, ReadError, read_accounts
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from tests.exchanges.makers import jsonl, write

ACCOUNTS = [
    {"account_id": "b", "plan": "pro", "created_at": "2026-01-02T03:04:05Z", "distillation_permitted": True},
    {
        "account_id": "a",
        "plan": "free",
        "created_at": "2026-01-03T03:04:05Z",
        "distillation_permitted": False,
    },
]


def read(path):
    letters = DeadLetters()
    return read_accounts(path, letters), letters


def as_csv(path, delimiter=","):
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(ACCOUNTS[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(ACCOUNTS)
    return path


def as_parquet(path):
    pq.write_table(pa.Table.from_pylist(ACCOUNTS), path)
    return path


@pytest.mark.parametrize(
    "written",
    [
        lambda p: write(p / "a.jsonl.zst", jsonl(ACCOUNTS)),
        lambda p: write(p / "a.json", json.dumps(ACCOUNTS, indent=1).encode()),
        lambda p: as_csv(p / "a.csv"),
        lambda p: as_csv(p / "a.csv", ";"),
        lambda p: as_parquet(p / "a.parquet"),
    ],
    ids=["jsonl.zst", "json", "csv", "csv;", "parquet"],
)
def test_every_layout_gives_the_same_table_sorted_by_account(tmp_path, written):
    table, letters = read(written(tmp_path))
    assert table.schema == ACCOUNT_SCHEMA and letters.total == 0
    assert table["account_id"].to_pylist() == ["a", "b"]
    assert table["distillation_permitted"].to_pylist() == [False, True]
    assert table["created_at"][0].as_py() == datetime(2026, 1, 3, 3, 4, 5, tzinfo=UTC)
    assert table["programme"].null_count == 2


@given(st.permutations([1, 2, 3, 4]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_latest_status_holds_in_any_order(tmp_path, days):
    rows = [{"account_id": "a", "plan": f"p{d}", "status_at": f"2026-01-0{d}T00:00:00Z"} for d in days]
    table, letters = read(write(tmp_path / "a.jsonl", jsonl(rows)))
    assert table["plan"].to_pylist() == ["p4"] and letters.total == 0


def test_without_a_date_the_last_row_holds_and_the_other_is_a_dead_letter(tmp_path):
    rows = [
        {"account_id": "a", "plan": "x"},
        {"account_id": "a", "plan": "y"},
        {"account_id": "a", "plan": "y"},
    ]
    table, letters = read(write(tmp_path / "a.jsonl", jsonl(rows)))
    assert table["plan"].to_pylist() == ["y"] and letters.total == 1


def test_bad_rows_are_dead_letters(tmp_path):
    rows = [{"account_id": "a", "created_at": "then"}, {"account_id": ""}, 17, {"account_id": "b"}]
    table, letters = read(write(tmp_path / "a.jsonl", jsonl(rows)))
    assert table["account_id"].to_pylist() == ["b"] and letters.total == 3


def test_bad_lines_of_csv_are_dead_letters(tmp_path):
    table, letters = read(write(tmp_path / "a.csv", b'account_id,plan\na,x\nb,x,y\n"c"d,x\ne,x\n'))
    assert table["account_id"].to_pylist() == ["a", "e"] and letters.total == 2


def test_a_file_of_something_else_says_what_it_has(tmp_path):
    with pytest.raises(ReadError, match="expected a column account_id, found user, plan"):
        read(write(tmp_path / "a.jsonl", b'{"user": 1, "plan": 2}\n'))
    with pytest.raises(ReadError, match="account_id"):
        read(write(tmp_path / "a.csv", b"user,plan\n1,2\n"))
    with pytest.raises(ReadError, match="check the path"):
        read(tmp_path / "none.jsonl")


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise_anything_but_a_read_error(tmp_path, data):
    path = tmp_path / "a"
    for start in (b"", b"account_id,plan\n", b'{"account_id": "a"}\n', b"PAR1"):
        path.write_bytes(start + data)
        try:
            read(path)
        except ReadError as error:
            assert str(path) in str(error)
