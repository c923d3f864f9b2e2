"""What is compared is compared fairly: splits are fixed, thinning is allowed for, distances are small."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.arrivals.clock import gamma_shape
from stillwatch.ranges.arrivals.held_out import (
    MOST_EVENTS,
    SPLITS,
    Comparison,
    compare_clock,
    compare_lengths,
    condensed,
    halves,
    thinned_shape,
    variation_of_gaps,
    wavering,
)
from tests.ranges.arrivals.makers import TRACES, needs_traces, sampled


def test_halves_are_halves_drawn_once_and_for_all() -> None:
    assert halves(101, 3).sum() == 50
    assert np.array_equal(halves(101, 3), halves(101, 3))
    assert not np.array_equal(halves(101, 3), halves(101, 4))


def test_distance_is_nought_of_the_same_and_one_of_what_does_not_meet() -> None:
    low, high = np.arange(9.0), np.arange(9.0) + 100
    assert Comparison("same", low, low, high).ks == 0.0
    assert Comparison("same", low, low, high).between_halves == 1.0


def test_variation_is_of_the_gaps_within_each_owner() -> None:
    owner, at = np.array([0, 0, 0, 1, 1, 1]), np.array([0.0, 1.0, 2.0, 500.0, 501.0, 504.0])
    assert variation_of_gaps(owner, at, 3) == pytest.approx([0.0, 0.5, 0.0])


def test_a_thinned_renewal_process_has_the_variation_said() -> None:
    shape, family = gamma_shape(np.array([2.0])), np.zeros(1, np.int8)
    owner, at = sampled([200_000], shape=float(shape[0]))
    kept = np.random.default_rng(5).random(at.size) < 0.3
    expected = float(1 / np.sqrt(thinned_shape(shape, family, np.array([0.3]))[0]))
    assert variation_of_gaps(owner[kept], at[kept], 1)[0] == pytest.approx(expected, rel=0.03)


def test_counts_of_a_busy_client_are_judged_as_if_thinned() -> None:
    rng = np.random.default_rng(1)
    busy = rng.poisson(rng.gamma(4.0, 250.0, (1, 2016))).astype(float)
    kept = MOST_EVENTS / busy.sum()
    thinned = rng.binomial(busy.astype(int), kept).astype(float)
    name = "Fano factor of ten minutes' counts"
    assert wavering(busy)[name][0] == pytest.approx(thinned.var() / thinned.mean(), rel=0.1)


def test_what_is_written_stands_for_tokens_again() -> None:
    assert condensed(np.array([240.0, 10.0])).tolist() == [240.0, 120.0]


@needs_traces
def test_held_out_clients_are_met() -> None:
    found, typical, held = compare_clock(TRACES, SPLITS[0])
    assert all(c.ks < 0.3 for c in found)
    assert held.shape[1] == typical.week.shape[1] == 168


@needs_traces
def test_held_out_lengths_are_met() -> None:
    assert all(c.ks < 0.3 for c in compare_lengths(TRACES, SPLITS[0]))
