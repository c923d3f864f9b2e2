"""The chances of all loads sum to one, and a tool's loads are likeliest near the concentration that made them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from stillwatch.evidence.population.loads import load_curve, log_spread
from tests.evidence.population.makers import rows_of_mix


@pytest.mark.parametrize("concentration", (0.3, 2.0, np.inf))
def test_the_chances_of_all_loads_of_three_accounts_sum_to_one(concentration: float) -> None:
    every = [np.array([a, b, 7 - a - b]) for a, b in product(range(8), repeat=2) if a + b <= 7]
    assert sum(np.exp(log_spread(loads, concentration)) for loads in every) == pytest.approx(1.0)


def test_the_concentration_of_a_large_tool_is_found() -> None:
    loads = rows_of_mix(np.random.default_rng(1), 1, 40_000, [1.0] * 800, 800 * 2.0)[0]
    grid = np.geomspace(0.1, 100, 31)
    assert 1.6 <= grid[load_curve(loads, grid).argmax()] <= 2.5
