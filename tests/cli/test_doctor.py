"""`stillwatch doctor` shows what works, and what a log allows the signals to see."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.cli import doctor
from stillwatch.cli.look import LogCoverage
from tests.cli.makers import exchange, log

Run = Callable[..., Any]


def test_a_working_installation_is_said_to_work(stillwatch: Run) -> None:
    ran = stillwatch("doctor")
    assert ran.code == 0
    assert "numba compiles" in ran.out


def test_a_check_that_fails_decides_the_code(stillwatch: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    config = tmp_path / "c.yaml"
    config.write_text(f"run: {{temp_dir: {tmp_path / 'file' / 'below'}}}\n")
    ran = stillwatch("doctor", "--config", config)
    assert ran.code == 1
    assert "fix: set run.temp_dir" in ran.out


def test_what_missing_fields_cost_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("doctor", log(tmp_path / "log.jsonl", [exchange(n, status=None) for n in range(5)]))
    assert "5 exchanges of 3 accounts" in ran.out
    assert "retry_handed_over says nothing: no status" in ran.out


def test_names_from_the_log_are_printed_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    files = (("[red]log[/].jsonl", "pairs", 1, 0),)
    doctor._print_coverage(LogCoverage(files, 1, 1, {"no [bold]id[/]": 1}, None, None, (), ()))
    said = capsys.readouterr().out
    assert "[red]log[/].jsonl" in said
    assert "no [bold]id[/]" in said


def test_as_json_it_is_for_programs(stillwatch: Run, tmp_path: Path) -> None:
    path = log(tmp_path / "log.jsonl", [exchange(1)])
    told = json.loads(stillwatch("doctor", path, "--format", "json").out)
    assert {check["standing"] for check in told["checks"]} <= {"ok", "note"}
    assert told["coverage"]["exchanges"] == 1


def test_a_log_that_is_none_is_an_error_of_one_line(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("doctor", tmp_path / "none.jsonl")
    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert len(ran.err.splitlines()) <= 2
