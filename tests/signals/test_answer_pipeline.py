"""Feeding on each other's answers speaks for a pipeline beyond what a firm with several keys does."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from stillwatch.evidence.group import Group
from stillwatch.signals.answer_pipeline import HONEST_RATE, SIGNAL
from tests.signals.makers import bare_group, handovers, plain, population


def passing(units: int, exchanges: int, openings: int | None = None) -> Group:
    passed = {"answers_passed": handovers(units=units)}
    opened = exchanges if openings is None else openings
    return bare_group(handovers=passed, exchanges=exchanges, openings=opened)


@pytest.mark.parametrize("exchanges", (100, 600))
@pytest.mark.parametrize("share", (0.3, 1.0))
def test_passing_answers_at_an_honest_rate_has_a_mean_of_at_most_one(exchanges: int, share: float) -> None:
    k = np.arange(exchanges + 1)
    e = np.array([plain(SIGNAL.weigh(passing(int(x), exchanges), population())) for x in k])
    assert binom.pmf(k, exchanges, share * HONEST_RATE) @ e <= 1 + 1e-6


def test_twenty_of_a_hundred_requests_that_quote_convince() -> None:
    assert plain(SIGNAL.weigh(passing(20, 100), population())) >= 20


def test_where_people_follow_up_it_says_nothing() -> None:
    assert SIGNAL.weigh(passing(86, 254, openings=150), population()) is None


def test_a_quotation_now_and_then_speaks_against_a_pipeline() -> None:
    assert plain(SIGNAL.weigh(passing(2, 400), population())) < 1


def test_more_answers_than_requests_are_no_more_than_all() -> None:
    many, all_of_them = (SIGNAL.weigh(passing(n, 50), population()) for n in (400, 50))
    assert many == all_of_them


def test_where_nothing_was_passed_it_says_nothing() -> None:
    assert SIGNAL.weigh(passing(0, 400), population()) is None
    assert SIGNAL.weigh(passing(3, 0), population()) is None
