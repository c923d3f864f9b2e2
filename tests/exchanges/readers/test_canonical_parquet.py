"""Canonical Parquet: column types as writers have them, bad rows alone refused, damage named."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.exchanges.reader import Head, Rejection
from stillwatch.exchanges.readers import canonical_parquet
from stillwatch.exchanges.readers.canonical_parquet import READER
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.exchanges.sources import FileSource
from tests.exchanges.makers import NOON, Reading, jsonl, some_exchanges, without_source, write

INSTANT = datetime(2026, 11, 2, 12, tzinfo=UTC)


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def test_a_round_trip_keeps_every_value(tmp_path):
    first = Reading(write(tmp_path / "a.jsonl", jsonl(some_exchanges(100, temperature=0.5, tools=["a"]))))
    pq.write_table(first.table, tmp_path / "a.parquet")
    again = Reading(tmp_path / "a.parquet")
    assert without_source(again.table).equals(without_source(first.table))
    assert again.table["source_line"].to_pylist() == list(range(1, 101))


@pytest.mark.parametrize(
    "time",
    [
        pa.array([INSTANT] * 2, pa.timestamp("ns", "UTC")),
        pa.array([INSTANT] * 2, pa.timestamp("s", "Europe/Berlin")),
        pa.array([NOON] * 2),
        pa.array([NOON] * 2, pa.large_string()),
        pa.array([INSTANT.timestamp()] * 2),
        pa.array([int(INSTANT.timestamp())] * 2),
    ],
    ids=str,
)
def test_time_is_read_in_any_type_that_says_which_instant(tmp_path, time):
    read = Reading(parquet(tmp_path / "a.parquet", exchange_id=["x", "y"], account_id=["a", "b"], time=time))
    assert [row["time"] for row in read.rows] == [INSTANT] * 2


def test_a_naive_time_is_refused_with_the_fix(tmp_path):
    naive = pa.array([datetime(2026, 11, 2)], pa.timestamp("us"))
    path = parquet(tmp_path / "a.parquet", exchange_id=["x"], account_id=["a"], time=naive)
    read = Reading(path, tmp_path)
    assert read.rows == [] and "cast the column to UTC" in read.letters[0]["reason"]


def test_columns_are_cast_and_unknown_ones_ignored(tmp_path):
    read = Reading(
        parquet(
            tmp_path / "a.parquet",
            exchange_id=pa.array([1, 2]),
            account_id=pa.array(["a", "b"]).dictionary_encode(),
            time=[NOON, NOON],
            status=pa.array([200.0, 0.0]),
            model=pa.array(["unknown", "m"], pa.large_string()),
            tools=pa.array([["t"], None], pa.large_list(pa.string())),
            colour=["red", "blue"],
            output=pa.nulls(2),
        )
    )
    assert read.ids() == ["1", "2"]
    assert [row["status"] for row in read.rows] == [200, None]
    assert [row["model"] for row in read.rows] == [None, "m"]
    assert [row["tools"] for row in read.rows] == [["t"], None]
    assert read.table.schema == EXCHANGE_SCHEMA


def test_bad_rows_alone_are_refused(tmp_path):
    accounts = ["a"] * 3000
    accounts[1234] = None
    status = [200] * 3000
    status[2000] = -1
    ids = [str(i) for i in range(3000)]
    path = parquet(
        tmp_path / "a.parquet", exchange_id=ids, account_id=accounts, time=[NOON] * 3000, status=status
    )
    read = Reading(path, tmp_path)
    assert [(r["line"], r["field"]) for r in read.letters] == [(1235, "account_id"), (2001, "status")]
    assert read.table["source_line"].to_pylist() == [i for i in range(1, 3001) if i not in (1235, 2001)]


def test_a_file_of_other_columns_says_what_it_has(tmp_path):
    read = Reading(parquet(tmp_path / "a.parquet", id=["x"], who=["a"], at=[NOON]), tmp_path)
    assert read.rows == []
    assert "it has at, id, who" in read.letters[0]["reason"] and "--map" in read.letters[0]["reason"]


def test_columns_can_be_mapped_and_set(tmp_path):
    path = parquet(
        tmp_path / "a.parquet",
        id=["x"],
        who=pa.array([{"ids": ["n", "a"]}]),
        at=[NOON],
        platform=["direct"],
    )
    mapping = {"exchange_id": "id", "account_id": "who.ids[1]", "time": "at", "model": "who.none"}
    read = Reading(path, mapping=mapping, constants={"platform": "azure", "status": "200"})
    assert {k: v for k, v in read.rows[0].items() if v is not None} == {
        "exchange_id": "x",
        "account_id": "a",
        "time": INSTANT,
        "platform": "azure",
        "status": 200,
        "source_file": str(path),
        "source_line": 1,
    }


def test_a_damaged_file_is_a_dead_letter_and_the_others_are_read(tmp_path):
    good = Reading(write(tmp_path / "c.jsonl", jsonl(some_exchanges(3)))).table
    (tmp_path / "logs").mkdir()
    pq.write_table(good, tmp_path / "logs" / "a.parquet")
    data = (tmp_path / "logs" / "a.parquet").read_bytes()
    (tmp_path / "logs" / "b.parquet").write_bytes(data[: len(data) // 2])
    read = Reading(tmp_path / "logs", tmp_path)
    assert len(read.rows) == 3
    assert [r["file"].endswith("b.parquet") for r in read.letters] == [True]
    assert "damaged" in read.letters[0]["reason"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data())
def test_flipped_bytes_never_raise(tmp_path, data):
    path = tmp_path / "a.parquet"
    table = Reading(write(tmp_path / "a.jsonl", jsonl(some_exchanges(20)))).table
    pq.write_table(table, path)
    stored = bytearray(path.read_bytes())
    for _ in range(3):
        stored[data.draw(st.integers(4, len(stored) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(bytes(stored))
    items = list(READER.read_batches(FileSource(path)))
    assert sum(len(i) for i in items if not isinstance(i, Rejection)) <= 20


def test_text_that_is_not_utf_8_is_refused_by_row(tmp_path):
    ids = pa.StringArray.from_buffers(
        2, pa.array([0, 1, 3], pa.int32()).buffers()[1], pa.py_buffer(b"a\xff\xfe")
    )
    batch = pa.RecordBatch.from_pydict({"exchange_id": ids, "account_id": ["a", "b"], "time": [NOON, NOON]})
    items = list(canonical_parquet._checked("f", 1, batch))
    assert [i.line for i in items if isinstance(i, Rejection)] == [2]


def test_parquet_is_known_by_its_magic():
    assert READER.recognises(Head(b"PAR1\x15", ()))
    assert not READER.recognises(Head(b'{"a": 1}', ()))


def test_records_of_the_slow_interface_are_the_rows(tmp_path):
    path = parquet(tmp_path / "a.parquet", exchange_id=["x"], account_id=["a"], time=[NOON])
    assert [p.record for p in READER.read([FileSource(path)])] == [
        {"exchange_id": "x", "account_id": "a", "time": NOON}
    ]
