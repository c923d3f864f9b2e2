"""What moved by more than its interval is said, in words; what stayed is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.evidence.population.betabinomial import Rate
from stillwatch.evidence.population.drift import drift
from stillwatch.evidence.population.learning import learn_from
from stillwatch.evidence.population.prevalence import STEPS, Prevalence
from stillwatch.evidence.population.profile import WORKLOADS
from stillwatch.evidence.population.rhythm import Rhythm
from stillwatch.evidence.population.segments import Segment
from tests.evidence.population.makers import estimate, observed, profile


def test_a_profile_has_not_moved_from_itself() -> None:
    made = learn_from(observed(np.random.default_rng(1)), "x")
    assert drift(made, made) == []


def test_the_same_population_seen_again_has_hardly_moved() -> None:
    one, two = (learn_from(observed(np.random.default_rng(seed)), "x") for seed in (1, 2))
    assert len(drift(one, two)) <= 2  # of some forty parameters


@pytest.mark.parametrize(("middle", "way"), [(3.0, "rose"), (1.0, "fell")])
def test_a_threshold_that_moved_is_told_with_both_intervals(middle: float, way: str) -> None:
    moved = drift(profile(), profile(estimates={WORKLOADS: estimate(middle=middle)}))
    assert [each.name for each in moved] == [WORKLOADS]
    assert way in moved[0].words
    assert f"{moved[0].after[0]:.3g}" in moved[0].words


def test_a_move_inside_the_intervals_is_none() -> None:
    assert drift(profile(), profile(estimates={WORKLOADS: estimate(middle=2.3)})) == []


def test_rates_hours_segments_and_shared_values_are_looked_at() -> None:
    flat = Rhythm((1 / 24,) * 24, (0.005,) * 24, 500.0)
    before = profile(
        rates={"refused": Rate(2.0, 98.0, 0.005, 0.01, 500.0)},
        rhythm=flat,
        segments={"small": Segment(100.0, 1.0, 2.0, {})},
        prevalence={"device": Prevalence((0.1,) * len(STEPS), (0.02,) * len(STEPS), 500.0)},
    )
    night = replace(flat, shares=(0.1, *flat.shares[1:]))
    after = replace(
        before,
        rates={"refused": Rate(10.0, 90.0, 0.01, 0.02, 500.0)},
        rhythm=night,
        segments={"small": Segment(400.0, 1.0, 2.0, {})},
        prevalence={"device": Prevalence((0.3, *(0.1,) * 5), (0.02,) * len(STEPS), 500.0)},
    )
    assert [each.name for each in drift(before, after)] == [
        "rate refused",
        "segment small",
        "hour 0",
        "prevalence device 2",
    ]


def test_what_only_one_of_them_knows_has_not_moved() -> None:
    assert drift(profile(), profile(estimates={})) == []
