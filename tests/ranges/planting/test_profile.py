"""A profile counts exactly and samples evenly, whatever the batches."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.planting.profile import Profiler, times_of
from tests.ranges.planting.makers import START, batches_of, own_rows, profile_of, write_jsonl


def test_counts_and_times_are_those_of_the_log(tmp_path: Path) -> None:
    rows = own_rows(300, 10)
    rows[5]["status"], rows[6]["error_type"] = 429, "overloaded"
    found = profile_of(tmp_path, rows)
    assert (found.rows, found.failures, len(found.accounts)) == (300, 2, 10)
    assert found.present["temperature"] == sum("temperature" in r for r in rows)
    assert "org_id" not in found.columns and "messages" in found.columns
    assert START.timestamp() * 1e6 <= found.first < found.last
    assert found.ordered and 2.5 < found.days <= 3


def test_an_unsorted_log_is_known_for_one(tmp_path: Path) -> None:
    assert not profile_of(tmp_path, own_rows(50)[::-1]).ordered


def test_the_sample_is_the_same_whatever_the_batches(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "own.jsonl", own_rows(400))
    small, large = Profiler(50), Profiler(50)
    for batch in batches_of(path):
        large.add(batch)
        for at in range(0, len(batch), 17):
            small.add(batch.slice(at, 17))
    one, other = small.finish().sample, large.finish().sample
    assert len(one) == 50
    assert one.equals(other)


def test_the_sample_holds_no_text(tmp_path: Path) -> None:
    sample = profile_of(tmp_path, own_rows(40)).sample
    assert not {"messages", "system", "output"} & set(sample.column_names)
    assert sample["asked"].to_pylist()[0] == len("What of matter 0? ")
    assert sample["has_messages"].to_pylist()[0] and not sample["has_system"].to_pylist()[0]
    assert (times_of(sample)[1:] >= times_of(sample)[:-1]).all()


def test_a_log_without_exchanges_has_no_profile() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Profiler().finish()
