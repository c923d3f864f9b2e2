"""What is said where: findings out, the rest on standard error, plain where nobody looks."""

from __future__ import annotations

import io
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.progress import Progress

from stillwatch.cli import terminal


def test_quiet_silences_remarks_but_not_errors(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.set_loudness(quiet=True, verbose=0)
    terminal.say("a remark")
    terminal.complain("an error\n  fix: mend it")
    assert capsys.readouterr().err == "error: an error\n  fix: mend it\n"


def test_markup_in_data_is_not_interpreted(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.set_loudness(quiet=False, verbose=0)
    terminal.complain("no account '[bold]x[/]'")
    assert "[bold]x[/]" in capsys.readouterr().err


def test_names_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.set_loudness(quiet=False, verbose=0)
    terminal.complain("a\x1b[2Jb.jsonl: no such file\n  fix: check the path")
    terminal.say("a\x9bb")
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "\x9b" not in said
    assert said.count("\n") == 3


@pytest.mark.parametrize(("verbose", "heard"), [(0, {"w"}), (1, {"w", "i"}), (2, {"w", "i", "d"})])
def test_log_lines_are_heard_as_asked(
    capsys: pytest.CaptureFixture[str], verbose: int, heard: set[str]
) -> None:
    terminal.set_loudness(quiet=False, verbose=verbose)
    logger = logging.getLogger("stillwatch.exchanges")
    logger.warning("w")
    logger.info("i")
    logger.debug("d")
    lines = capsys.readouterr().err.splitlines()
    assert {line.split("msg=")[1] for line in lines} == heard


@given(st.text(max_size=20))
def test_a_log_line_is_one_line_whatever_it_says(text: str) -> None:
    record = logging.makeLogRecord({"msg": "read", "levelname": "INFO", "name": "x", "file": text})
    line = terminal.LogfmtFormatter().format(record)
    assert "\n" not in line
    assert line.startswith("time=")


def test_progress_draws_nothing_where_standard_error_is_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    terminal.set_loudness(quiet=False, verbose=0)
    with terminal.progress() as on_progress:
        on_progress("reading", 1, 2)
    assert capsys.readouterr().err == ""


def test_a_stage_is_finished_when_the_next_begins() -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=80)
    with Progress(console=console) as bars:
        on_progress = terminal.StageProgress(bars)
        on_progress("reading", 1, 10)
        on_progress("sketching")
        on_progress("sketching", 3, 3)
    assert [(task.description, task.finished) for task in bars.tasks] == [
        ("reading", True),
        ("sketching", True),
    ]
