"""A cut holds the false positives it was set for, and a probability rises with the score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.intents.labels import LANES, Label
from stillwatch.intents.training import calibrate as room
from stillwatch.intents.training.calibrate import (
    FALSE_POSITIVES,
    FEWEST,
    KNOTS,
    LEANING,
    NEVER,
    OTHERWISE,
    Calibration,
    calibrate,
)
from tests.intents.training.makers import MAIN

LOWEST = -(1 << 30)
seeds = st.integers(0, 2**32 - 1)


def calibrated(true: np.ndarray, false: np.ndarray, label: Label = MAIN) -> Calibration:
    """Calibrate on scores of samples that have one label and of samples that have not; nothing else is known."""
    scores = np.full((len(true) + len(false), LANES), LOWEST, dtype=np.int32)
    known = np.full_like(scores, -1, dtype=np.int8)
    scores[:, label] = [*true, *false]
    known[:, label] = [1] * len(true) + [0] * len(false)
    return calibrate(scores, known)


def drawn(seed: int, positives: int = 80, negatives: int = 600, apart: float = 100.0) -> Calibration:
    rng = np.random.default_rng(seed)
    return calibrated(rng.normal(apart, 60, positives), rng.normal(0, 60, negatives))


@settings(max_examples=40)
@given(seeds, st.sampled_from(Label), st.integers(FEWEST, 3_000), st.integers(1, 2_000))
def test_at_most_the_share_allowed_of_the_innocent_is_given_or_leans_to_a_label_and_no_cut_could_be_lower(
    seed: int, label: Label, innocent: int, spread: int
) -> None:
    rng = np.random.default_rng(seed)
    true, false = rng.integers(0, spread + 50, FEWEST), rng.integers(0, spread, innocent)
    found = calibrated(true, false, label)
    for cut, rate in (
        (int(found.cuts[label]), FALSE_POSITIVES.get(label, OTHERWISE)),
        (int(found.leanings[label]), LEANING),
    ):
        assert (false >= cut).sum() <= int(rate * innocent)
        assert (false >= cut - 1).sum() > int(rate * innocent)
    assert found.leanings[label] <= found.cuts[label]


def test_what_accuses_is_cut_more_strictly_than_the_rest() -> None:
    assert max(FALSE_POSITIVES.values()) < OTHERWISE <= LEANING
    assert {Label.REASONING_ELICITATION, Label.HIDDEN_TRACE} <= FALSE_POSITIVES.keys()


@given(seeds)
@settings(max_examples=40)
def test_probabilities_rise_with_the_score_and_are_never_sure(seed: int) -> None:
    found = drawn(seed)
    assert found.knots.shape == found.levels.shape == (LANES, KNOTS)
    assert (np.diff(found.knots, axis=1) > 0).all()
    assert (np.diff(found.levels[MAIN]) >= 0).all()
    assert found.levels[MAIN, 0] > 0 and found.levels[MAIN, -1] < 1


def test_probabilities_mean_what_they_say() -> None:
    found = drawn(3, positives=4_000, negatives=4_000)
    rng = np.random.default_rng(4)
    score = np.concatenate([rng.normal(100, 60, 4_000), rng.normal(0, 60, 4_000)])
    true = np.arange(8_000) < 4_000
    said = np.interp(score, found.knots[MAIN], found.levels[MAIN])
    for low in (0.0, 0.25, 0.5, 0.75):
        rows = (said >= low) & (said < low + 0.25)
        assert abs(said[rows].mean() - true[rows].mean()) < 0.05


@pytest.mark.parametrize(("positives", "negatives"), [(FEWEST - 1, 500), (500, FEWEST - 1), (0, 0)])
def test_a_label_of_too_few_samples_is_never_given(positives: int, negatives: int) -> None:
    found = calibrated(np.full(positives, 900), np.zeros(negatives))
    assert found.cuts[MAIN] == found.leanings[MAIN] == NEVER
    assert not found.levels[MAIN].any()
    assert found.figures[MAIN] == {"positives": positives}


def test_samples_of_which_a_label_is_unknown_move_nothing() -> None:
    rng = np.random.default_rng(1)
    scores = rng.integers(-500, 500, (900, LANES)).astype(np.int32)
    known = np.where(np.arange(900)[:, None] < 300, 1, 0).astype(np.int8) * np.ones((1, LANES), dtype=np.int8)
    more, unknown = np.concatenate([scores, scores + 5_000]), np.concatenate([known, np.full_like(known, -1)])
    one, other = calibrate(scores, known), calibrate(more, unknown)
    for name in ("knots", "levels", "cuts", "leanings"):
        assert np.array_equal(getattr(one, name), getattr(other, name))
    assert one.figures == other.figures


def test_the_figures_are_those_at_the_cut() -> None:
    true, false = np.arange(100) * 10, np.arange(1_000)
    found = calibrated(true, false)
    figures, cut = found.figures[MAIN], found.cuts[MAIN]
    assert (figures["positives"], figures["negatives"]) == (100, 1_000)
    assert figures["recall"] == pytest.approx((true >= cut).mean(), abs=1e-4)
    assert figures["false_positives"] == pytest.approx((false >= cut).mean(), abs=1e-6)
    assert figures["recall_leaning"] >= figures["recall"]


def test_scores_all_alike_have_a_place_too() -> None:
    found = calibrated(np.full(FEWEST, 7), np.full(FEWEST, 7))
    assert (np.diff(found.knots[MAIN]) > 0).all() and found.cuts[MAIN] == 8
    assert np.interp(7, found.knots[MAIN], found.levels[MAIN]) == pytest.approx(0.5)
    assert np.iinfo(np.int32).max == room.NEVER
