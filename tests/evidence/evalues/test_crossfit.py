"""What one half formed is tested on the other, and the two ways are averaged."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pytest

from stillwatch.evidence.evalues.crossfit import cross_fit, split_likelihood_ratio


def test_each_half_tests_what_the_other_formed() -> None:
    seen = []

    def test_on(formed: str, half: int) -> float:
        seen.append((formed, half))
        return 2.0

    assert cross_fit(lambda half: f"of {half}", test_on) == pytest.approx(2.0)
    assert seen == [("of 0", 1), ("of 1", 0)]


def test_a_half_that_forms_nothing_is_no_evidence_and_not_left_out() -> None:
    only_first = cross_fit(lambda half: half if half == 0 else None, lambda _formed, _half: 3.0)
    assert only_first == pytest.approx(math.log10((1000 + 1) / 2))
    assert cross_fit(lambda _half: None, lambda _formed, _half: 3.0) is None


def _at(e: np.ndarray, chosen: int, half: int) -> float:
    return float(e[half, chosen])


def test_the_best_of_many_chosen_on_one_half_has_mean_one_on_the_other() -> None:
    """Twenty nulls, the largest picked: on the same data the mean is far above one, crossed it is not."""
    random, runs = np.random.default_rng(5), 4000
    crossed, same = [], []
    for _run in range(runs):
        e = (1.0 * random.standard_normal((2, 20)) - 0.5) / math.log(10)
        best = e.argmax(axis=1)
        found = cross_fit(best.item, partial(_at, e))
        assert found is not None
        crossed.append(10**found)
        same.append(10 ** float(e[0].max()))
    assert np.mean(crossed) - 3 * np.std(crossed) / math.sqrt(runs) <= 1.0
    assert np.mean(same) > 2.0


def test_the_split_ratio_has_mean_at_most_one_for_a_mean_that_must_not_be_positive() -> None:
    random, runs, ratios = np.random.default_rng(9), 6000, []
    for _run in range(runs):
        x, y = random.standard_normal((2, 10))
        at = float(x.mean())
        null = min(float(y.mean()), 0.0)
        ratios.append(10 ** split_likelihood_ratio(-((y - at) ** 2).sum() / 2, -((y - null) ** 2).sum() / 2))
    assert np.mean(ratios) - 3 * np.std(ratios) / math.sqrt(runs) <= 1.0
