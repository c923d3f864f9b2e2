"""From p-values to e-values and back, for tests whose exact null gives a p-value and no likelihood ratio.

A calibrator is a decreasing function f on [0, 1] with integral at most one; f(p) is an e-value for every valid
p-value (Vovk & Wang 2021, Annals of Statistics 49(3), section 2). All values in logarithms, so that p-values
below the smallest double can be used.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stillwatch.evidence.evalues.arithmetic import LN10

NEAR_ONE = 1e-4  # in -ln p: below it the mixture is taken from its series, to keep its digits


def power_calibrator(log10_p: ArrayLike, kappa: float = 0.5) -> NDArray[np.float64]:
    """Return log10 of kappa p^(kappa - 1) (Vovk & Wang 2021, equation (1)), elementwise, from log10 p <= 0.

    A small kappa in (0, 1) pays for very small p-values, a large one for middling ones. Raises ValueError for a
    kappa outside (0, 1) and for p-values above one.
    """
    if not 0 < kappa < 1:
        raise ValueError("kappa must lie inside (0, 1)")
    return np.asarray(math.log10(kappa) + (kappa - 1.0) * _checked(log10_p))


def mixture_calibrator(log10_p: ArrayLike) -> NDArray[np.float64]:
    """Return log10 of the mean of the power calibrators over kappa uniform in (0, 1), from log10 p <= 0.

    (1 - p + p ln p) / (p (ln p)^2), which is 1/2 at p = 1 (Vovk & Wang 2021, equation (2)). It needs no choice
    of kappa and grows nearly like 1/p. Raises ValueError for p-values above one.
    """
    x = -_checked(log10_p) * LN10  # -ln p
    with np.errstate(divide="ignore", invalid="ignore"):
        # ln of (1 - p - p x) / (p x^2) with p = exp(-x): the numerator is 1 - (1 + x) exp(-x)
        exact = np.log1p(-(1.0 + x) * np.exp(-x)) + x - 2.0 * np.log(x)
    series = math.log(0.5) + x / 3.0  # (1/2 - x/3) exp(x), to first order in x
    return np.asarray(np.where(x < NEAR_ONE, series, exact) / LN10)


def p_of(log10_e: ArrayLike) -> NDArray[np.float64]:
    """Return log10 of the p-value min(1, 1/e): the only admissible way back (Vovk & Wang 2021, section 2)."""
    return np.asarray(-np.maximum(np.asarray(log10_e, dtype=np.float64), 0.0))


def _checked(log10_p: ArrayLike) -> NDArray[np.float64]:
    powers = np.asarray(log10_p, dtype=np.float64)
    if (powers > 0).any() or np.isnan(powers).any():
        raise ValueError("p-values are at most one: log10 p must not be positive")
    return powers
