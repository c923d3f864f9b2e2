"""Taking up what others take up at the same rate has mean at most one; a form of the group's own convinces."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.signals.rare_template import SIGNAL
from tests.signals.makers import bare_group, plain, population, upper_bound, use


def weigh(holders: int, outsiders: int, size: int = 300, workloads: int = 1, members: int = 10) -> float:
    work = use(loads=[30] * holders, outside_loads=[30] * outsiders)
    group = bare_group(accounts=np.arange(members), uses=(work,), workloads=workloads)
    return plain(SIGNAL.weigh(group, population(size=size)))


@pytest.mark.parametrize("outsiders", (0, 3, 40, 200))
def test_at_the_rate_of_outsiders_the_mean_is_at_most_one(outsiders: int) -> None:
    rate = (outsiders + 1) / (300 - 10 + 2)
    k = np.arange(1, 11)
    e = np.array([weigh(int(holders), outsiders) for holders in k])
    assert binom.pmf(k, 10, rate) @ e <= 1 + 1e-6


@pytest.mark.parametrize("rate", (0.01, 0.1, 0.5))
def test_with_the_rate_seen_only_in_a_thousand_outsiders_the_mean_is_hardly_above_one(rate: float) -> None:
    k, seen = np.arange(1, 11), np.arange(991)
    seen = seen[binom.pmf(seen, 990, rate) > 1e-5]
    e = np.array([[weigh(int(holders), int(x), size=1000) for x in seen] for holders in k])
    assert binom.pmf(k, 10, rate) @ e @ binom.pmf(seen, 990, rate) <= 1.05


def test_the_best_of_several_workloads_pays_for_the_choice() -> None:
    random = np.random.default_rng(9)
    e = [
        max(weigh(int(k), 40, workloads=8) for k in random.binomial(10, 41 / 292, 8) if k)
        for _run in range(300)
    ]
    assert upper_bound(e) <= 1.0


def test_a_form_that_eight_of_ten_members_and_nobody_else_use_convinces() -> None:
    assert weigh(8, 0) >= 20


def test_what_everybody_uses_is_no_tie() -> None:
    assert weigh(10, 285) < 20


def test_where_the_form_itself_proposed_the_group_it_is_silent() -> None:
    assert SIGNAL.weigh(bare_group(uses=(use(),), origin="workload"), population()) is None


def test_work_without_a_common_form_says_nothing() -> None:
    assert SIGNAL.weigh(bare_group(uses=(use(templated=False),)), population()) is None
