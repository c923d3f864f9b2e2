"""`stillwatch text`: kept text is read with a reason and removed in time; nothing is said without a state."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.texts.makers import Clock, exchange, keep

Run = Callable[..., Any]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state directory with the text of one exchange, kept for seven days at a time long past."""
    keep(tmp_path / "state", Clock(), exchange(1, system="Be \x1b[31mbrief."), days=3650)
    return tmp_path / "state"


def test_show_prints_what_was_kept_and_logs_the_reason(stillwatch: Run, state: Path) -> None:
    ran = stillwatch("text", "show", "x1", "--why", "case 17", "--state", state)
    assert ran.code == 0
    assert "Question 1?" in ran.out
    assert "Answer 1." in ran.out
    assert "\x1b" not in ran.out
    assert '"why":"case 17"' in (state / "text" / "access.jsonl").read_text()


def test_show_gives_json_to_programs(stillwatch: Run, state: Path) -> None:
    ran = stillwatch("text", "show", "x1", "--why", "case 17", "--state", state, "--format", "json")
    assert json.loads(ran.out)["user"] == "Question 1?"


def test_an_exchange_without_text_is_told_with_what_to_do(stillwatch: Run, state: Path) -> None:
    ran = stillwatch("text", "show", "x9", "--why", "case 17", "--state", state)
    assert ran.code == 2
    assert "'x9'" in ran.err
    assert "--keep-text" in ran.err


@pytest.mark.parametrize("why", [[], ["--why", " "]])
def test_a_reason_is_required(stillwatch: Run, state: Path, why: list[str]) -> None:
    ran = stillwatch("text", "show", "x1", "--state", state, *why)
    assert ran.code == 2
    assert "--why" in ran.err
    assert ran.out == ""
    assert not (state / "text" / "access.jsonl").exists()


@pytest.mark.parametrize("words", [["show", "x1", "--why", "case 17"], ["expire"]])
def test_without_a_state_directory_there_is_no_text(stillwatch: Run, words: list[str]) -> None:
    ran = stillwatch("text", *words)
    assert ran.code == 2
    assert "add --state DIR" in ran.err


def test_the_state_directory_may_come_from_the_configuration(
    stillwatch: Run, state: Path, tmp_path: Path
) -> None:
    config = tmp_path / "stillwatch.yaml"
    config.write_text(f"run: {{state_dir: {json.dumps(str(state))}}}\n")
    assert stillwatch("text", "show", "x1", "--why", "case 17", "--config", config).code == 0


def test_expire_leaves_what_may_still_be_kept_and_zero_days_leave_nothing(
    stillwatch: Run, state: Path
) -> None:
    assert "text of 0 scans removed; of 1 kept" in stillwatch("text", "expire", "--state", state).out
    gone = stillwatch("text", "expire", "--state", state, "--keep-text", "0")
    assert gone.out == "text of 1 scans removed; of 0 kept\n"
    assert stillwatch("text", "show", "x1", "--why", "case 17", "--state", state).code == 2


def test_expire_makes_nothing_where_nothing_was_kept(stillwatch: Run, tmp_path: Path) -> None:
    assert stillwatch("text", "expire", "--state", tmp_path / "none").code == 0
    assert not (tmp_path / "none").exists()
