"""The reference profiles are ratios of two distributions: their mean over honest work is at most one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.profile import (
    HARVESTS_SEEK,
    SMOOTHING,
    ShapeProfile,
    SoughtProfile,
    profiles_in_force,
    shape_profile,
    shipped_shape_profile,
    shipped_sought_profile,
    sought_profile,
)
from stillwatch.intents import CAPABILITIES, GENERAL
from stillwatch.signals.harvest_shape import marks_of_harvest
from tests.signals.makers import use

some_counts = st.dictionaries(st.sampled_from(sorted(HARVESTS_SEEK)), st.floats(0, 1e6))
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


def mean_sought(profile: SoughtProfile) -> tuple[float, float]:
    """Return the mean of the ratio over honest work, and the shares of honest work summed."""
    every = [(slug, clearly) for slug in HARVESTS_SEEK for clearly in (True, False)]
    honest = np.array([profile.honest_share(slug, clearly=clearly) for slug, clearly in every])
    e = np.array([10 ** profile.log10_ratio(slug, clearly=clearly) for slug, clearly in every])
    return float(honest @ e), float(honest.sum())


def test_harvests_are_taken_to_seek_every_capability_and_in_all_one() -> None:
    assert HARVESTS_SEEK.keys() == {GENERAL, *(label.slug for label in CAPABILITIES)}
    assert sum(HARVESTS_SEEK.values()) == pytest.approx(1.0)
    assert min(HARVESTS_SEEK.values()) > 0


def test_the_shipped_ratio_of_what_is_sought_is_an_e_value() -> None:
    mean, honest = mean_sought(sought_profile())
    assert honest == pytest.approx(1.0) and mean == pytest.approx(1.0)


@given(some_counts, some_counts)
def test_any_counted_ratio_of_what_is_sought_is_an_e_value(
    clear: dict[str, float], leaning: dict[str, float]
) -> None:
    mean, honest = mean_sought(SoughtProfile(clear, leaning))
    assert honest == pytest.approx(1.0) and mean == pytest.approx(1.0)


def test_the_shipped_profile_of_what_is_sought_names_capabilities_and_counted_plenty() -> None:
    profile = sought_profile()
    assert profile.clear.keys() | profile.leaning.keys() <= HARVESTS_SEEK.keys()
    assert min(*profile.clear.values(), *profile.leaning.values()) >= 0
    assert sum(profile.clear.values()) + sum(profile.leaning.values()) >= 500


def test_the_rarer_among_the_honest_the_more_it_says() -> None:
    rare, common = SoughtProfile({"vision": 1.0, "general": 999.0}, {}), SoughtProfile({"vision": 500.0}, {})
    assert rare.log10_ratio("vision", clearly=True) > 0 > common.log10_ratio("vision", clearly=True)
    assert rare.log10_ratio("vision", clearly=False) > rare.log10_ratio("vision", clearly=True)


def test_what_nobody_was_seen_to_ask_for_is_rare_and_not_impossible() -> None:
    profile = SoughtProfile({"general": 1_000.0}, {})
    assert 0 < profile.honest_share("preference", clearly=True) < 0.001
    assert np.isfinite(profile.log10_ratio("preference", clearly=True))


def test_other_profiles_are_in_force_inside_the_block_only_and_whatever_happens_there() -> None:
    sought, shape = SoughtProfile({"vision": 9.0}, {}), ShapeProfile((1.0,), (1.0,), (1.0,))
    with pytest.raises(RuntimeError), profiles_in_force(sought, shape):
        assert sought_profile() is sought and shape_profile() is shape
        with profiles_in_force(shipped_sought_profile(), shape):
            assert sought_profile() is shipped_sought_profile()
        assert sought_profile() is sought
        raise RuntimeError
    assert sought_profile() is shipped_sought_profile() and shape_profile() is shipped_shape_profile()


def test_a_ratio_is_of_the_shares_that_it_states() -> None:
    shape, sought = shape_profile(), sought_profile()
    ratio = shape.harvest_share(9) / shape.honest_share(9, shared=True)
    assert 10 ** shape.log10_ratio(9, shared=True) == pytest.approx(ratio)
    ratio = 0.5 * sought.harvest_share("vision") / sought.honest_share("vision", clearly=False)
    assert 10 ** sought.log10_ratio("vision", clearly=False) == pytest.approx(ratio)
    assert sought.total * sought.honest_share("vision", clearly=True) == pytest.approx(
        sought.clear["vision"] + SMOOTHING
    )
