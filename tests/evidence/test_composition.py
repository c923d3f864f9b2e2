"""A tree's value is what its operation makes of its parts, and each operation gives an e-value again."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.composition import Part, against, hedged, mean_of, of_row, price, product_of
from stillwatch.evidence.evalues import hedge, mean_log10
from tests.report.makers import evidence

powers = st.lists(st.floats(-12, 12), min_size=1, max_size=6)


def leaves(values: list[float]) -> list[Part]:
    return [of_row(evidence(signal=f"s{i}", log10_e=value)) for i, value in enumerate(values)]


@given(powers)
def test_a_mean_is_the_mean_and_with_equal_weights_the_same(values: list[float]) -> None:
    plain = mean_of("m", leaves(values))
    assert plain.log10_e == pytest.approx(mean_log10(values), abs=1e-9)
    assert mean_of("m", leaves(values), [3.0] * len(values)).log10_e == pytest.approx(plain.log10_e)
    assert [part.log10_e for part in plain.parts] == values


@given(st.lists(st.tuples(st.floats(-12, 12), st.floats(0.01, 5)), min_size=1, max_size=6))
def test_a_weighted_mean_counts_each_part_by_its_share(rows: list[tuple[float, float]]) -> None:
    values, weights = zip(*rows, strict=True)
    made = mean_of("m", leaves(list(values)), weights)
    shares = [part.weight for part in made.parts]
    assert sum(shares) == pytest.approx(1.0)  # type: ignore[arg-type]
    plain = sum(w * 10**v for v, w in rows) / sum(weights)
    assert 10**made.log10_e == pytest.approx(plain)
    assert min(values) - 1e-9 <= made.log10_e <= max(values) + 1e-9


def test_a_mean_of_nothing_is_refused_and_one_of_zeros_is_nothing() -> None:
    with pytest.raises(ValueError, match="empty"):
        mean_of("m", [])
    zero = Part("z", "row", -math.inf)
    assert mean_of("m", [zero, zero]).log10_e == -math.inf
    assert mean_of("m", [zero, Part("one", "row", 0.0)]).log10_e == pytest.approx(-math.log10(2))


@given(powers)
def test_a_product_adds_orders_of_ten(values: list[float]) -> None:
    assert product_of("p", leaves(values)).log10_e == pytest.approx(sum(values))
    assert product_of("p", []).log10_e == 0.0


@given(st.floats(-12, 12), st.floats(0.01, 0.99))
def test_what_is_hedged_never_falls_below_what_was_kept_back(value: float, weight: float) -> None:
    (leaf,) = leaves([value])
    made = hedged(leaf, weight)
    assert made.log10_e == pytest.approx(hedge(value, weight))
    assert made.log10_e >= math.log10(1 - weight) - 1e-9
    assert (made.parts, made.weight, made.name) == ((leaf,), weight, leaf.name)


def test_counter_evidence_and_prices_only_lower() -> None:
    assert against(evidence(log10_e=3.0)).log10_e == 0.0
    assert against(evidence(log10_e=-3.0)).log10_e == -3.0
    assert price("choice", -0.3).log10_e == -0.3
    with pytest.raises(ValueError, match="lowers"):
        price("choice", 0.1)


def test_a_walk_meets_every_node_once_parents_first() -> None:
    tree = product_of("axis", [hedged(mean_of("block", leaves([1.0, 2.0])), 0.5), price("p", -1.0)])
    assert [part.name for part in tree.walk()] == ["axis", "block", "block", "s0", "s1", "p"]
