"""The likeliest base is the likeliest, its bound holds, and the concentration that made rows is found again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import dirichlet_multinomial, multinomial

from stillwatch.evidence.population.dirichlet import GAP, concentration_curve, likeliest_base, log_mixes
from tests.evidence.population.makers import rows_of_mix

ROWS = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=8).filter(
    lambda rows: all(sum(row) > 0 for row in rows)
)


def coefficients(counts: np.ndarray) -> float:
    """Return the log of the multinomial coefficients, which do not depend on the mix."""
    even = np.full(counts.shape[1], 1 / counts.shape[1])
    return float(sum(multinomial.logpmf(row, row.sum(), even) - (row * np.log(even)).sum() for row in counts))


@given(ROWS, st.floats(0.2, 50.0))
def test_the_likelihood_is_that_of_the_distribution(rows: list[list[int]], concentration: float) -> None:
    counts, base = np.array(rows), np.array([0.5, 0.3, 0.2])
    known = sum(dirichlet_multinomial.logpmf(row, concentration * base, int(row.sum())) for row in counts)
    assert log_mixes(counts, base, concentration) + coefficients(counts) == pytest.approx(known, abs=1e-6)


def test_an_infinite_concentration_is_the_multinomial_that_large_ones_approach() -> None:
    counts, base = np.array([[3, 2, 5], [1, 4, 4]]), np.array([0.2, 0.3, 0.5])
    assert log_mixes(counts, base, np.inf) == pytest.approx(log_mixes(counts, base, 1e8), abs=1e-4)


@settings(max_examples=40)
@given(ROWS, st.floats(0.1, 200.0), st.integers(0, 10_000))
def test_no_base_is_likelier_than_the_bound_and_the_base_found_is_near_it(
    rows: list[list[int]], concentration: float, seed: int
) -> None:
    counts = np.array(rows)
    base, bound = likeliest_base(counts, concentration)
    others = np.random.default_rng(seed).dirichlet([0.7] * 3, 50)
    assert all(log_mixes(counts, np.maximum(other, 1e-12), concentration) <= bound + 1e-6 for other in others)
    assert log_mixes(counts, base, concentration) >= bound - GAP - 1e-6


@pytest.mark.parametrize("truth", (1.0, 5.0, 25.0))
def test_the_concentration_that_made_many_rows_is_found(truth: float) -> None:
    counts = rows_of_mix(np.random.default_rng(2), 400, 60, [3, 2, 2, 1], truth)
    grid = np.geomspace(0.1, 1000, 41)
    assert 0.7 <= grid[concentration_curve(counts, grid).argmax()] / truth <= 1.4


def test_few_rows_look_no_less_alike_than_they_are() -> None:
    random, grid = np.random.default_rng(3), np.geomspace(0.1, 1000, 25)
    found = [
        grid[concentration_curve(rows_of_mix(random, 8, 30, [1] * 6, 7.0), grid).argmax()]
        for _run in range(40)
    ]
    assert np.log(found).mean() >= np.log(7.0)
