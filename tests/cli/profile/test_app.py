"""`stillwatch profile` names its commands, and help loads no kernels."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.cli.profile.app import app

Run = Callable[..., Any]
COMMANDS = ("show", "drift", "learn")


def test_the_commands_are_exactly_these() -> None:
    assert tuple(command.name for command in app.registered_commands) == COMMANDS


def test_without_a_command_they_are_listed(stillwatch: Run) -> None:
    ran = stillwatch("profile")
    assert ran.code == 2
    assert all(name in ran.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, stillwatch: Run) -> None:
    ran = stillwatch("profile", name, "--help")
    assert ran.code == 0
    assert f"stillwatch profile {name}" in ran.out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_loads_neither_engine_nor_kernels(name: str) -> None:
    code = (
        f"import sys; from stillwatch.cli import run; run(['profile', '{name}', '--help']);"
        "sys.exit(bool({'numba', 'duckdb', 'sklearn', 'scipy', 'ibis'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
