"""Over all scans the list keeps the dial, however the scans and the hypotheses depend on each other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.evidence.evalues import e_benjamini_hochberg
from stillwatch.evidence.online import LEAST, e_lond, share_of_scan

scores = st.lists(st.floats(-3, 9), max_size=12)
rates = st.floats(0.001, 0.4)


def test_the_shares_of_all_scans_add_up_to_the_dial() -> None:
    shares = [share_of_scan(s) for s in range(1, 20_001)]
    assert sum(shares) < 1.0
    tail = 20_000 ** (1 - 1.3) / 0.3 * shares[0]  # the integral of what is left, from above
    assert sum(shares) + tail == pytest.approx(1.0, abs=1e-4)
    assert shares == sorted(shares, reverse=True)
    with pytest.raises(ValueError, match="from 1"):
        share_of_scan(0)


@given(scores, rates)
@settings(max_examples=60, deadline=None)
def test_without_earlier_scans_it_is_e_bh(given_scores: list[float], rate: float) -> None:
    e = np.array(given_scores)
    passed, cut = e_lond(e, rate)
    other, other_cut = e_benjamini_hochberg(e, rate)
    assert passed.tolist() == other.tolist() and cut == pytest.approx(other_cut)


@given(scores, rates, st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=60, deadline=None)
def test_what_is_untold_counts_as_tested_and_what_was_found_makes_it_easier(
    given_scores: list[float], rate: float, before: int, untold: int
) -> None:
    e = np.array(given_scores)
    passed, cut = e_lond(e, rate, found_before=before, untold=untold)
    padded, padded_cut = e_lond(np.r_[e, [-np.inf] * untold], rate, found_before=before)
    assert passed.tolist() == padded[: len(e)].tolist() and cut == pytest.approx(padded_cut)
    more, _cut = e_lond(e, rate, found_before=before + 3, untold=untold)
    assert before == 0 or (more >= passed).all()
    found = int(passed.sum())
    if found:  # self-consistent: each one found reaches what the list needs
        needed = math.log10((len(e) + untold) / (rate * (before + found)))
        assert e[passed].min() >= needed - 1e-9


def test_weak_evidence_names_nothing_however_much_was_found_before() -> None:
    passed, cut = e_lond(np.array([LEAST - 0.01, LEAST + 0.01]), 0.4, found_before=10_000)
    assert passed.tolist() == [False, True] and cut == LEAST


@pytest.mark.parametrize("dependent", [False, True])
@pytest.mark.parametrize("planted", [0, 2])
def test_sixty_daily_scans_of_nulls_keep_the_dial(dependent: bool, planted: int) -> None:
    chance, rate, runs, nulls, shares = np.random.default_rng(5), 0.2, 400, 12, []
    for _run in range(runs):
        found = false = 0
        # dependent: the same accounts every day, all or nothing at an e that some list would take
        e = float(nulls / (rate * share_of_scan(int(chance.integers(1, 61))) * chance.integers(1, nulls)))
        lucky = chance.random(nulls) < 1 / e
        for day in range(1, 61):
            if not dependent:
                e = nulls / (rate * share_of_scan(day))
                lucky = chance.random(nulls) < 1 / e
            held = np.where(lucky, math.log10(e) + 1e-9, -9.0)
            true = np.full(planted if day == 1 else 0, 50.0)
            passed, _cut = e_lond(np.r_[true, held], rate * share_of_scan(day), found_before=found)
            found += int(passed.sum())
            false += int(passed[len(true) :].sum())
            if dependent and false:
                break  # known from now on, and no discovery again
        shares.append(false / max(found, 1))
    assert np.mean(shares) - 3 * np.std(shares) / math.sqrt(runs) <= rate
