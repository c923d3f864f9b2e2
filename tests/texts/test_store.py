"""Kept text is found while its time lasts, with a reason that is logged, and is gone after."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.texts.access import ACCESS_LOG
from stillwatch.texts.store import TextError, TextStore
from tests.texts.makers import Clock, exchange, keep, kept_by


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*"))


def log(state: Path) -> list[dict[str, object]]:
    path = state / "text" / ACCESS_LOG
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_a_reading_is_logged_and_gives_what_was_kept(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1), exchange(2))
    text = TextStore(tmp_path, clock).find("x2", "case 17")
    assert text is not None
    assert (text.account_id, text.user, text.output) == ("a2", "Question 2?", "Answer 2.")
    assert [(line["why"], line["exchange_ids"]) for line in log(tmp_path)] == [("case 17", ["x2"])]


def test_looking_in_vain_is_logged_too(tmp_path: Path) -> None:
    keep(tmp_path, Clock(), exchange(1))
    assert TextStore(tmp_path, Clock()).find("x9", "case 17") is None
    assert log(tmp_path)[0]["exchange_ids"] == ["x9"]


@pytest.mark.parametrize("why", ["", "  "])
def test_nothing_is_read_without_a_reason(tmp_path: Path, why: str) -> None:
    keep(tmp_path, Clock(), exchange(1))
    with pytest.raises(TextError, match="for a reason"):
        TextStore(tmp_path, Clock()).find("x1", why)


def test_nothing_is_read_where_it_cannot_be_logged(tmp_path: Path) -> None:
    keep(tmp_path, Clock(), exchange(1))
    (tmp_path / "text" / ACCESS_LOG).mkdir()
    with pytest.raises(OSError):
        TextStore(tmp_path, Clock()).find("x1", "case 17")


def test_the_latest_scan_answers(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1, output="old"))
    clock.pass_days(1)
    keep(tmp_path, clock, exchange(1, output="new"))
    text = TextStore(tmp_path, clock).find("x1", "case 17")
    assert text is not None
    assert text.output == "new"


@given(kept=st.integers(1, 30), stated=st.none() | st.integers(0, 30), passed=st.integers(0, 40))
def test_text_stays_for_the_shorter_of_both_times(
    tmp_path_factory: pytest.TempPathFactory, kept: int, stated: int | None, passed: int
) -> None:
    state, clock = tmp_path_factory.mktemp("state"), Clock()
    keep(state, clock, exchange(1), days=kept)
    clock.pass_days(passed)
    store = TextStore(state, clock)
    gone = store.expire(stated)
    lasts = kept if stated is None else min(kept, stated)
    assert bool(gone) == (passed >= lasts)
    assert (store.find("x1", "test") is None) == bool(gone)
    assert [line["action"] for line in log(state)][:1] == (["expire"] if gone else ["show"])


def test_no_days_at_all_are_up_by_a_clock_that_was_set_back_too(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1))
    clock.pass_days(-1)
    assert TextStore(tmp_path, clock).expire(1) == []
    assert len(TextStore(tmp_path, clock).expire(0)) == 1


def test_the_access_log_outlives_the_text(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1))
    TextStore(tmp_path, clock).find("x1", "case 17")
    clock.pass_days(8)
    TextStore(tmp_path, clock).expire()
    assert names(tmp_path / "text") == [ACCESS_LOG]
    assert [line["action"] for line in log(tmp_path)] == ["show", "expire"]


def test_what_a_killed_run_left_is_removed_and_what_a_live_one_holds_is_not(tmp_path: Path) -> None:
    store = TextStore(tmp_path, Clock())
    held, lock = store.partial()
    left, other = store.partial()
    os.close(other)  # as the end of its process does
    (left / "2026-06-01.parquet").write_bytes(b"half")
    store.expire()
    assert held.is_dir()
    assert not left.exists()
    os.close(lock)


def test_expiry_makes_nothing_where_nothing_was_kept(tmp_path: Path) -> None:
    assert TextStore(tmp_path / "state", Clock()).expire(0) == []
    assert not (tmp_path / "state").exists()


def test_other_peoples_files_stay(tmp_path: Path) -> None:
    clock = Clock()
    keep(tmp_path, clock, exchange(1))
    (tmp_path / "text" / "notes").write_text("mine")
    (tmp_path / "text" / "kept-forever").mkdir()
    TextStore(tmp_path, clock).expire(0)
    assert names(tmp_path / "text") == [ACCESS_LOG, "kept-forever", "notes"]


def test_a_folder_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "text").mkdir(mode=0o755)
    with kept_by(tmp_path, Clock()) as texts:
        assert texts.store is not None
        _, lock = texts.store.partial()
    assert (tmp_path / "text").stat().st_mode & 0o777 == 0o700
    os.close(lock)
