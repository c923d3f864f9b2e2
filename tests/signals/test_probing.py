"""Probing speaks of work that is refused nearly every time, and of no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.signals.probing import HONEST_RATE, MIN_VARIANTS, SIGNAL
from tests.signals.makers import group, population, use

SEEN = population(present=frozenset({"finish_reason"}))


def weighed(refused: int, exchanges: int = 200):
    return SIGNAL.weigh(group(uses=(use(loads=[exchanges], refused=refused),)), SEEN)


@pytest.mark.parametrize("rate", [0.0, 0.1, HONEST_RATE])
@pytest.mark.parametrize("exchanges", [MIN_VARIANTS, 200])
def test_the_mean_under_the_null_is_at_most_one(rate: float, exchanges: int) -> None:
    counts = np.random.default_rng(5).binomial(exchanges, rate, 4_000)
    values = {int(k): 10 ** weighed(int(k), exchanges).log10_e for k in np.unique(counts)}
    drawn = np.array([values[int(k)] for k in counts])
    assert drawn.mean() - 3 * drawn.std() / np.sqrt(len(drawn)) <= 1.0


def test_work_that_is_nearly_always_refused_is_told() -> None:
    row = weighed(180)
    assert row.log10_e == SIGNAL.ceiling
    assert "180 of 200" in row.summary and row.axis == "extraction"


@given(st.integers(0, 200), st.integers(0, 200))
def test_more_refusals_never_speak_less(a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert weighed(low).log10_e <= weighed(high).log10_e


def test_it_is_silent_where_refusals_are_not_logged_or_too_little_was_asked() -> None:
    probes = group(uses=(use(loads=[200], refused=180),))
    assert SIGNAL.weigh(probes, population(present=frozenset({"messages"}))) is None
    assert SIGNAL.weigh(group(uses=(use(loads=[MIN_VARIANTS - 1], refused=5),)), SEEN) is None
    assert SIGNAL.weigh(group(uses=()), SEEN) is None
