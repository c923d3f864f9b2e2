"""Groups of earlier scans are looked up by their members; later data add up, the same data do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from stillwatch.campaigns.lasting.carried import look_up, moment, numbers_of, span_of, weigh
from stillwatch.campaigns.measuring import set_up
from tests.campaigns.lasting.makers import PASSED, START, candidate, day, known, ledger, pool
from tests.campaigns.makers import numbers

POOL = pool()


def test_members_are_found_by_their_ids_whoever_is_gone() -> None:
    with day(0, POOL, honest=20) as held:
        assert numbers_of(held, [*POOL, "nobody"]).tolist() == numbers(held, POOL).tolist()
        assert numbers_of(held, []).tolist() == []


def test_the_span_is_that_of_the_data_in_event_time() -> None:
    with day(2, POOL, honest=20) as held:
        first, last = span_of(held)
    assert START + timedelta(days=2) <= first < last < START + timedelta(days=3)
    assert moment(first.timestamp()) == first


def test_a_group_is_looked_up_where_two_of_it_are_there() -> None:
    records = [candidate(POOL), candidate([POOL[0], "gone"]), known("C-1", POOL), candidate(pool("z"))]
    with day(1, POOL, honest=20) as held:
        found = look_up(held, records)
    assert [one.record for one in found] == [records[0], records[2]]
    assert [one.later for one in found] == [True, False]  # of a campaign without a ledger nothing adds up


@pytest.mark.parametrize("counted_until", [0, 1, 2])
def test_only_data_after_what_was_counted_add_up(counted_until: int) -> None:
    until = START + timedelta(days=counted_until)
    with day(1, POOL, passed=3, honest=20) as held:
        carried = look_up(held, [candidate(POOL, ledger=ledger(until))])
        weighed = weigh(set_up(held, [carried[0].proposal]), carried[0])
    later = counted_until <= 1
    assert carried[0].later is later and weighed.ledger is not None
    assert weighed.ledger.scans == (2 if later else 1)
    assert (PASSED in weighed.ledger.passed) is later
    if later:
        assert weighed.ledger.until == span_of_day_one()
        assert any("2 scans" in row.observed for row in weighed.judged.evidence)


def span_of_day_one() -> object:
    with day(1, POOL, passed=3, honest=20) as held:
        return span_of(held)[1]
