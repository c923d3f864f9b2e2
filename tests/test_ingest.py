"""Ingest: each exchange once, the file whole or not at all."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from stillwatch.exchanges import DeadLetters, ReadError
from stillwatch.ingest import CANONICAL_SCHEMA, ingest
from tests.exchanges.makers import Reading, exchange, jsonl, some_exchanges, without_source, write


def test_any_log_becomes_one_canonical_file(tmp_path):
    logs = [
        write(tmp_path / "a.jsonl.gz", jsonl(some_exchanges(30))),
        write(tmp_path / "b.jsonl", jsonl([exchange(exchange_id="z"), {"exchange_id": "bad"}, exchange()])),
    ]
    out = tmp_path / "out" / "canonical.parquet"
    letters = DeadLetters()
    done = ingest(logs, out, dead_letters=letters, batch_rows=10)
    assert (done.rows, done.repeats, done.conflicts, letters.total) == (31, 0, 1, 2)
    assert pq.read_schema(out).equals(CANONICAL_SCHEMA)
    assert pq.ParquetFile(out).metadata.row_group(0).column(0).compression == "ZSTD"
    assert sorted(Reading(out).ids()) == sorted([f"x{i}" for i in range(30)] + ["z"])
    assert [p.name for p in out.parent.iterdir()] == ["canonical.parquet"]


def test_repeats_are_dropped_and_counted_across_files(tmp_path):
    logs = [write(tmp_path / f"{i}.jsonl", jsonl(some_exchanges(50))) for i in range(3)]
    done = ingest(logs, tmp_path / "c.parquet", dead_letters=DeadLetters(), batch_rows=7)
    assert (done.rows, done.repeats, done.conflicts) == (50, 100, 0)
    assert done.log.rows == 150


def test_the_same_id_with_other_content_is_a_dead_letter_that_says_where(tmp_path):
    path = write(tmp_path / "a.jsonl", jsonl([exchange(), exchange(output="Other.")]))
    letters = tmp_path / "rejected.jsonl"
    with DeadLetters(letters) as dead_letters:
        done = ingest(path, tmp_path / "c.parquet", dead_letters=dead_letters)
    assert (done.rows, done.conflicts) == (1, 1)
    assert '"line":2' in letters.read_text() and "Other." in letters.read_text()


def test_ingesting_the_result_changes_nothing(tmp_path):
    first, second = tmp_path / "a.parquet", tmp_path / "b.parquet"
    path = write(tmp_path / "a.jsonl", jsonl(some_exchanges(20)))
    ingest(path, first, dead_letters=DeadLetters())
    ingest(first, second, dead_letters=DeadLetters())
    assert without_source(Reading(first).table).equals(without_source(Reading(second).table))


def test_a_failed_ingest_leaves_the_old_file(tmp_path):
    out = tmp_path / "out" / "c.parquet"
    out.parent.mkdir()
    out.write_text("old")
    with pytest.raises(ReadError):
        ingest(write(tmp_path / "a.txt", b"no log\n"), out, dead_letters=DeadLetters())
    assert out.read_text() == "old" and len(list(out.parent.iterdir())) == 1


def test_an_output_among_the_inputs_is_refused(tmp_path):
    write(tmp_path / "a.jsonl", jsonl(some_exchanges(2)))
    out = tmp_path / "c.parquet"
    ingest(tmp_path, out, dead_letters=DeadLetters())
    with pytest.raises(ReadError, match="lies among the inputs"):
        ingest(tmp_path, out, dead_letters=DeadLetters())


def test_no_exchange_at_all_still_gives_a_file_of_the_schema(tmp_path):
    done = ingest(write(tmp_path / "a.jsonl", b""), tmp_path / "c.parquet", dead_letters=DeadLetters())
    assert done.rows == 0 and pq.read_schema(done.out).equals(CANONICAL_SCHEMA)
