"""Typical weeks of made-up clients are found again, and without chance."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.arrivals.typical import (
    FIRST_HOUR,
    fit_rhythms,
    k_means,
    lag_one,
    load_rank,
    separable,
    waver,
    weeks,
)
from tests.ranges.arrivals.makers import rates


def test_fitting_is_deterministic_and_shares_sum_to_one() -> None:
    one = fit_rhythms(rates())
    assert one == fit_rhythms(rates())
    assert sum(p["weight"] for p in one) == pytest.approx(1.0, abs=1e-3)
    assert all(np.mean(p["week"]) == pytest.approx(1.0, abs=1e-2) for p in one)


def test_daytime_and_constant_clients_are_told_apart() -> None:
    found = [p for p in fit_rhythms(rates()) if p["on"] > 0.9]
    night = sorted(p["week"][3] for p in found)
    assert night[0] < 0.4
    assert night[-1] > 0.7
    assert any(p["on"] < 0.1 for p in fit_rhythms(rates()))


def test_wavering_is_recovered_from_series_that_waver_so() -> None:
    rng = np.random.default_rng(3)
    z = rng.standard_normal((40, 2016))
    for t in range(1, 2016):
        z[:, t] = 0.9 * z[:, t - 1] + np.sqrt(1 - 0.81) * z[:, t]
    found = waver(np.exp(0.7 * z), np.ones(168))
    assert found["sigma"] == pytest.approx(0.7, rel=0.1)
    assert found["persistence"] == pytest.approx(0.9, abs=0.03)
    assert found["on"] == pytest.approx(1.0, abs=1e-4)


def test_weeks_begin_on_monday_though_the_trace_does_not() -> None:
    rate = np.ones((1, 2016))
    rate[0, :6] = rate[0, 1008:1014] = 3.0
    assert int(np.argmax(weeks(rate)[0])) == FIRST_HOUR


def test_a_separable_week_keeps_days_and_hours() -> None:
    hours = 1 + np.sin(np.arange(24) / 24 * 2 * np.pi) * 0.5
    week = np.outer([1, 1, 1, 1, 1, 0.5, 0.5], hours).ravel()
    assert np.abs(separable(week) - week).max() < 0.05


def test_odd_ones_out_make_no_cluster_of_their_own() -> None:
    points = np.vstack([np.zeros((10, 3)), np.ones((10, 3)), np.full((1, 3), 50.0)])
    points += np.random.default_rng(1).normal(0, 0.01, points.shape)
    label = k_means(points, 3)
    assert np.bincount(label).min() >= 3
    assert len(set(label[:10])) == 1


def test_correlations_are_what_they_are_called() -> None:
    assert lag_one(np.array([[1.0, -1.0] * 50]))[0] == pytest.approx(-0.99)
    grown = np.repeat(np.arange(1, 11)[:, None], 2016, axis=1) * (
        np.arange(2016)[None] < np.arange(100, 2001, 200)[:, None]
    )
    assert load_rank(grown.astype(float)) == pytest.approx(1.0)
