"""The old counts less with age, a scan repeated adds nothing, and the shipped profile is outvoted by what is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from stillwatch.evidence.population.betabinomial import Rate
from stillwatch.evidence.population.learning import learn_from
from stillwatch.evidence.population.profile import WORKLOADS, PopulationProfile, to_json
from stillwatch.evidence.population.segments import Segment
from stillwatch.evidence.population.updating import DAY, PSEUDO_UNITS, adapted, pooled, update
from tests.evidence.population.makers import estimate, observed, profile


def at(days: float, middle: float = 2.0, units: float = 50.0) -> PopulationProfile:
    return profile(until=days * DAY, estimates={WORKLOADS: estimate(middle=middle, units=units)})


def middle(of: PopulationProfile) -> float:
    return of.estimates[WORKLOADS].middle


def test_a_half_life_halves_what_the_old_counts_for() -> None:
    assert middle(update(at(0), at(30, 3.0), half_life=30.0)) == pytest.approx(2.0 / 3 + 3.0 * 2 / 3)
    assert middle(update(at(0), at(300, 3.0), half_life=30.0)) == pytest.approx(3.0, abs=0.01)


def test_a_log_seen_already_adds_nothing() -> None:
    now = at(10)
    assert update(now, at(10, 3.0)) is now
    assert update(now, at(9, 3.0)) is now


def test_a_half_life_is_positive() -> None:
    with pytest.raises(ValueError, match="half_life"):
        update(at(0), at(1), half_life=0.0)


def test_units_add_up_and_agreement_narrows_the_interval() -> None:
    both = pooled([at(0), at(1)], "both").estimates[WORKLOADS]
    one = at(0).estimates[WORKLOADS]
    assert both.units == 2 * one.units
    assert both.level == pytest.approx(one.level)
    assert both.above < one.above


def test_disagreement_widens_it() -> None:
    apart = pooled([at(0), at(1, 3.5)], "both").estimates[WORKLOADS]
    assert apart.above > at(0).estimates[WORKLOADS].above
    assert apart.spread > at(0).estimates[WORKLOADS].spread


def test_a_small_log_leans_on_the_shipped_profile_and_a_large_one_hardly() -> None:
    shipped = at(0, 2.0, units=159.0)
    assert middle(adapted(shipped, at(1, 3.0, units=5.0))) == pytest.approx(2.0 + 5 / (5 + PSEUDO_UNITS))
    assert middle(adapted(shipped, at(1, 3.0, units=4000.0))) > 2.98
    assert adapted(shipped, None) is shipped


def test_what_only_one_of_them_knows_stays() -> None:
    known = profile(estimates={"x": estimate()})
    assert set(adapted(at(0), known).estimates) == {WORKLOADS, "x"}


def test_pooled_rates_have_the_mean_of_both() -> None:
    rates = [Rate(2.0, 8.0, 0.01, 0.02, 100.0), Rate(4.0, 6.0, 0.01, 0.02, 300.0)]
    both = pooled([profile(rates={"r": each}) for each in rates], "x").rates["r"]
    assert both.mean == pytest.approx(0.25 * 0.2 + 0.75 * 0.4)
    assert both.mean_within > 0.01


def test_segments_keep_their_share_of_the_accounts() -> None:
    one = profile(accounts=8000.0, segments={"s": Segment(800.0, 2.0, 3.0, {"r": 0.5})})
    leaning = adapted(one, profile(accounts=100.0, segments={"s": Segment(30.0, 4.0, 5.0, {"r": 0.7})}))
    assert leaning.segments["s"].accounts / leaning.accounts == pytest.approx((20 + 30) / (200 + 100))


def test_a_whole_profile_goes_through_and_stays_the_same_bytes() -> None:
    one = learn_from(observed(np.random.default_rng(1)), "one")
    two = replace(learn_from(observed(np.random.default_rng(2)), "two"), until=one.until + DAY)
    after = update(one, two)
    assert to_json(after) == to_json(update(one, two))
    assert after.rhythm is not None
    assert sum(after.rhythm.shares) == pytest.approx(1.0)
    assert after.until == two.until
