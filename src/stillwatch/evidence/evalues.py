"""E-value arithmetic, all of it in base-10 logarithms.

An e-value is a non-negative number whose mean is at most one under its null hypothesis. Product for
independent or sequential evidence, mean for dependent evidence (the only admissible symmetric merge:
Vovk & Wang 2021, Annals of Statistics 49(3), theorem 3.2).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp
from scipy.stats import binom

LN10 = math.log(10.0)

# No model of honest traffic is right to more than this many orders of ten; evidence beyond it is not claimed.
CEILING = 15.0


def mean_log10(parts: Sequence[float]) -> float:
    """Return log10 of the mean of e-values given as log10; 0.0 (no evidence) for none."""
    if not parts:
        return 0.0
    return float((logsumexp(np.asarray(parts, dtype=float) * LN10) - math.log(len(parts))) / LN10)


def product_log10(parts: Sequence[float]) -> float:
    """Return log10 of the product of independent e-values given as log10."""
    return float(sum(parts))


def hedge(log10_e: float, weight: float) -> float:
    """Return log10 of the mixture of an e-value with 1: `weight` e + 1 - `weight`, again an e-value."""
    return float(np.logaddexp(log10_e * LN10 + math.log(weight), math.log1p(-weight)) / LN10)


def clip(log10_e: float, ceiling: float = CEILING) -> float:
    """Lower an e-value to what its model can vouch for; lowering keeps it an e-value."""
    return min(log10_e, ceiling)


def poisson_excess(k: int, mean: float) -> float:
    """Log10 e-value that `k` events are more than a Poisson(`mean`) null makes.

    A likelihood ratio averaged over a fixed grid of rate factors; valid for every null mean up to `mean`,
    since each term is monotone in it.
    """
    if mean <= 0:
        raise ValueError("the null mean must be positive")
    factors = np.array([2.0, 4.0, 10.0, 30.0, 100.0, 1_000.0, 10_000.0])
    terms = k * np.log(factors) - (factors - 1.0) * mean
    return float((logsumexp(terms) - math.log(len(factors))) / LN10)


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


def log10_of(ratio: float) -> float:
    """Return log10 of a plain ratio, -inf guarded by the smallest double."""
    return math.log10(max(ratio, 5e-324))


def e_benjamini_hochberg(log10_e: NDArray[np.float64], rate: float) -> tuple[NDArray[np.bool_], float]:
    """Return which hypotheses e-BH rejects at false-discovery rate `rate`, and the cut in log10 e.

    k-hat = max{k : e_(k) >= m/(rate k)} (Wang & Ramdas 2022, JRSS-B 84(3), section 4); valid under any
    dependence. `log10_e` has shape (m,). With no rejection the cut is what one alone would need.
    """
    m = len(log10_e)
    if m == 0:
        return np.zeros(0, dtype=bool), -math.log10(rate)
    ordered = np.sort(log10_e)[::-1]
    needed = np.log10(m / (rate * np.arange(1, m + 1)))
    passing = np.flatnonzero(ordered >= needed)
    cut = float(needed[passing[-1]]) if len(passing) else float(needed[0])
    if not len(passing):
        return np.zeros(m, dtype=bool), cut
    return log10_e >= cut, cut


def per_family_cut(examined: int, expected_wrong: float) -> float:
    """Log10 e an account must reach so that at most `expected_wrong` of `examined` are wrong (Markov)."""
    if expected_wrong <= 0:
        raise ValueError("the expected number of wrong accounts must be positive")
    return max(0.0, math.log10(max(examined, 1) / expected_wrong))
