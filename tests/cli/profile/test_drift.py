"""What moved is said in words, and that nothing moved, too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.evidence.population.profile import FILE, WORKLOADS, write_profile
from tests.evidence.population.makers import estimate, profile

Run = Callable[..., Any]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_profile(tmp_path / FILE, profile())
    return tmp_path  # a state folder


@pytest.fixture
def new(tmp_path: Path) -> Path:
    write_profile(tmp_path / "later.json", profile(estimates={WORKLOADS: estimate(middle=4.0)}))
    return tmp_path / "later.json"


def test_a_profile_has_not_moved_from_itself(stillwatch: Run, old: Path) -> None:
    ran = stillwatch("profile", "drift", old, old)
    assert (ran.code, ran.out) == (0, "nothing moved by more than its interval\n")


def test_what_moved_is_said_in_words_and_in_json(stillwatch: Run, old: Path, new: Path) -> None:
    assert "workload mix concentration" in stillwatch("profile", "drift", old, new).out
    moved = json.loads(stillwatch("profile", "drift", old, new, "--format", "json").out)
    assert [each["name"] for each in moved] == [WORKLOADS]


def test_a_profile_that_is_not_there_is_a_mistake_of_the_command(stillwatch: Run, old: Path) -> None:
    ran = stillwatch("profile", "drift", old, old / "nowhere.json")
    assert ran.code == 2
    assert "nowhere.json" in ran.err
