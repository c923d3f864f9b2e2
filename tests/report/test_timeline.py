"""The timeline counts every exchange once, at any length of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.report.timeline import EACH_ALONE, FINEST, SHOWN_OF_MANY, timeline

from .makers import START, campaign

moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda m: m.replace(tzinfo=UTC))
activity = st.lists(
    st.tuples(st.sampled_from("abc"), moments, st.integers(0, 90), st.integers(0, 90)), min_size=1
)


@settings(deadline=None)
@given(activity)
def test_every_exchange_is_counted_once(rows: list) -> None:
    drawn = timeline(campaign(timeline=tuple(rows)))
    assert drawn is not None
    assert sum(r.campaign for r in drawn.rows) == sum(ours for _, _, ours, _ in rows)
    assert sum(r.other for r in drawn.rows) == sum(other for *_, other in rows)
    assert all(r.svg.count("h") <= FINEST * 12 for r in drawn.rows)
    assert drawn.ticks
    assert all(0 <= float(left) <= 100 for left, _ in drawn.ticks)


def test_a_large_group_is_summed_and_its_busiest_shown() -> None:
    drawn = timeline(campaign(accounts=EACH_ALONE + 5))
    assert drawn is not None
    assert len(drawn.rows) == SHOWN_OF_MANY
    assert [r.name for r in drawn.sums] == ["All accounts together", "Accounts active at once"]
    assert drawn.rows[0].campaign >= drawn.rows[-1].campaign


def test_one_moment_and_no_activity() -> None:
    once = timeline(campaign(timeline=(("a", START, 3, 0),)))
    assert once is not None
    assert (once.rows[0].campaign, once.sums) == (3, ())
    assert timeline(campaign(timeline=())) is None


def test_columns_are_no_finer_than_the_buckets_given() -> None:
    hourly = timeline(campaign(timeline=tuple(("a", START + timedelta(hours=h), 1, 0) for h in range(24))))
    assert hourly is not None
    assert "One column is 1 hour." in hourly.note
