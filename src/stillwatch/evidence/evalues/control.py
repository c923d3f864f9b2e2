"""Error control by e-values: the false-discovery rate of one list, and the expected number of wrong accounts.

All of it holds under every dependence of the e-values. The one exception is `boost_factor` with
`positively_dependent`, which says so.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from stillwatch.evidence.evalues.arithmetic import LN10

BISECTIONS = 100
TAIL = Callable[[NDArray[np.float64]], NDArray[np.float64]]  # log10 x ► P(e >= x) under the null


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


def weighted_e_bh(
    log10_e: NDArray[np.float64], weights: ArrayLike, rate: float
) -> tuple[NDArray[np.bool_], float]:
    """Return which hypotheses e-BH rejects after each e-value is multiplied by its weight, and the cut on those.

    `weights` has shape (m,), is non-negative, and adds up to m at most; it must not look at the e-values (Wang &
    Ramdas 2022, section 4.3). Raises ValueError where it is no such weighting.
    """
    shares = np.asarray(weights, dtype=np.float64)
    if shares.shape != log10_e.shape or (shares < 0).any() or shares.sum() > len(shares) * (1 + 1e-9):
        raise ValueError("weights must be one for each hypothesis, non-negative, and add up to m at most")
    with np.errstate(divide="ignore"):
        return e_benjamini_hochberg(log10_e + np.log10(shares), rate)


def boost_factor(tail: TAIL, rate: float, tests: int, *, positively_dependent: bool = False) -> float:
    """Return log10 of the largest b for which e-BH may be given b e instead of e. Never below 0.

    Only where the null distribution of e is known exactly: `tail` gives P(e >= x) for an array of log10 x. With
    T(x) the largest of {tests/k : k = 1..tests} and 0 that is at most x, b must keep E[T(rate b e)] <= rate, or,
    where the e-values are positively regression dependent on the nulls, max x P(rate b e >= x) <= rate over
    these x (Wang & Ramdas 2022, section 4.2). An upper bound of the null's tail gives a smaller, valid b.
    """
    levels = tests / np.arange(tests, 0, -1)  # 1 = tests/tests up to tests/1
    gains = levels if positively_dependent else np.diff(levels, prepend=0.0)

    def spent(log10_b: float) -> float:
        chances = tail(np.log10(levels / rate) - log10_b)
        return float((gains * chances).max() if positively_dependent else (gains * chances).sum())

    low, high = 0.0, math.log10(tests / rate)  # b = tests/rate would reject e = 1
    for _step in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if spent(middle) <= rate else (low, middle)
    return low


def closed_e_bh(log10_e: NDArray[np.float64], rate: float) -> NDArray[np.bool_]:
    """Return the largest set of top hypotheses that the closure of e-BH rejects; never fewer than e-BH.

    A set R is valid if every set S of hypotheses has mean e-value of at least |R and S| / (rate |R|): take S the
    true nulls, and the false-discovery proportion is at most rate times an e-value (Xu, Solari, Fischer, De Heide,
    Ramdas & Goeman 2025, "Bringing closure to false discovery rate control", section 3). The binding S are the j
    least of R with the k least of the rest, so all of them can be tried: cubic in m, meant for lists of hundreds.
    """
    m = len(log10_e)
    order = np.argsort(-log10_e, kind="stable")
    # beyond m/rate an e-value meets any demand by itself, so more changes nothing
    e = 10.0 ** np.minimum(log10_e[order], math.log10(max(m, 1) / rate))
    for size in range(m, 0, -1):
        inside = np.cumsum(e[:size][::-1])[:, None]  # sums of the j least of R
        outside = np.concatenate([[0.0], np.cumsum(e[size:][::-1])])[None, :]
        j, k = np.arange(1, size + 1)[:, None], np.arange(m - size + 1)[None, :]
        if ((inside + outside) * (rate * size) >= j * (j + k) * (1 - 1e-12)).all():
            rejected = np.zeros(m, dtype=bool)
            rejected[order[:size]] = True
            return rejected
    return np.zeros(m, dtype=bool)


def per_family_cut(examined: int, expected_wrong: float, choices: float = 1.0) -> float:
    """Log10 e an account must reach so that at most `expected_wrong` of `examined` are wrong (Markov).

    `choices` is for how many groups an account is weighed, on average over all accounts: every pair of an account
    and a group is a chance of being wrong. Valid under any dependence. Raises ValueError for a dial that is none.
    """
    if expected_wrong <= 0:
        raise ValueError("the expected number of wrong accounts must be positive")
    return max(0.0, math.log10(max(examined, 1) * max(choices, 1.0) / expected_wrong))


def lognormal_tail(shift: float) -> TAIL:
    """Return the null tail of exp(shift Z - shift^2/2), Z standard normal: a likelihood ratio of two normals."""
    from scipy.stats import norm

    return lambda log10_x: np.asarray(norm.sf((log10_x * LN10 + shift**2 / 2) / shift))


def discrete_tail(log10_e: ArrayLike, chances: ArrayLike) -> TAIL:
    """Return the null tail of an e-value with finitely many outcomes, given with their null chances."""
    values, weights = np.asarray(log10_e, dtype=np.float64), np.asarray(chances, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    ordered, above = values[order], np.concatenate([np.cumsum(weights[order][::-1])[::-1], [0.0]])
    return lambda log10_x: np.asarray(above[np.searchsorted(ordered, log10_x - 1e-12)])
