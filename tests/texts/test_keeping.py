"""A scan keeps text only if asked, in private files, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.settings import SettingsError, TextSettings
from stillwatch.sketches import sketch
from stillwatch.texts import Keeping, keeping
from stillwatch.texts.access import ACCESS_LOG
from tests.texts.makers import SECRET, Clock, batch, exchange, keep, kept_by


def files(state: Path) -> list[Path]:
    return sorted(p for p in state.rglob("*") if p.is_file())


def kept(state: Path) -> list[Path]:
    return sorted(state.glob("text/kept-*/*.parquet"))


@pytest.mark.parametrize("days", [None, 0])
def test_by_default_nothing_is_kept_and_nothing_made(tmp_path: Path, days: int | None) -> None:
    state = tmp_path / "state"
    with kept_by(state, Clock(), days) as texts:
        texts.add(batch(exchange(1)), SECRET)
        assert not texts.on
        assert texts.read(["x1"], "test") == {}
    assert not state.exists()


def test_text_without_a_state_directory_is_a_usage_error() -> None:
    with pytest.raises(SettingsError, match="add --state DIR"):
        Keeping(TextSettings(retention_days=7), None)


def test_files_are_private_and_one_an_event_day(tmp_path: Path) -> None:
    days = [datetime(2026, 6, d, 23, 59, tzinfo=UTC) for d in (3, 1, 3, 2)]
    keep(tmp_path, Clock(), *(exchange(i, time=day) for i, day in enumerate(days)))
    assert [p.name for p in kept(tmp_path)] == [f"2026-06-0{d}.parquet" for d in (1, 2, 3)]
    assert {p.stat().st_mode & 0o777 for p in kept(tmp_path)} == {0o600}
    assert {p.parent.stat().st_mode & 0o777 for p in kept(tmp_path)} == {0o700}
    assert pq.read_table(kept(tmp_path)[2])["exchange_id"].to_pylist() == ["x0", "x2"]


def test_keys_are_those_of_the_sketches(tmp_path: Path) -> None:
    rows = batch(*(exchange(i) for i in range(3)))
    with kept_by(tmp_path, Clock()) as texts:
        texts.add(rows, SECRET)
    table = pq.read_table(kept(tmp_path)[0])
    assert table["exchange_key"].to_pylist() == sketch(rows, SECRET).column("exchange_key").to_pylist()


def test_a_scan_reads_its_own_text_and_says_so_in_the_log(tmp_path: Path) -> None:
    with kept_by(tmp_path, Clock()) as texts:
        texts.add(batch(exchange(1), exchange(2)), SECRET)
        texts.add(batch(exchange(3)), SECRET)
        assert texts.on
        read = texts.read(["x3", "x1", "nobody"], "a test")
    assert {name: text.user for name, text in read.items()} == {"x1": "Question 1?", "x3": "Question 3?"}
    assert '"why":"a test"' in (tmp_path / "text" / ACCESS_LOG).read_text()
    assert len(kept(tmp_path)) == 1


def test_a_failed_scan_leaves_no_text(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), kept_by(tmp_path, Clock()) as texts:
        texts.add(batch(exchange(1)), SECRET)
        raise RuntimeError
    assert files(tmp_path) == []


KILLED = """
import os, sys
from pathlib import Path
from tests.texts.makers import SECRET, Clock, batch, exchange, kept_by
with kept_by(Path(sys.argv[1]), Clock()) as texts:
    texts.add(batch(exchange(1)), SECRET)
    os._exit(9)
"""


def test_what_a_killed_scan_left_goes_at_the_next_one(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=root, check=False)
    assert done.returncode == 9
    assert list(tmp_path.glob("text/.partial-*"))
    assert kept(tmp_path) == []
    with kept_by(tmp_path, Clock(), days=None):
        pass
    assert not list(tmp_path.glob("text/.partial-*"))


def test_a_scan_removes_what_is_past_its_time(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1), days=2)
    clock.pass_days(2)
    keep(tmp_path, clock, exchange(2), days=7)
    assert [pq.read_table(p)["exchange_id"].to_pylist() for p in kept(tmp_path)] == [["x2"]]


def test_silence_about_retention_leaves_an_earlier_promise_and_a_stated_zero_ends_it(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1), days=7)
    with kept_by(tmp_path, clock, days=None):
        assert len(kept(tmp_path)) == 1
    with kept_by(tmp_path, clock, days=0):
        assert kept(tmp_path) == []


def test_memory_and_open_files_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PENDING", 1000)
    monkeypatch.setattr(keeping, "MOST_DAYS", 3)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with kept_by(tmp_path, Clock()) as texts:
        for i in range(40):
            texts.add(batch(exchange(i, time=start + timedelta(days=i % 10))), SECRET)
            assert texts._files._bytes <= 1000
    assert len(kept(tmp_path)) == 4
    found = pa.concat_tables([pq.read_table(p) for p in kept(tmp_path)])
    assert sorted(found["exchange_id"].to_pylist()) == sorted(f"x{i}" for i in range(40))


def test_row_groups_hold_a_bounded_amount_of_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "PENDING", 10_000)
    keep(tmp_path, Clock(), *(exchange(i, output="x" * 1000) for i in range(100)))
    rows = pq.ParquetFile(kept(tmp_path)[0]).metadata
    sizes = np.array([rows.row_group(i).num_rows for i in range(rows.num_row_groups)])
    assert sizes.sum() == 100
    assert sizes.max() <= 10
