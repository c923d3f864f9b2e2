"""The share of an account's traffic is bounded from below, for all sets of workloads that could be chosen."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from stillwatch.campaigns.attribute.shares import CONFIDENCE, sets_tried, share_lower, share_of
from stillwatch.campaigns.measuring import measure
from tests.campaigns.makers import TEMPLATE, bench, finding, names, proposal, traffic, work


@given(st.integers(1, 400), st.data())
def test_the_share_is_a_lower_bound_by_clopper_and_pearson(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    bound = share_lower(part, whole)
    assert 0.0 <= bound <= part / whole
    if part:  # at the bound, as many or more are seen just as rarely as allowed
        assert binom.sf(part - 1, whole, bound) == pytest.approx(1 - CONFIDENCE, rel=1e-6)
    else:
        assert bound == 0.0


@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_the_bound_is_above_the_true_share_as_rarely_as_it_says(share: float) -> None:
    whole = 40
    parts = np.arange(whole + 1)
    wrong = np.array([share_lower(int(k), whole) > share for k in parts])
    assert binom.pmf(parts, whole, share)[wrong].sum() <= 1 - CONFIDENCE + 1e-9


def test_more_of_the_same_share_makes_the_bound_tighter() -> None:
    bounds = [share_lower(n, 2 * n) for n in (2, 20, 200)]
    assert bounds == sorted(bounds) and bounds[-1] > 0.45


@given(st.integers(1, 200), st.integers(0, 200), st.floats(1, 1e6), st.floats(0, 0.9))
def test_choice_and_honest_use_only_lower_the_bound(
    whole: int, part: int, sets: float, honest: float
) -> None:
    part = min(part, whole)
    plain = share_lower(part, whole)
    assert 0.0 <= share_lower(part, whole, sets, honest) <= share_lower(part, whole, sets) <= plain


def test_who_uses_a_public_tool_like_everybody_has_no_share() -> None:
    assert share_lower(300, 1_000, honest=0.3) == 0.0
    assert share_lower(1_000, 1_000, honest=0.3) > 0.99
    assert share_lower(650, 1_000, honest=0.3) == pytest.approx((share_lower(650, 1_000) - 0.3) / 0.7)


@pytest.mark.parametrize("candidates", [1, 2, 5, 9])
def test_all_sets_of_workloads_together_spend_the_level_once(candidates: int) -> None:
    sets = [s for size in range(1, candidates + 1) for s in combinations(range(candidates), size)]
    assert sum(1 / sets_tried(len(s), candidates) for s in sets) == pytest.approx(1.0)


def test_no_choice_costs_nothing() -> None:
    assert sets_tried(1, 1) == 1.0
    assert sets_tried(0, 3) == 1.0
    assert sets_tried(4, 3) == 1.0


def test_the_largest_of_many_workloads_is_bounded_as_rarely_above_its_share_as_it_says() -> None:
    """Six workloads of equal share; the one that came out largest is chosen, the bound still holds."""
    random, whole, kinds, runs = np.random.default_rng(2), 60, 6, 3000
    counts = random.multinomial(whole, [1 / kinds] * kinds, size=runs).max(axis=1)
    simultaneous = np.array([share_lower(int(k), whole, sets_tried(1, kinds)) for k in counts])
    naive = np.array([share_lower(int(k), whole) for k in counts])
    assert (simultaneous > 1 / kinds).mean() <= 1 - CONFIDENCE
    assert (naive > 1 / kinds).mean() > 1 - CONFIDENCE


def test_a_finding_pays_for_what_everybody_sends_in_its_workload() -> None:
    pool, people = names("a", 6), names("z", 20)
    private = work(pool, 20) + work(people, 10, 500, TEMPLATE + 1)
    public = private + work(people, 10, 1_000)
    bounds = []
    for rows in (private, public):
        with traffic(rows) as held:
            made = proposal(held, pool, TEMPLATE)
            of = finding(measure(bench(held, made), made), "distillation_campaign")
            bounds.append(share_of(held, of, 15, 20))
            tied = finding(measure(bench(held, made), made), "related_accounts")
            assert share_of(held, tied, 15, 20) == share_lower(15, 20)
    assert share_lower(15, 20) > bounds[0] > bounds[1]
