"""Jobs run apart: each in a process of its own, and what fails there is told here."""

from __future__ import annotations

import math
import os

import pytest

from stillwatch.ranges.trials.processes import apart


def _process(_: int) -> int:
    return os.getpid()


def test_each_job_has_a_process_of_its_own() -> None:
    found = list(apart(_process, range(2), at_once=2))
    assert len({*found, os.getpid()}) == 3


def test_none_at_once_runs_here_and_in_order() -> None:
    assert list(apart(_process, range(2), at_once=0)) == [os.getpid()] * 2
    assert list(apart(abs, [-3, -1, -2], at_once=0)) == [3, 1, 2]


def test_what_a_job_raises_is_raised_here() -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        list(apart(math.sqrt, [-1.0], at_once=1))
