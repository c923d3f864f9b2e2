"""What goes wrong becomes one clear line and an exit code, never a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.cli import scan
from stillwatch.exchanges import ReadError
from stillwatch.version import __version__

Run = Callable[..., Any]


def test_the_version_is_told(stillwatch: Run) -> None:
    assert stillwatch("--version").out == f"stillwatch {__version__}\n"


def test_without_a_command_there_is_help_and_the_usage_code(stillwatch: Run) -> None:
    ran = stillwatch()
    assert ran.code == 2
    assert "scan" in ran.out + ran.err


@pytest.mark.parametrize("command", ["scan", "explain", "ingest", "doctor", "demo", "config"])
def test_every_command_has_help(stillwatch: Run, command: str) -> None:
    ran = stillwatch(command, "--help")
    assert ran.code == 0
    assert "Usage: stillwatch " + command in ran.out


def test_an_unknown_option_names_the_command_and_its_help(stillwatch: Run) -> None:
    ran = stillwatch("scan", "x", "--bogus")
    assert ran.code == 2
    assert ran.err.startswith("error: stillwatch scan: No such option: --bogus")
    assert "fix: see `stillwatch scan --help`" in ran.err


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ReadError("log.jsonl: no known log format"), 1, "error: log.jsonl: no known log format\n"),
        (FileNotFoundError(2, "No such file or directory", "none"), 1, "error: none: No such file"),
        (OSError(28, "No space left on device"), 1, "error: No space left on device"),
        (KeyboardInterrupt(), 130, "error: interrupted; nothing half-written is left"),
        (ZeroDivisionError("by zero"), 1, "error: ZeroDivisionError: by zero\n  fix: run again with -vv"),
    ],
)
def test_every_failure_has_its_code_and_its_line(
    stillwatch: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(scan, "read_settings", fail)
    ran = stillwatch("scan", "x")
    assert ran.code == code
    assert ran.err.startswith(said)
    assert "Traceback" not in ran.err


def test_twice_verbose_shows_the_traceback(stillwatch: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(scan, "read_settings", fail)
    assert "Traceback" in stillwatch("scan", "x", "-vv").err


def test_as_a_module_it_is_the_same_command(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "stillwatch", "--version"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == f"stillwatch {__version__}\n"


def test_a_reader_that_leaves_early_is_no_error(tmp_path: Path) -> None:
    pipe = f"{sys.executable} -m stillwatch config schema | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", pipe], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["{", "0"]
    assert "Traceback" not in done.stderr
