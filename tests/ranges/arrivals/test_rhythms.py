"""Typical weeks: mean one, written ones first, drawn by load in their shares."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.arrivals.rhythms import WRITTEN, load_rhythms, rhythm, rhythms_by_load


def test_every_week_has_mean_one_and_no_hour_is_impossible() -> None:
    weeks = load_rhythms()
    assert weeks.week.shape == (len(weeks.names), 168)
    assert np.allclose(weeks.week.mean(axis=1), 1.0)
    assert (weeks.week > 0).all()
    assert ((weeks.on > 0) & (weeks.on <= 1)).all()
    assert ((weeks.persistence >= 0) & (weeks.persistence < 1)).all()


def test_written_weeks_come_first_and_rest_on_weekends() -> None:
    weeks = load_rhythms()
    assert weeks.names[:4] == tuple(WRITTEN)
    home, office, even = (weeks.week[rhythm(n)] for n in ("home", "office", "even"))
    assert home[120:].sum() / home[:48].sum() == pytest.approx(0.6)
    assert office[120:].sum() / office[:48].sum() == pytest.approx(0.2)
    assert np.allclose(even, 1.0)
    assert weeks.threshold[rhythm("even")] == -np.inf


def test_an_unknown_week_is_told_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match="office"):
        rhythm("siesta")


def test_who_asks_more_asks_more_constantly_and_shares_are_kept() -> None:
    weeks = load_rhythms()
    loads = np.random.default_rng(1).integers(1, 10_000, 20_000)
    drawn = rhythms_by_load(np.random.default_rng(2), loads)
    share = np.bincount(drawn, minlength=len(weeks.names)) / loads.size
    assert np.abs(share - weeks.weight).max() < 0.02
    assert weeks.on[drawn[loads > 9_000]].mean() > 0.7
    assert weeks.on[drawn[loads < 1_000]].mean() < 0.1
    assert rhythms_by_load(np.random.default_rng(2), loads[:0]).size == 0
