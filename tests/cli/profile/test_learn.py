"""Learning from a log writes a profile, carries on from an earlier one, and gives the same bytes with one secret."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stillwatch.evidence.population.profile import read_profile, write_profile
from tests.cli.makers import exchange, log
from tests.evidence.population.makers import profile

Run = Callable[..., Any]


@pytest.fixture
def logged(tmp_path: Path) -> Path:
    return log(tmp_path / "log.jsonl", [exchange(n, account_id=f"a{n % 3}") for n in range(12)])


def test_a_profile_of_the_logs_accounts_is_written(stillwatch: Run, logged: Path, tmp_path: Path) -> None:
    ran = stillwatch("profile", "learn", logged, "-o", tmp_path / "p.json", "--no-progress")
    assert ran.code == 0
    made = read_profile(tmp_path / "p.json")
    assert made is not None
    assert made.accounts == 3
    assert made.source == str(logged)


def test_with_one_secret_the_bytes_are_the_same(stillwatch: Run, logged: Path, tmp_path: Path) -> None:
    for name in ("one.json", "two.json"):
        stillwatch("profile", "learn", logged, "-o", tmp_path / name, "--secret", tmp_path / "secret", "-q")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_an_earlier_profile_is_carried_on_from(stillwatch: Run, logged: Path, tmp_path: Path) -> None:
    write_profile(tmp_path / "old.json", replace(profile(), until=1.0))
    out = tmp_path / "new.json"
    assert stillwatch("profile", "learn", logged, "-o", out, "--after", tmp_path / "old.json", "-q").code == 0
    made = read_profile(out)
    assert made is not None
    assert set(made.estimates) == {"workload_mix_concentration"}
