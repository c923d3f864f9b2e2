"""Merging e-values keeps the laws of means and products, at any size."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.evalues.arithmetic import (
    CEILING,
    clip,
    hedge,
    log10_of,
    mean_log10,
    product_log10,
    weighted_mean_log10,
)

ROUNDING = 1e-9


powers = st.floats(-30, 30)
several = st.lists(powers, min_size=1, max_size=12)


@given(several)
def test_the_mean_lies_between_the_least_and_the_greatest(parts: list[float]) -> None:
    assert min(parts) - ROUNDING <= mean_log10(parts) <= max(parts) + ROUNDING


@given(several, st.randoms(use_true_random=False))
def test_mean_and_product_forget_the_order(parts: list[float], random: object) -> None:
    shuffled = list(parts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert mean_log10(shuffled) == pytest.approx(mean_log10(parts))
    assert product_log10(shuffled) == pytest.approx(product_log10(parts), abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_mean_and_product_are_those_of_plain_numbers(parts: list[float]) -> None:
    plain = [10.0**p for p in parts]
    assert mean_log10(parts) == pytest.approx(math.log10(sum(plain) / len(plain)), abs=1e-9)
    assert product_log10(parts) == pytest.approx(math.log10(math.prod(plain)), abs=1e-9)


def test_nothing_merged_is_no_evidence() -> None:
    assert mean_log10([]) == product_log10([]) == 0.0


@given(st.floats(-300, 300), st.floats(0.001, 0.999))
def test_a_hedged_e_value_loses_no_more_than_its_stake(log10_e: float, weight: float) -> None:
    hedged = hedge(log10_e, weight)
    assert hedged >= math.log10(1 - weight) - ROUNDING
    assert hedged >= log10_e + math.log10(weight) - ROUNDING
    assert hedged <= max(log10_e, 0.0) + ROUNDING


@given(st.floats(-5, 5), st.floats(0.001, 0.999))
def test_a_hedge_is_the_mixture_with_one(log10_e: float, weight: float) -> None:
    assert 10 ** hedge(log10_e, weight) == pytest.approx(weight * 10**log10_e + 1 - weight)


@given(powers, st.floats(-10, 30))
def test_clipping_only_lowers(log10_e: float, ceiling: float) -> None:
    assert clip(log10_e, ceiling) <= min(log10_e, ceiling)
    assert clip(clip(log10_e, ceiling), ceiling) == clip(log10_e, ceiling)


def test_without_a_ceiling_of_its_own_a_claim_ends_at_the_common_one() -> None:
    assert clip(CEILING + 1) == CEILING


def test_the_logarithm_of_nothing_is_finite() -> None:
    assert math.isfinite(log10_of(0.0))
    assert log10_of(1000.0) == pytest.approx(3.0)


huge = st.floats(-1e4, 1e4)


@given(st.lists(huge, min_size=1, max_size=12), st.data())
def test_nothing_overflows_at_ten_thousand_orders_of_ten(parts: list[float], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.floats(0.01, 1.0), min_size=len(parts), max_size=len(parts)))
    merged = float(weighted_mean_log10(parts, weights))
    for value in (merged, mean_log10(parts), product_log10(parts), hedge(parts[0], 0.5)):
        assert math.isfinite(value)
    assert min(parts) - 1e-6 <= merged <= max(parts) + 1e-6


@given(several, st.data())
def test_equal_weights_are_the_plain_mean_in_any_order(parts: list[float], data: st.DataObject) -> None:
    assert float(weighted_mean_log10(parts, np.full(len(parts), 3.0))) == pytest.approx(mean_log10(parts))
    order = data.draw(st.permutations(range(len(parts))))
    weights = np.arange(1.0, len(parts) + 1)
    there = weighted_mean_log10(np.array(parts)[order], weights[order])
    assert float(there) == pytest.approx(float(weighted_mean_log10(parts, weights)))


@given(several, st.integers(0, 11), st.floats(0, 10))
def test_no_merge_falls_as_a_part_rises(parts: list[float], at: int, more: float) -> None:
    higher = list(parts)
    higher[at % len(parts)] += more
    weights = np.arange(1.0, len(parts) + 1)
    assert mean_log10(higher) >= mean_log10(parts) - ROUNDING
    assert weighted_mean_log10(higher, weights) >= weighted_mean_log10(parts, weights) - ROUNDING
    assert hedge(higher[0], 0.3) >= hedge(parts[0], 0.3) - ROUNDING


def test_a_weighted_mean_by_hand() -> None:
    assert 10 ** float(weighted_mean_log10([2.0, 0.0], [1.0, 3.0])) == pytest.approx(0.25 * 100 + 0.75)
    assert float(weighted_mean_log10([9.0, 1.0], [0.0, 1.0])) == pytest.approx(1.0)
    rows = weighted_mean_log10([[2.0, 0.0], [0.0, 0.0]], [1.0, 1.0])
    assert rows.tolist() == pytest.approx([math.log10(50.5), 0.0])
    assert weighted_mean_log10(np.zeros((3, 0)), []).tolist() == [0.0] * 3


@pytest.mark.parametrize("weights", ([0.0, 0.0], [-1.0, 2.0], [math.inf, 1.0]))
def test_weights_that_are_none_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weights"):
        weighted_mean_log10([1.0, 2.0], weights)
