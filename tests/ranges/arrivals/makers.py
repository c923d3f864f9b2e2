"""Makers for tests of arrivals: clients with defaults, and where the traces are."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from stillwatch.ranges.arrivals.clock import arrivals
from stillwatch.ranges.arrivals.rhythms import rhythm
from stillwatch.ranges.arrivals.traces import ARRIVALS

ROOT = Path(__file__).parents[3]
TRACES = Path(os.environ.get("STILLWATCH_SHARED", ROOT.parent / "shared")) / "data" / "traces"


def needs_traces(function: object) -> object:
    """Mark a test that reads the traces."""
    absent = not (TRACES / ARRIVALS).is_file()
    return pytest.mark.corpus(pytest.mark.skipif(absent, reason="no research data here")(function))


def sampled(
    counts: list[int] | NDArray[np.int64],
    days: float = 7.0,
    week: str = "even",
    shape: float = 1.0,
    family: int = 0,
    zone: float = 0.0,
    modulation: bool = False,
    seed: int = 1,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return arrivals of clients that are all alike."""
    n = len(counts)
    return arrivals(
        np.random.default_rng(seed), np.asarray(counts), days, np.full(n, rhythm(week), np.int32),
        np.full(n, shape), np.full(n, family, np.int8), np.full(n, zone), modulation,
    )  # fmt: skip


def rates(clients: int = 30, seed: int = 1) -> NDArray[np.float64]:
    """Return f64[c, 2016] rates of made-up clients: constant ones, daytime ones and rare ones in turn."""
    rng = np.random.default_rng(seed)
    hour = np.arange(2016) // 6 % 24
    day = np.where((hour >= 8) & (hour < 20), 2.0, 0.2)
    rate = np.exp(0.3 * rng.standard_normal((clients, 2016)))
    rate[1::3] *= day
    rate[2::3] *= rng.random((len(rate[2::3]), 2016)) < 0.03
    return rate
