"""A log's population is taken out of it as it is, learned in any order of rows, and judged by what was known before."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from stillwatch.campaigns.measuring.populations import learn, observe, profiled
from stillwatch.evidence.population.profile import shipped_profile, to_json
from tests.campaigns.makers import TEMPLATE, names, traffic, work
from tests.evidence.population.makers import profile
from tests.workloads.makers import NOON

USERS = names("a", 12)
ROWS = work(USERS, 4) + work(USERS[:5], 3, 100, TEMPLATE + 2, turns=3, messages=5)


def test_loads_rates_and_streams_are_those_of_the_log() -> None:
    with traffic(ROWS) as held:
        found = observe(held)
    assert found.loads.tolist() == [7] * 5 + [4] * 7
    k, n = found.rates["openings"]
    assert k.tolist() == [4] * 12
    assert n.tolist() == found.loads.tolist()
    assert found.streams.exchanges.sum() == len(ROWS)
    assert sorted(found.holders["form"].tolist()) == [5, 12]


def test_every_request_has_its_hour_of_the_day() -> None:
    rows = [row | {"time": NOON + timedelta(hours=i % 7)} for i, row in enumerate(ROWS)]
    with traffic(rows) as held:
        found = observe(held)
    assert found.hours is not None
    assert found.hours.sum() == len(rows)
    assert found.hours.sum(axis=1).tolist() == found.loads.tolist()
    assert np.count_nonzero(found.hours.sum(axis=0)) == 7


def test_the_order_of_rows_does_not_matter() -> None:
    order = np.random.default_rng(1).permutation(len(ROWS)).tolist()
    with traffic(ROWS) as one, traffic(ROWS, order=order) as other:
        assert to_json(learn(one)) == to_json(learn(other))


def test_without_a_stored_profile_the_log_itself_is_judged_by_leaning_on_the_shipped_one() -> None:
    with traffic(ROWS) as held:
        judged, stored = profiled(held, None)
    used = judged.population.profile
    assert stored.accounts == len(USERS)
    assert used.accounts > stored.accounts
    assert set(used.estimates) == set(shipped_profile().estimates)


def test_with_one_it_is_judged_by_what_was_known_before_it_was_seen() -> None:
    before = profile(until=(NOON - timedelta(days=10)).timestamp())
    with traffic(ROWS) as held:
        judged, stored = profiled(held, before)
        again, _after = profiled(held, before)
    assert judged.population.profile == again.population.profile
    assert stored.until > before.until
    assert stored.accounts > len(USERS)
    mine = judged.population.profile.estimates
    assert mine["workload_mix_concentration"] != shipped_profile().estimates["workload_mix_concentration"]


def test_a_log_that_was_learned_from_is_not_learned_from_again() -> None:
    with traffic(ROWS) as held:
        _judged, once = profiled(held, None)
        _judged, twice = profiled(held, once)
    assert twice is once
