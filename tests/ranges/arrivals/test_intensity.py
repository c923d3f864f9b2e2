"""The kernels agree with their definitions, written out with NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from stillwatch.ranges.arrivals.intensity import intensity, place, run


def naive_place(gaps: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """The definition: cumulated gaps are cumulated intensity; the clock is its inverse, linear within bins."""
    cumulative = np.concatenate([[0.0], np.cumsum(weights)]) / weights.sum()
    return np.interp(np.cumsum(gaps)[:-1] / gaps.sum(), cumulative, np.arange(weights.size + 1) * 600.0)


def naive_intensity(
    rng: np.random.Generator, week: NDArray[np.float64], zone: float, t: float, s: float, r: float, bins: int
) -> NDArray[np.float64]:
    """The definition: week times exp(sigma z) where the autoregression z passes the threshold."""
    z = rng.standard_normal(bins + 1)
    for b in range(1, bins + 1):
        z[b] = r * z[b - 1] + np.sqrt(1 - r * r) * z[b]
    hour = np.floor((np.arange(bins) + 0.5) / 6 + zone).astype(int) % 168
    return np.where(z[:bins] >= t, week[hour] * np.exp(s * z[:bins]), 0.0)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.01, 50.0), min_size=2, max_size=30),
    st.lists(st.floats(0.01, 9.0), min_size=1, max_size=20),
)
def test_events_stand_where_the_intensity_has_come_so_far(gaps: list[float], weights: list[float]) -> None:
    into = np.empty(len(gaps) - 1)
    place(np.array(gaps), np.array(weights), np.inf, into)
    assert into == pytest.approx(naive_place(np.array(gaps), np.array(weights)), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("zone", [-7.0, 0.0, 5.5])
def test_the_wavering_week_is_as_defined(zone: float) -> None:
    week = np.random.default_rng(1).random(168) + 0.1
    into = np.empty(900)
    intensity(np.random.default_rng(7), week, zone, -0.3, 0.8, 0.9, 1.0, into)
    assert into == pytest.approx(naive_intensity(np.random.default_rng(7), week, zone, -0.3, 0.8, 0.9, 900))


def test_a_client_silenced_throughout_falls_back_on_the_week() -> None:
    into = np.empty(12)
    intensity(np.random.default_rng(1), np.ones(168), 0.0, 99.0, 1.0, 0.5, 0.25, into)
    assert into.tolist() == [1.0] * 11 + [0.25]


def test_gaps_that_underflow_still_give_instants() -> None:
    into = np.empty(3)
    place(np.zeros(4), np.ones(4), 2_399.0, into)
    assert into.tolist() == [600.0, 1200.0, 1800.0]


def test_nothing_happens_in_silent_bins() -> None:
    counts = np.array([500])
    gaps = np.random.default_rng(1).random(501)
    week = np.ones((1, 168))
    waver = np.array([[0.5, 1.0, 0.9]])
    at = run(
        np.random.default_rng(7), counts, gaps, np.zeros(1, np.int32), np.zeros(1), week, waver, 2.0
    )  # fmt: skip
    active = naive_intensity(np.random.default_rng(7), week[0], 0.0, 0.5, 1.0, 0.9, 288) > 0
    assert active[(at / 600).astype(int)].all()
    assert not active.all()
