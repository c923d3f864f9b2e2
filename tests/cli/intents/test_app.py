"""`stillwatch intents` names its commands, and none of them needs what training needs before it trains."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from stillwatch.cli.intents.app import app

Run = Callable[..., Any]
COMMANDS = ("explain", "replay", "evaluate", "train")


def test_the_commands_are_exactly_these() -> None:
    assert tuple(command.name for command in app.registered_commands) == COMMANDS


def test_without_a_command_they_are_listed(stillwatch: Run) -> None:
    ran = stillwatch("intents")
    assert ran.code == 2
    assert all(name in ran.out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, stillwatch: Run) -> None:
    ran = stillwatch("intents", name, "--help")
    assert ran.code == 0 and f"stillwatch intents {name}" in ran.out


def test_help_loads_neither_the_kernels_nor_what_training_needs() -> None:
    code = (
        "import sys; from stillwatch.cli import run; run(['intents', 'train', '--help']);"
        "sys.exit(bool({'numba', 'sklearn', 'matplotlib', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
