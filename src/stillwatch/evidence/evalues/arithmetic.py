"""E-value arithmetic in base-10 logarithms: mean, product, mixture, ceiling.

An e-value is a non-negative number whose mean is at most one under its null hypothesis. Product for
independent or sequential evidence, mean for dependent evidence (the only admissible symmetric merge:
Vovk & Wang 2021, Annals of Statistics 49(3), theorem 3.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp

LN10 = math.log(10.0)

# No model of honest traffic is right to more than this many orders of ten; evidence beyond it is not claimed.
CEILING = 15.0


def mean_log10(parts: Sequence[float]) -> float:
    """Return log10 of the mean of e-values given as log10; 0.0 (no evidence) for none."""
    if not len(parts):
        return 0.0
    return float((logsumexp(np.asarray(parts, dtype=float) * LN10) - math.log(len(parts))) / LN10)


def weighted_mean_log10(parts: ArrayLike, weights: ArrayLike) -> NDArray[np.float64]:
    """Return log10 of the weighted mean of e-values given as log10, over the last axis.

    `weights` are non-negative, of the last axis' length, fixed before the data are seen; they are scaled to
    add up to one. Any mean with such weights is an e-value, whatever the dependence (Vovk & Wang 2021,
    section 3). With no part at all the answer is 0.0. Raises ValueError for weights that are none.
    """
    powers, shares = np.asarray(parts, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    if powers.shape[-1] == 0:
        return np.zeros(powers.shape[:-1])
    total = shares.sum()
    if (shares < 0).any() or not np.isfinite(total) or total <= 0:
        raise ValueError("weights must be non-negative, finite and not all zero")
    with np.errstate(divide="ignore"):  # a part without weight says nothing, whatever it is
        sums = logsumexp(powers * LN10, b=shares / total, axis=-1)
    return np.asarray(sums / LN10)


def product_log10(parts: Sequence[float]) -> float:
    """Return log10 of the product of independent e-values given as log10."""
    return float(sum(parts))


def hedge(log10_e: float, weight: float) -> float:
    """Return log10 of the mixture of an e-value with 1: `weight` e + 1 - `weight`, again an e-value."""
    return float(np.logaddexp(log10_e * LN10 + math.log(weight), math.log1p(-weight)) / LN10)


def clip(log10_e: float, ceiling: float = CEILING) -> float:
    """Lower an e-value to what its model can vouch for; lowering keeps it an e-value."""
    return min(log10_e, ceiling)


def log10_of(ratio: float) -> float:
    """Return log10 of a plain ratio, -inf guarded by the smallest double."""
    return math.log10(max(ratio, 5e-324))
