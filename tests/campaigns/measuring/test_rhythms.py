"""Hours of the day at a workload: an hour of a day counts once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stillwatch.campaigns.measuring.rhythms import HOURS, hours_of, rhythm_of
from tests.campaigns.makers import TEMPLATE, numbers, sent, traffic

MIDNIGHT = datetime(2026, 11, 2, tzinfo=UTC)


def at(number: int, account: str, day: int, hour: int, workload: int = TEMPLATE):
    return sent(number, account, workload, time=MIDNIGHT + timedelta(days=day, hours=hour, minutes=number))


def test_a_busy_hour_counts_once_and_the_same_hour_of_another_day_again() -> None:
    rows = [at(0, "a", 0, 9), at(1, "a", 0, 9), at(2, "a", 1, 9), at(3, "a", 1, 22), at(4, "b", 0, 3)]
    rows.append(at(5, "a", 3, 4, TEMPLATE + 1))
    with traffic(rows) as held:
        hours = hours_of(held, [TEMPLATE])
        found = rhythm_of(hours, TEMPLATE, numbers(held, ["a"]))
        other = rhythm_of(hours, TEMPLATE, numbers(held, ["b"]))
    assert found is not None and other is not None
    assert found.hours.shape == (1, HOURS)
    assert found.hours[0, 9] == 2 and found.hours[0, 22] == 1 and found.hours.sum() == 3
    assert found.days.tolist() == [2]
    assert other.hours[0, 3] == 1 and other.days.tolist() == [1]


def test_the_order_of_rows_and_whole_weeks_change_nothing() -> None:
    rows = [at(n, "ab"[n % 2], n % 4, n % 24) for n in range(30)]
    later = [row | {"time": row["time"] + timedelta(weeks=3)} for row in rows]
    with traffic(rows) as held, traffic(later, order=list(range(29, -1, -1))) as moved:
        members = numbers(held, ["a", "b"])
        one, two = (rhythm_of(hours_of(t, [TEMPLATE]), TEMPLATE, members) for t in (held, moved))
    assert one is not None and two is not None
    assert one.hours.tolist() == two.hours.tolist() and one.days.tolist() == two.days.tolist()


def test_workloads_that_nobody_asked_for_have_no_rhythm() -> None:
    with traffic([at(0, "a", 0, 9)]) as held:
        assert hours_of(held, []) == {}
        assert rhythm_of(hours_of(held, [TEMPLATE]), TEMPLATE + 1, numbers(held, ["a"])) is None
