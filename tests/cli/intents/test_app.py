"""`stillwatch intents` lists its commands, and loads nothing heavy to do so."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

Run = Callable[..., Any]
COMMANDS = ["explain", "replay", "evaluate", "train"]
HEAVY = {"numba", "duckdb", "sklearn", "matplotlib", "pyarrow", "scipy", "numpy"}


def test_every_command_is_listed(stillwatch: Run) -> None:
    ran = stillwatch("intents", "--help")
    assert ran.code == 0
    assert not [name for name in COMMANDS if name not in ran.out]
    assert "intents" in stillwatch("--help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(stillwatch: Run, command: str) -> None:
    ran = stillwatch("intents", command, "--help")
    assert ran.code == 0
    assert f"Usage: stillwatch intents {command}" in ran.out


@pytest.mark.parametrize("words", [[], ["explain"], ["replay"]])
def test_without_what_it_needs_it_shows_its_help(stillwatch: Run, words: list[str]) -> None:
    ran = stillwatch("intents", *words)
    assert ran.code == 2
    assert "Usage: stillwatch intents" in ran.out


def test_help_waits_neither_for_the_kernels_nor_for_what_training_needs() -> None:
    code = (
        f"import sys; from stillwatch.cli import run; [run(['intents', c, '--help']) for c in {COMMANDS}];"
        f"found = {HEAVY} & set(sys.modules); sys.exit(' '.join(sorted(found)) or 0)"
    )
    ran = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")
