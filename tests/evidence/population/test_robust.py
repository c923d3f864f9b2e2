"""The middle and spread of honest units are found; one attacker in twenty moves no threshold beyond its interval."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.evidence.population.robust import (
    MIN_UNITS,
    QUANTILE,
    Estimate,
    estimate,
    likelihood_of,
    normal_fit,
    on_scale,
)

GRID = np.geomspace(0.1, 1000.0, 25)


def curves(truth: np.ndarray, exact: float = 0.3) -> np.ndarray:
    """Return log-likelihoods of units whose parameter was measured to `exact` on the log scale."""
    measured = np.log(truth) + exact * np.random.default_rng(7).standard_normal(len(truth))
    return np.asarray(-0.5 * ((np.log(GRID)[None, :] - measured[:, None]) / exact) ** 2)


def honest(random: np.random.Generator, units: int) -> np.ndarray:
    return np.exp(2.0 + 0.7 * random.standard_normal(units))


def found(truth: np.ndarray) -> Estimate:
    made = estimate(curves(truth), GRID, "log")
    assert made is not None
    return made


def test_middle_spread_and_threshold_of_many_units_are_found() -> None:
    fitted = found(honest(np.random.default_rng(1), 600))
    assert fitted.middle == pytest.approx(2.0, abs=0.1)
    assert fitted.spread == pytest.approx(0.7, abs=0.15)
    assert fitted.low < np.exp(2.0 + QUANTILE * 0.7) < fitted.high


@pytest.mark.parametrize("attackers", (1000.0, 300.0, 90.0, 40.0, 0.1))
@pytest.mark.parametrize("units", (60, 300))
@pytest.mark.parametrize("seed", range(2))
def test_one_attacker_in_twenty_moves_the_threshold_by_less_than_its_interval(
    attackers: float, units: int, seed: int
) -> None:
    truth = honest(np.random.default_rng(seed), units)
    clean, mixed = found(truth), found(np.append(truth, np.full(units // 19, attackers)))
    assert -mixed.below <= clean.level - mixed.level <= mixed.above


def test_a_plain_quantile_would_have_moved() -> None:
    """The test above can fail: without robustness the same attackers set the threshold."""
    truth = honest(np.random.default_rng(1), 600)
    mixed = found(np.append(truth, np.full(31, 1000.0)))
    assert np.log(np.quantile(np.append(truth, np.full(31, 1000.0)), 0.99)) > mixed.level + mixed.above
    assert np.log(np.quantile(truth, 0.99)) < mixed.level + mixed.above


def test_intervals_hold_the_truth_nearly_always() -> None:
    truth = 2.0 + QUANTILE * 0.7
    held = []
    for seed in range(20):
        fitted = found(honest(np.random.default_rng(seed), 120))
        held.append(fitted.level - fitted.below <= truth <= fitted.level + fitted.above)
    assert np.mean(held) >= 0.85


def test_a_unit_that_tells_nothing_changes_next_to_nothing() -> None:
    known = curves(honest(np.random.default_rng(1), 100))
    vague = np.vstack([known, np.zeros((20, len(GRID)))])
    a, b = (normal_fit(likelihood_of(c), on_scale(GRID, "log"), np.ones(len(c))) for c in (known, vague))
    assert a.level == pytest.approx(b.level, abs=0.05)


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(30)))
def test_the_order_of_the_units_does_not_matter(order: list[int]) -> None:
    made = curves(honest(np.random.default_rng(5), 30))
    assert estimate(made[order], GRID, "log") == estimate(made, GRID, "log")


def test_too_few_units_say_nothing() -> None:
    assert estimate(curves(np.ones(MIN_UNITS - 1)), GRID, "log") is None


@pytest.mark.parametrize(("scale", "value"), [("log", 3.0), ("logit", 0.2)])
def test_a_scale_goes_there_and_back(scale: str, value: float) -> None:
    x = float(on_scale(np.array([value]), scale)[0])  # type: ignore[arg-type]
    made = Estimate(scale, x, 0.1, x, 0.1, 0.1, 9.0)  # type: ignore[arg-type]
    assert made.value == pytest.approx(value)
    assert made.low < made.typical < made.high
