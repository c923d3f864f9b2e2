"""The reference profile is a ratio of two distributions: its mean over honest work is one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.profile import SMOOTHING, ShapeProfile, shape_profile
from stillwatch.signals.harvest_shape import marks_of_harvest
from tests.signals.makers import use

counts = st.lists(st.floats(0, 1e6), min_size=2, max_size=15)


def honest_share(counted: tuple[float, ...]) -> np.ndarray:
    smoothed = np.array(counted) + SMOOTHING
    return np.asarray(smoothed / smoothed.sum())


def mean_e(profile: ShapeProfile, *, shared: bool) -> float:
    """Return the mean of the ratio over honest work."""
    honest = honest_share(profile.shared if shared else profile.single)
    e = np.array([10 ** profile.log10_ratio(marks, shared=shared) for marks in range(len(honest))])
    return float(honest @ e)


@pytest.mark.parametrize("shared", (False, True))
def test_the_shipped_ratio_is_an_e_value(shared: bool) -> None:
    assert mean_e(shape_profile(), shared=shared) == pytest.approx(1.0)


@given(st.data(), st.booleans())
def test_any_counted_ratio_is_an_e_value(data: st.DataObject, shared: bool) -> None:
    size = data.draw(st.integers(2, 12))
    column = st.tuples(*[st.floats(0, 1e6)] * size)
    profile = ShapeProfile(*(data.draw(column) for _field in range(3)))
    assert mean_e(profile, shared=shared) == pytest.approx(1.0)


def test_the_shipped_profile_has_a_place_for_every_number_of_marks() -> None:
    profile, places = shape_profile(), len(marks_of_harvest(use())) + 1
    assert len(profile.single) == len(profile.shared) == len(profile.harvest) == places


def test_the_shipped_profile_counted_something_everywhere_it_speaks_of() -> None:
    profile = shape_profile()
    assert min(sum(profile.single), sum(profile.shared), sum(profile.harvest)) >= 100


def test_typical_is_where_most_honest_work_lies() -> None:
    profile = ShapeProfile(single=(0.0, 5.0, 1.0), shared=(0.0, 0.0, 3.0), harvest=(0.0, 0.0, 9.0))
    assert profile.typical == 1


def test_what_harvests_show_more_than_honest_work_speaks_against_it() -> None:
    profile = ShapeProfile(single=(90.0, 10.0), shared=(50.0, 50.0), harvest=(10.0, 90.0))
    assert profile.log10_ratio(1, shared=False) > profile.log10_ratio(1, shared=True) > 0
    assert profile.log10_ratio(0, shared=False) < 0
