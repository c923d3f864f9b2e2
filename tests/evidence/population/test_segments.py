"""Segments go by what accounts do; small ones lean on the whole; attackers move a segment's mix within its interval."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from stillwatch.evidence.population.betabinomial import fit_rate
from stillwatch.evidence.population.observed import Observed
from stillwatch.evidence.population.segments import LEAST, fit_mix, fit_segments, mixes_of, segment_names
from tests.evidence.population.makers import observed, rows_of_mix


def test_a_segment_is_named_by_size_form_and_main_capability() -> None:
    made = observed(np.random.default_rng(1))
    names = segment_names(made)
    assert len(names) == made.accounts
    assert {name.split(", ")[0] for name in names} <= {"1-9 requests", "10-99 requests", "100-999 requests"}
    assert {name.split(", ")[2] for name in names} == {"agentic_coding"}


def test_country_language_and_hours_are_no_part_of_what_segments_are_made_of() -> None:
    made = observed(np.random.default_rng(1))
    assert made.hours is not None
    elsewhere = observed(np.random.default_rng(1), hours=np.roll(made.hours, 9, axis=1))
    assert segment_names(made) == segment_names(elsewhere)
    assert not {field.name for field in fields(Observed)} & {"country", "language", "timezone", "plan"}


def test_mixes_hold_every_request() -> None:
    made = observed(np.random.default_rng(1))
    assert mixes_of(made).sum() == made.streams.exchanges.sum()


@pytest.mark.parametrize("truth", (0.8, 4.0))
def test_the_concentration_of_a_segment_is_found_with_its_upper_end(truth: float) -> None:
    found, high = fit_mix(rows_of_mix(np.random.default_rng(1), 300, 30, [3, 2, 1, 1], truth))
    assert found == pytest.approx(truth, rel=0.6)
    assert high >= truth


def test_one_attacker_in_twenty_moves_a_segments_mix_to_no_more_than_its_upper_end() -> None:
    random = np.random.default_rng(2)
    honest = rows_of_mix(random, 300, 30, [3, 2, 1, 1], 3.0)
    attack = rows_of_mix(random, 16, 30, [0.1, 0.1, 0.1, 3], np.inf)
    assert fit_mix(np.vstack([honest, attack]))[0] <= fit_mix(honest)[1]


def test_accounts_of_one_kind_of_work_have_no_mix() -> None:
    assert fit_mix(np.full((50, 1), 9)) == fit_mix(np.zeros((0, 3), dtype=int))


def test_a_small_segment_leans_on_the_whole() -> None:
    random = np.random.default_rng(3)
    made = observed(random)
    few = np.zeros(made.accounts, dtype=np.int64)
    few[: 4 * LEAST] = 1  # another capability, and far more openings
    k, n = made.rates["openings"]
    k = np.where(few == 1, n, k)
    changed = observed(np.random.default_rng(3), main=few, rates={"openings": (k, n)})
    whole = fit_rate(k, n)
    assert whole is not None
    rates = {name: s.rates["openings"] for name, s in fit_segments(changed, {"openings": whole}).items()}
    own = [rate for name, rate in rates.items() if name.endswith("general")]
    assert own
    assert all(whole.mean < rate < 1.0 for rate in own)
    assert all(len(name.split(", ")) == 3 for name in rates)
