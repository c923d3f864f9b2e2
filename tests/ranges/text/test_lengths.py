"""A profile's counts have the medians asked for and are never nothing."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.arrivals.lengths import LengthTables
from stillwatch.ranges.text.lengths import FREE, counts, profile


@pytest.mark.parametrize(("said", "asked"), [(1, 1), (5, 2), (16, 300), (3, 7)])
def test_medians_are_near_what_was_asked(said: float, asked: float) -> None:
    of_said, of_asked = counts()[:, profile(said, asked)]
    assert 0.7 < np.median(of_said) / said < 1.4
    assert 0.7 < np.median(of_asked) / asked < 1.4


def test_every_count_is_at_least_one() -> None:
    assert counts().shape == (2, 256, 64)
    assert counts().min() == 1


def test_profiles_of_columns() -> None:
    found = profile(np.array([1, 1000]), np.array([1, 1000]))
    assert found.dtype == np.uint8
    assert found.tolist() == [FREE, 255]


def test_no_sentences_is_no_profile() -> None:
    with pytest.raises(ValueError, match="over 0"):
        profile(0, 1)


def test_profiles_below_the_grid_are_those_fitted_to_traces() -> None:
    fitted = LengthTables.load()
    assert len(fitted.said) <= FREE
    assert (counts()[0, : len(fitted.said)] == fitted.said).all()
    assert (counts()[1, : len(fitted.asked)] == fitted.asked).all()
