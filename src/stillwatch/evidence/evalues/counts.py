"""E-values of counts: likelihood ratios against stated alternatives, in base-10 logarithms."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import logsumexp
from scipy.stats import binom

from stillwatch.evidence.evalues.arithmetic import LN10

# Rates above the null that the Poisson mixture weighs, equally.
FACTORS = np.array([2.0, 4.0, 10.0, 30.0, 100.0, 1_000.0, 10_000.0])


def poisson_excess_of(k: ArrayLike, mean: ArrayLike) -> NDArray[np.float64]:
    """Return log10 e-values that counts `k` are more than Poisson(`mean`) nulls make, elementwise.

    A likelihood ratio averaged over a fixed grid of rate factors; valid for every null mean up to `mean`,
    since each term is monotone in it. Raises ValueError where a mean is not positive.
    """
    counts, means = np.asarray(k, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    if (means <= 0).any():
        raise ValueError("the null mean must be positive")
    terms = counts[..., None] * np.log(FACTORS) - (FACTORS - 1.0) * means[..., None]
    return np.asarray((logsumexp(terms, axis=-1) - math.log(len(FACTORS))) / LN10)


def poisson_excess(k: int, mean: float) -> float:
    """Log10 e-value that `k` events are more than a Poisson(`mean`) null makes; see `poisson_excess_of`."""
    return float(poisson_excess_of(k, mean))


def overdispersed_excess_of(k: ArrayLike, mean: ArrayLike, shape: float) -> NDArray[np.float64]:
    """Return log10 e-values that counts `k` are more than gamma-Poisson nulls make, elementwise.

    Accounts differ from each other: the rate of each is drawn from a gamma distribution of mean `mean` and shape
    `shape`, so the count is negative binomial. A likelihood ratio to the same with its mean raised, averaged over
    the same factors as the Poisson one; each term is increasing and convex in the count, hence valid for every null
    that is smaller in the increasing convex order: smaller means, larger shapes, and a Poisson of that mean. Raises
    ValueError where mean or shape is not positive.
    """
    counts, means = np.asarray(k, dtype=np.float64), np.asarray(mean, dtype=np.float64)
    if (means <= 0).any() or shape <= 0:
        raise ValueError("the null mean and shape must be positive")
    raised = FACTORS * means[..., None]
    spread = np.log((shape + means[..., None]) / (shape + raised))
    terms = counts[..., None] * (np.log(FACTORS) + spread) + shape * spread
    return np.asarray((logsumexp(terms, axis=-1) - math.log(len(FACTORS))) / LN10)


def binomial_excess(k: int, n: int, rate: float) -> float:
    """Log10 e-value that `k` of `n` is more than a Binomial(n, `rate`) null makes.

    A mixture over alternatives uniform above the null rate (Beta(1, 1) prior cut at `rate`), so the result is
    a likelihood ratio with a stated alternative; `rate` must be an upper bound of the null's rate.
    """
    if not 0 < rate < 1:
        raise ValueError("the null rate must lie inside (0, 1)")
    # P(Beta(k + 1, n - k + 1) > rate), by the identity of the binomial and the beta distribution
    inside = float(binom.cdf(k, n + 1, rate))
    least = math.log10(1 / (n + 1))  # the ratio grows with k, and is 1/(n + 1) at none
    if inside < 1e-100:  # as unlikely as that, and the library's digits run out
        return least
    null = float(binom.logpmf(k, n, rate))
    return max(least, (math.log(inside) - math.log(n + 1) - math.log1p(-rate) - null) / LN10)


def bernoulli_product(k: int, n: int, null_rate: float, alternative_rate: float) -> float:
    """Log10 of the likelihood ratio of `k` successes in `n` independent trials, alternative to null."""
    hit = math.log(alternative_rate / null_rate)
    miss = math.log((1.0 - alternative_rate) / (1.0 - null_rate))
    return (k * hit + (n - k) * miss) / LN10


def bernoulli_ratio(
    hit: NDArray[np.bool_], null_rate: ArrayLike, alternative_rate: ArrayLike
) -> NDArray[np.float64]:
    """Return log10 likelihood ratios of single yes-or-no observations, elementwise.

    An alternative below its null is put at the null, so that the ratio is never above one for a miss: it is
    then valid for every null rate up to `null_rate`. Raises ValueError for rates outside (0, 1).
    """
    null, other = np.asarray(null_rate, dtype=np.float64), np.asarray(alternative_rate, dtype=np.float64)
    if (null <= 0).any() or (null >= 1).any() or (other <= 0).any() or (other >= 1).any():
        raise ValueError("rates must lie inside (0, 1)")
    other = np.maximum(other, null)
    ratios = np.where(hit, np.log10(other / null), np.log10((1.0 - other) / (1.0 - null)))
    return np.asarray(ratios)
