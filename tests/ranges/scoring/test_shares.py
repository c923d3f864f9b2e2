"""Shares and their means."""

from __future__ import annotations

import pytest

from stillwatch.ranges.scoring.shares import Share, harmonic_mean


def test_a_share_knows_its_interval_and_its_record() -> None:
    assert Share(5, 10).interval == pytest.approx((0.1871, 0.8129), abs=1e-4)
    assert Share(5, 10).record()["share"] == 0.5
    assert str(Share(1, 3)) == "33.3%"


def test_nothing_divided_by_nothing_is_not_a_number() -> None:
    assert Share(0, 0).share is None
    assert Share(0, 0).record() == {"hits": 0, "of": 0, "share": None, "low": 0.0, "high": 1.0}
    assert str(Share(0, 0)) == "–"


def test_the_harmonic_mean_is_none_where_a_part_is() -> None:
    assert harmonic_mean(0.5, 1.0) == pytest.approx(2 / 3)
    assert harmonic_mean(0.0, 0.0) == 0.0
    assert harmonic_mean(None, 1.0) is None
