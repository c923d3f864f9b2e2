"""Reading as a whole: every row in a batch or a dead letter, whatever the order, split or compression."""

from __future__ import annotations

import json
import os
import random
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillwatch.exchanges import DeadLetters, Limits, ReadError, read_exchanges
from stillwatch.exchanges import __all__ as public_face
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from tests.exchanges import strange
from tests.exchanges.makers import Reading, exchange, jsonl, some_exchanges, without_source, write
from tests.exchanges.test_detect import EXAMPLES

fresh_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)


def records(table: pa.Table) -> list[str]:
    return sorted(json.dumps(row, default=str) for row in without_source(table).to_pylist())


def test_the_public_face_is_exactly_this():
    assert sorted(public_face) == [
        "DeadLetters",
        "FileCount",
        "Limits",
        "Progress",
        "ReadError",
        "ReadLog",
        "read_accounts",
        "read_exchanges",
    ]


@fresh_files
@given(st.lists(strange.rows(), min_size=1, max_size=20), st.randoms(), st.integers(1, 4), st.data())
def test_order_split_and_compression_do_not_change_the_records(tmp_path, rows, chance, files, data):
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    sound = [exchange()]  # so that every file is recognised
    plain = Reading(write(folder / "all.jsonl", jsonl(sound * files + rows)))
    chance.shuffle(rows)
    parts = folder / "parts"
    parts.mkdir()
    for i in range(files):
        ending = data.draw(st.sampled_from(["jsonl", "gz", "zst"]))
        write(parts / f"{i}.{ending}", jsonl(sound + rows[i::files]))
    split = Reading(parts, batch_rows=data.draw(st.integers(1, 30)))
    assert records(split.table) == records(plain.table)
    assert split.log.rejected == plain.log.rejected
    assert split.log.rows + split.log.rejected == len(rows) + files


@fresh_files
@given(st.lists(strange.lines(), max_size=20))
def test_no_lines_raise_and_dead_letters_agree_with_the_log(tmp_path, lines):
    path = write(tmp_path / "a.jsonl", b"\n".join([*[jsonl([exchange()]).strip()] * 30, *lines]))
    read = Reading(path, tmp_path)
    assert read.log.rejected == read.dead_letters.total
    assert len(read.rows) == read.log.rows >= 30


def test_batches_have_the_asked_size_and_the_schema(tmp_path):
    read = Reading(write(tmp_path / "a.jsonl", jsonl(some_exchanges(105))), batch_rows=50)
    assert [len(b) for b in read.batches] == [50, 50, 5]
    assert all(b.schema == EXCHANGE_SCHEMA for b in read.batches)
    assert read.rows[104]["source_line"] == 105
    assert read.rows[0]["source_file"] == str(tmp_path / "a.jsonl")


def test_a_window_of_time_is_half_open_and_counted(tmp_path):
    rows = [exchange(exchange_id=str(h), time=f"2026-11-02T{h:02}:00:00Z") for h in range(24)]
    path = write(tmp_path / "a.jsonl", jsonl(rows))
    read = Reading(
        path, since=datetime(2026, 11, 2, 6, tzinfo=UTC), until=datetime(2026, 11, 2, 9, tzinfo=UTC)
    )
    assert read.ids() == ["6", "7", "8"]
    assert (read.log.rows, read.log.outside, read.log.rejected) == (3, 21, 0)
    with pytest.raises(ReadError, match="append Z"):
        Reading(path, since=datetime(2026, 11, 2))


def test_a_log_in_ones_own_format_is_read_by_mapping_it(tmp_path):
    rows = [
        {"id": f"r{i}", "at": 1793620800 + i, "who": {"user": "a"}, "text": ["q", "reply"]} for i in range(3)
    ]
    path = write(tmp_path / "own.jsonl", jsonl(rows))
    mapping = {"exchange_id": "id", "time": "at", "account_id": "who.user", "output": "text[1]"}
    read = Reading(path, mapping=mapping, constants={"platform": "gateway:own"})
    assert read.ids() == ["r0", "r1", "r2"]
    assert {row["output"] for row in read.rows} == {"reply"}
    assert {row["platform"] for row in read.rows} == {"gateway:own"}
    with pytest.raises(ReadError, match="found JSON objects with the keys at, id, text, who"):
        Reading(path)


def test_a_mapping_that_leads_nowhere_is_missing_not_the_readers_value(tmp_path):
    read = Reading(write(tmp_path / "a.jsonl", jsonl([exchange()])), mapping={"model": "no.where"})
    assert read.rows[0]["model"] is None


def test_in_a_directory_each_file_is_recognised_on_its_own(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs / "a.jsonl", jsonl(some_exchanges(2)))
    write(logs / "b.gz", jsonl([exchange(exchange_id="z")]))
    write(logs / "readme.md", b"# Logs\n")
    write(logs / "empty.jsonl", b"")
    write(logs / "other.bz2", b"BZh91AY&SY")
    read = Reading(logs, tmp_path)
    assert sorted(read.ids()) == ["x0", "x1", "z"]
    assert {r["file"].rsplit("/", 1)[1] for r in read.letters} == {"readme.md", "other.bz2"}
    assert any("bunzip2" in r["reason"] for r in read.letters)
    assert read.log.files[str(logs / "empty.jsonl")].rejected == 0


def test_a_file_named_by_itself_must_be_known(tmp_path):
    with pytest.raises(ReadError, match=r"readme.md: .*no known log format: found text beginning '# Logs'"):
        Reading(write(tmp_path / "readme.md", b"# Logs\n"))
    with pytest.raises(ReadError, match="no such format"):
        Reading(tmp_path / "readme.md", format="markdown")


def test_a_named_format_is_taken_at_its_word(tmp_path):
    rows = [{"exchange_id": "x", "half": 1}] * 5 + [exchange(exchange_id="z")]
    path = write(tmp_path / "a.jsonl", jsonl(rows))
    read = Reading(path, format="canonical-jsonl")
    assert read.ids() == ["z"] and read.log.rejected == 5


@pytest.mark.parametrize("ending", ["gz", "zst"])
def test_a_truncated_file_keeps_its_beginning_and_the_next_file_is_read(tmp_path, ending):
    logs = tmp_path / "logs"
    logs.mkdir()
    chance = random.Random(1)
    rows = [exchange(exchange_id=f"x{i}", output=str(chance.random())) for i in range(20_000)]
    whole = write(logs / f"a.{ending}", jsonl(rows)).read_bytes()
    (logs / f"a.{ending}").write_bytes(whole[: len(whole) // 2])
    write(logs / "b.jsonl", jsonl([exchange(exchange_id="z")]))
    read = Reading(logs, tmp_path)
    ids = read.ids()
    assert ids[:-1] == [f"x{i}" for i in range(len(ids) - 1)] and len(ids) > 5000
    assert ids[-1] == "z"
    (letter,) = read.letters
    assert letter["line"] == len(ids) and "truncated" in letter["reason"]


def test_a_huge_line_is_skipped_and_named(tmp_path):
    rows = some_exchanges(3)
    rows[1]["output"] = "x" * 5_000_000
    read = Reading(write(tmp_path / "a.jsonl", jsonl(rows)), tmp_path, limits=Limits(document_bytes=1 << 20))
    assert read.ids() == ["x0", "x2"]
    assert [(r["line"], "longer than 1 MiB" in r["reason"]) for r in read.letters] == [(2, True)]


def test_repeats_are_not_removed_here(tmp_path):
    assert Reading(write(tmp_path / "a.jsonl", jsonl([exchange()] * 2))).ids() == ["x1", "x1"]


def test_progress_grows_to_the_size_of_the_inputs(tmp_path):
    path = write(tmp_path / "a.jsonl", jsonl(some_exchanges(100)))
    seen = []
    letters = DeadLetters()
    list(read_exchanges(path, dead_letters=letters, batch_rows=10, progress=seen.append))
    done = [p.bytes_read for p in seen]
    assert done == sorted(done) and done[-1] == seen[-1].bytes_total == path.stat().st_size
    assert seen[-1].rows == 100


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_a_dead_letter(tmp_path):
    write(tmp_path / "a.jsonl", b"{}").chmod(0)
    assert "rights" in Reading(tmp_path, tmp_path).letters[0]["reason"]


def test_a_directory_of_every_format_is_read_as_one(tmp_path):
    logs = tmp_path / "logs"
    logs.mkdir()
    for number, (name, data) in enumerate(EXAMPLES):
        if name != "canonical-parquet":  # there it is only the magic
            write(logs / f"{number:02}-{name}.gz", data)
    read = Reading(logs, tmp_path, constants={"account_id": "a"})
    assert all(count.format in path for path, count in read.log.files.items())
    assert {Path(row["source_file"]).name[3:] for row in read.rows} >= {
        "canonical-jsonl.gz",
        "litellm-payload.gz",
        "litellm-spend.gz",
        "pairs.gz",
        "bedrock.gz",
        "vertex.gz",
    }
    assert all(letter["reason"] and letter["file"] for letter in read.letters)


def test_columns_that_the_schema_does_not_have_are_named_once(tmp_path):
    path = write(tmp_path / "a.jsonl", jsonl(some_exchanges(5, colour="red", who={"id": 1})))
    read = Reading(path, mapping={"end_user_id": "who.id"})
    assert read.log.files[str(path)].ignored == ("colour",)
    pq.write_table(
        pa.table({"exchange_id": ["x"], "time": [1], "account_id": ["a"], "size": [3]}), tmp_path / "p"
    )
    assert Reading(tmp_path / "p").log.files[str(tmp_path / "p")].ignored == ("size",)
