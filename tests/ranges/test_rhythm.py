from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.rhythm import EVEN, HOME, NIGHT, OFFICE, burst, loads, moments, thinking


@given(st.integers(0, 99), st.integers(1, 60), st.integers(0, 3_000))
def test_loads_give_everybody_one_and_about_the_total(seed: int, accounts: int, total: int) -> None:
    shared = loads(Random(seed), accounts, total)
    assert len(shared) == accounts and min(shared) >= 1
    assert abs(sum(shared) - max(total, accounts)) <= 2 * accounts


def test_loads_are_heavy_tailed() -> None:
    shared = sorted(loads(Random(1), 500, 10_000, 1.1))
    assert shared[-1] > 10 * shared[250]


@given(st.integers(0, 99), st.floats(0.1, 9), st.sampled_from([EVEN, HOME, NIGHT, OFFICE]))
def test_moments_are_ascending_and_within_the_range(seed: int, days: float, hours: tuple[int, ...]) -> None:
    at = moments(Random(seed), 30, days, hours)
    assert at == sorted(at) and at[0] >= 0 and at[-1] <= days * 86_400


def test_offices_sleep_and_rest_at_weekends() -> None:
    at = moments(Random(1), 4_000, 7, OFFICE)
    night = sum((t / 3_600) % 24 < 5 for t in at)
    weekend = sum(t >= 5 * 86_400 for t in at)
    assert night < 200 and weekend < 4_000 * 2 / 7


def test_a_burst_begins_where_told_and_goes_on() -> None:
    at = burst(Random(1), 100, 50.0, 2.0)
    assert at[0] == 50.0 and at == sorted(at) and 100 < at[-1] < 600
    assert burst(Random(1), 0, 0.0, 1.0) == []
    assert thinking(Random(1)) > 8
