"""`stillwatch range` lists its commands, and loads nothing heavy to do so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
COMMANDS = ["build", "plant", "score", "leak", "null", "ladder", "baselines"]


def test_every_command_is_listed(stillwatch: Run) -> None:
    ran = stillwatch("range", "--help")
    assert ran.code == 0
    assert not [name for name in COMMANDS if name not in ran.out]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(stillwatch: Run, command: str) -> None:
    ran = stillwatch("range", command, "--help")
    assert ran.code == 0
    assert f"Usage: stillwatch range {command}" in ran.out


def test_help_does_not_wait_for_the_kernels() -> None:
    code = (
        "import sys; from stillwatch.cli import run; run(['range', 'build', '--help']);"
        "sys.exit(bool({'numba', 'duckdb', 'pyarrow', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
