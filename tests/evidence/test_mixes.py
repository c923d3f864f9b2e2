"""Mixes are counted as they are, and honest groups, as alike as honest groups get, have a mean of at most one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import logsumexp
from scipy.stats import norm

from stillwatch.evidence.mixes import (
    KINDS,
    MIN_MEMBERS,
    MIN_REQUESTS,
    Mix,
    alikeness,
    honest_concentrations,
    lumped,
    table,
    told_apart,
)
from stillwatch.evidence.population.robust import QUANTILE, Estimate
from tests.evidence.population.makers import estimate, rows_of_mix
from tests.signals.makers import upper_bound
from tests.signals.mixes import mix_of

HONEST = estimate(middle=2.0, spread=0.7, below=0.3, above=0.4)
CAREFUL = (HONEST.level + HONEST.above - HONEST.middle) / QUANTILE


def log10_e(counts: np.ndarray, honest: Estimate = HONEST) -> float:
    found = alikeness(mix_of(counts), honest)
    return 0.0 if found is None else found.log10_e


def test_a_table_holds_members_with_enough_requests_the_most_first() -> None:
    counts = np.array([[1, 1, 0], [5, 0, 4], [0, 2, 1], [0, 0, 0]])
    assert table(mix_of(counts)).tolist() == [[5, 0, 4], [0, 2, 1]]


def test_a_kind_in_several_streams_of_a_member_is_one_entry() -> None:
    several = Mix(np.array([0, 0, 1]), np.array([7, 7, 7]), np.array([2, 3, 4]), 2)
    assert table(several).tolist() == [[5], [4]]


def test_kinds_of_one_member_only_are_not_told_apart_and_there_are_not_too_many() -> None:
    assert told_apart(np.array([[3, 0, 2], [1, 4, 0]])).tolist() == [0]
    many = np.tile(np.arange(1, KINDS + 9), (3, 1))
    assert told_apart(many).tolist() == list(range(8, KINDS + 8))
    assert lumped(many, told_apart(many)).sum() == many.sum()


def test_honest_concentrations_are_a_distribution_with_its_threshold_at_the_careful_end() -> None:
    concentrations, weights = honest_concentrations(HONEST)
    assert logsumexp(weights) == pytest.approx(0.0, abs=1e-9)
    beyond = np.exp(weights[concentrations > HONEST.high * np.exp(0.25 * CAREFUL)]).sum()
    assert 0.002 < beyond < 0.02


@pytest.mark.parametrize(
    ("members", "requests", "base", "runs"),
    [
        (8, 30, [3, 2, 1, 1], 80),
        (20, 60, [1] * 20, 20),
        (16, 20, [2] * 5, 40),
        (12, 8, [1, 1], 30),
        (70, 20, [2] * 8, 20),
    ],
)
def test_honest_groups_have_a_mean_of_at_most_one(
    members: int, requests: int, base: list[float], runs: int
) -> None:
    """Summed over concentrations by how many honest groups have each, so that the far tail is seen, too."""
    random, steps = np.random.default_rng(members), np.arange(-2.0, 4.6, 0.5)
    share = 0.5 * norm.pdf(steps)
    e = np.array(
        [
            [
                10 ** log10_e(rows_of_mix(random, members, requests, random.dirichlet(base).tolist(), alike))
                for _run in range(runs)
            ]
            for alike in np.exp(HONEST.middle + CAREFUL * steps)
        ]
    )
    error = np.sqrt((share**2 * e.var(axis=1) / runs).sum())
    assert share @ e.mean(axis=1) + 2 * error <= 1.0


def test_members_of_unlike_segments_are_no_evidence() -> None:
    """Half of the members do the one thing, half the other: mixes that no single base explains."""
    random = np.random.default_rng(1)
    one, other = ([8, 1, 1, 1], [1, 1, 1, 8])
    e = []
    for _run in range(60):
        halves = [rows_of_mix(random, 10, 30, base, 7.0) for base in (one, other)]
        e.append(10 ** log10_e(np.vstack(halves)))
    assert upper_bound(e) <= 1.0


def test_members_dealt_from_one_stream_convince_and_more_members_convince_more() -> None:
    random = np.random.default_rng(2)
    few, many = (
        np.median([log10_e(rows_of_mix(random, n, 60, [3, 2, 2, 1, 1, 1], np.inf)) for _run in range(20)])
        for n in (10, 60)
    )
    assert few > 1.0
    assert many > few + 1.0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 1000), st.integers(6, 30), st.sampled_from([1.0, 10.0, np.inf]))
def test_names_of_members_and_of_kinds_do_not_matter_to_a_member(
    seed: int, members: int, alike: float
) -> None:
    random = np.random.default_rng(seed)
    counts = rows_of_mix(random, members, 25, [3, 2, 1, 1], alike)
    assert log10_e(counts[random.permutation(members)]) == pytest.approx(log10_e(counts), abs=1e-9)


def test_too_few_members_or_kinds_say_nothing() -> None:
    random = np.random.default_rng(1)
    assert alikeness(mix_of(rows_of_mix(random, MIN_MEMBERS - 1, 50, [2, 1], np.inf)), HONEST) is None
    assert alikeness(mix_of(rows_of_mix(random, 30, 50, [1], np.inf)), HONEST) is None
    assert alikeness(mix_of(np.full((30, 2), MIN_REQUESTS // 2)), HONEST) is None


def test_a_population_that_is_alike_itself_makes_less_of_it() -> None:
    counts = rows_of_mix(np.random.default_rng(3), 40, 40, [3, 2, 1, 1], np.inf)
    assert log10_e(counts, estimate(middle=4.5)) < log10_e(counts, estimate(middle=2.0))
