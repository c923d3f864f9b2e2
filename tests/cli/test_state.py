"""`stillwatch state show` tells what scans left, to people and to programs, and says where there is nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from stillwatch.campaigns.lasting.records import State
from stillwatch.campaigns.lasting.state import STATE_FILE, write_state
from tests.campaigns.lasting.makers import known, pool
from tests.campaigns.lasting.test_records import FULL

Run = Callable[..., Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    odd = known("C-\x1b[31m2", pool("q"))
    write_state(tmp_path / "state", msgspec.structs.replace(FULL, campaigns=[*FULL.campaigns, odd]))
    return tmp_path / "state"


def test_it_tells_what_is_known(stillwatch: Run, folder: Path) -> None:
    ran = stillwatch("state", "show", folder)
    assert ran.code == 0
    assert "scans so far: 3" in ran.out and "1 resale_pool" in ran.out and "groups watched: 1" in ran.out
    assert "C-1  resale_pool, 10 accounts, 1 suspended" in ran.out and "confirmed" in ran.out
    assert "C-1 named" in ran.out
    assert "\x1b" not in ran.out


def test_programs_get_all_of_it(stillwatch: Run, folder: Path) -> None:
    ran = stillwatch("state", "show", folder, "--format", "json")
    assert msgspec.json.decode(ran.out, type=State).candidates == FULL.candidates
    assert json.loads(ran.out)["campaigns"][0]["campaign_id"] == "C-1"


def test_where_there_is_no_state_it_says_so(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("state", "show", tmp_path)
    assert ran.code == 2 and str(tmp_path) in ran.err and "--state" in ran.err
    (tmp_path / STATE_FILE).write_text("{")
    ran = stillwatch("state", "show", tmp_path)
    assert ran.code == 1 and STATE_FILE in ran.err and "fix:" in ran.err


def test_help_answers_without_loading_the_kernels() -> None:
    code = (
        "import sys; from stillwatch.cli import run; run(['state', 'show', '--help']);"
        "sys.exit(bool({'numba', 'duckdb', 'ibis', 'scipy', 'pyarrow'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
