"""Planted rows are told as the log tells its own: columns, patterns of what is missing, looks and resolutions."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.ranges.planting import Planted, Wish, plant
from stillwatch.ranges.planting.fit import pipelines, resolution
from stillwatch.ranges.planting.profile import failed, times_of
from tests.ranges.planting.makers import own_rows, planted_rows, write_jsonl

PATTERN = ("temperature", "max_tokens", "sdk", "header_hash", "key_id", "system", "tools", "duration_ms")


def patterns(rows: pa.Table) -> set[tuple[object, ...]]:
    there = [pc.is_valid(rows[name]).to_pylist() for name in PATTERN]
    return set(zip(rows["user_agent"].to_pylist(), *there, strict=True))


def test_columns_that_the_log_lacks_stay_empty(planted: tuple[Path, Planted]) -> None:
    _, new, own = planted_rows(planted[0])
    filled = {name for name in own.column_names if own[name].null_count < len(own)}
    assert {name for name in new.column_names if new[name].null_count < len(new)} <= filled


def test_programs_leave_out_what_they_leave_out(planted: tuple[Path, Planted]) -> None:
    _, new, own = planted_rows(planted[0])
    answered = [rows.filter(pa.array(~failed(rows))) for rows in (new, own)]
    assert patterns(answered[0]) <= patterns(answered[1])


def test_ids_and_times_look_as_theirs_do(planted: tuple[Path, Planted]) -> None:
    _, new, own = planted_rows(planted[0])
    assert all(re.fullmatch("req-[0-9a-f]{14}", v) for v in new["exchange_id"].to_pylist())
    assert all(re.fullmatch(r"cust_\d{5,}", v) for v in new["account_id"].to_pylist())
    assert not set(new["account_id"].to_pylist()) & set(own["account_id"].to_pylist())
    assert resolution(times_of(new)) == resolution(times_of(own)) == 1000


def test_models_and_refusals_are_in_the_logs_words(planted: tuple[Path, Planted]) -> None:
    _, new, _ = planted_rows(planted[0])
    assert set(new["model"].to_pylist()) <= {"big-1", "small-1"}
    assert set(new["error_type"].to_pylist()) <= {None, "slow_down"}
    assert set(new["platform"].to_pylist()) == {"gateway:own"}


def test_the_design_keeps_what_it_shares(planted: tuple[Path, Planted]) -> None:
    _, new, _ = planted_rows(planted[0])
    assert len(set(new["ip"].to_pylist())) == 1  # rung L2: one exit
    assert len(set(new["user_agent"].to_pylist())) == 1


def test_planted_rows_lie_within_the_log(planted: tuple[Path, Planted]) -> None:
    whole, new, own = planted_rows(planted[0])
    assert times_of(own).min() <= times_of(new).min() <= times_of(new).max() <= times_of(own).max()
    assert (np.diff(times_of(whole)) >= 0).all()


def test_the_resolution_is_the_coarsest_that_holds() -> None:
    assert resolution(np.array([2_000_000, 5_000_000])) == 1_000_000
    assert resolution(np.array([2_000_000, 5_000_100])) == 100
    assert resolution(np.array([7, 20])) == 1
    assert resolution(np.array([], dtype=np.int64)) == 1


def test_a_refused_request_is_of_the_same_program(tmp_path: Path) -> None:
    rows = own_rows()
    for row in rows[::20]:
        if row["user_agent"].startswith("Mozilla"):  # no other program is ever refused here
            row["status"], row["error_type"] = 429, "slow_down"
    log = write_jsonl(tmp_path / "own.jsonl", rows)
    plant(log, tmp_path / "out", Wish("trace_cleaners", accounts=3, each=200), scans=False)
    _, new, _ = planted_rows(tmp_path / "out")
    refused = pa.array(failed(new))
    assert 0 < pc.sum(refused).as_py() < len(new)
    assert len(set(new["user_agent"].to_pylist())) == 1
    assert set(new["error_type"].filter(refused).to_pylist()) == {"slow_down"}


def test_a_pipeline_is_a_kind_with_one_system_text() -> None:
    system = pa.array(["a", "a", None, "b", "c", "d"])
    found = pipelines(system, ["cot", "cot", "cot", "chat", "chat", None])
    assert found.tolist() == ["cot", "cot", "cot", "", "", ""]
