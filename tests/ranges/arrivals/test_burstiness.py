"""Fits of gaps, rates and pauses recover what made-up clients were made with."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.arrivals.burstiness import fit_gaps, fit_rate, fit_think, middle_levels
from stillwatch.ranges.arrivals.traces import ClientArrivals


def clients(rate: float = 1.0) -> ClientArrivals:
    """Return eight clients, six of them Gamma at variation 1, two Weibull at 4, and one that is too quiet."""
    family = np.repeat(np.array([0] * 6 + [1] * 2 + [0], np.int8)[:, None], 5, axis=1)
    cv = np.where(family == 0, 1.0, 4.0)
    rates = np.full((9, 5), rate)
    rates[8], cv[8] = 0.01, 99.0
    return ClientArrivals(tuple("abcdefghi"), rates, cv, family)


def test_families_and_variations_are_recovered_and_quiet_windows_not_believed() -> None:
    found = fit_gaps(clients())
    assert found["gamma_share"] == pytest.approx(0.75)
    assert set(found["gamma_cv"]) == {1.0}
    assert set(found["weibull_cv"]) == {4.0}


def test_the_tail_index_of_pareto_rates_is_recovered() -> None:
    rate = (np.random.default_rng(1).pareto(1.2, 4_000) + 1.0)[:, None]
    many = ClientArrivals(("x",) * 4_000, rate, np.ones_like(rate), np.zeros(rate.shape, np.int8))
    assert fit_rate(many)["tail"] == pytest.approx(1.2, rel=0.1)


def test_log_normal_pauses_are_recovered() -> None:
    found = fit_think(np.random.default_rng(1).lognormal(4.0, 1.1, 50_000))
    assert found["mu"] == pytest.approx(4.0, abs=0.03)
    assert found["sigma"] == pytest.approx(1.1, abs=0.03)


def test_levels_are_in_the_middles() -> None:
    assert middle_levels(4).tolist() == [0.125, 0.375, 0.625, 0.875]
