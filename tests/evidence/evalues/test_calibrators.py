"""Calibrators turn p-values into e-values: their mean over uniform p is at most one."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from stillwatch.evidence.evalues.calibrators import mixture_calibrator, p_of, power_calibrator


@pytest.mark.parametrize("kappa", [0.05, 0.3, 0.5, 0.9])
def test_a_power_of_p_has_mean_one_under_the_null(kappa: float) -> None:
    # in t = p^kappa the integral is of a constant
    mean, _error = quad(
        lambda t: 10 ** float(power_calibrator(math.log10(t) / kappa, kappa)) * t ** (1 / kappa - 1) / kappa,
        1e-12, 1,
    )  # fmt: skip
    assert mean == pytest.approx(1.0, abs=1e-6)


def test_the_mixture_is_the_mean_of_the_powers_and_has_mean_one() -> None:
    for p in (1e-300, 1e-9, 0.003, 0.4, 0.99, 1.0):
        mean, _error = quad(lambda k, p=p: 10 ** float(power_calibrator(math.log10(p), k)), 1e-9, 1 - 1e-12)
        assert 10 ** float(mixture_calibrator(math.log10(p))) == pytest.approx(mean, rel=1e-4)
    # the rest of the integral below p is 1/(-ln p)
    mean, _error = quad(lambda u: 10 ** float(mixture_calibrator(-u)) * 10**-u * math.log(10), 0, 60)
    assert mean + 1 / (60 * math.log(10)) == pytest.approx(1.0, abs=2e-3)


def test_the_mixture_by_hand() -> None:
    p = 0.01
    plain = (1 - p + p * math.log(p)) / (p * math.log(p) ** 2)
    assert 10 ** float(mixture_calibrator(-2.0)) == pytest.approx(plain)
    assert 10 ** float(mixture_calibrator(0.0)) == pytest.approx(0.5)


@given(st.floats(-1e4, 0), st.floats(0, 100))
def test_smaller_p_values_are_never_less_evidence(log10_p: float, less: float) -> None:
    for e in (mixture_calibrator, power_calibrator):
        assert np.isfinite(e(log10_p))
        assert e(log10_p - less) >= e(log10_p) - 1e-6


@given(st.floats(-1e4, 1e4))
def test_the_way_back_is_one_over_e(log10_e: float) -> None:
    assert float(p_of(log10_e)) == (-log10_e if log10_e > 0 else 0.0)


def test_what_is_no_p_value_is_refused() -> None:
    with pytest.raises(ValueError, match="at most one"):
        mixture_calibrator(0.1)
    with pytest.raises(ValueError, match="at most one"):
        power_calibrator(math.nan)
    with pytest.raises(ValueError, match="kappa"):
        power_calibrator(-1.0, 1.0)
