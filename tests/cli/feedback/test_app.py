"""`stillwatch feedback` names its commands, and none of them loads what judging needs to show its help."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.cli.feedback.app import app

Run = Callable[..., Any]
COMMANDS = ("add", "list", "show", "retract", "calibrate", "check")


def test_the_commands_are_exactly_these() -> None:
    assert tuple(command.name for command in app.registered_commands) == COMMANDS


def test_without_a_command_they_are_listed(stillwatch: Run) -> None:
    ran = stillwatch("feedback")
    assert ran.code == 2 and all(name in ran.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, stillwatch: Run) -> None:
    ran = stillwatch("feedback", name, "--help")
    assert ran.code == 0 and f"stillwatch feedback {name}" in ran.out


def test_help_loads_no_heavy_library() -> None:
    heavy = "{'numba', 'duckdb', 'ibis', 'pyarrow', 'scipy', 'numpy'}"
    code = (
        "import sys; from stillwatch.cli import run;"
        f"[run(['feedback', name, '--help']) for name in {COMMANDS!r}];"
        f"sys.exit(bool({heavy} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
