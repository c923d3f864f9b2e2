"""Rates: how often honest accounts do something, each account at a rate of its own (beta-binomial).

`k` of an account's `n` requests open a conversation, are refused, and so on. Rates differ between accounts: a null
whose unit is the request flags most large accounts. The beta-binomial (Skellam 1948, JRSS-B 10(2)) is fitted with
the account as its unit, a twentieth of the accounts being free to have done it any number of times, so that a few
attackers count for next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln
from scipy.stats import beta

from stillwatch.evidence.population.robust import DRAWS, SHARE_UNKNOWN, SURE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MEANS = 1.0 / (1.0 + np.exp(-np.linspace(-8.0, 8.0, 49)))
SIZES = np.geomspace(0.1, 200.0, 16)
MIN_REQUESTS = 5  # of an account, for its rate to say something
MIN_ACCOUNTS = 20
MOST = 1000  # accounts a rate is fitted from
FEW = 0.99  # of honest accounts stay below the threshold


@dataclass(frozen=True)
class Rate:
    """A beta prior over honest accounts' rates, and half the widths of the intervals of its mean and threshold."""

    a: float
    b: float
    mean_within: float
    threshold_within: float
    units: float

    @property
    def mean(self) -> float:
        return self.a / (self.a + self.b)

    @property
    def threshold(self) -> float:
        """Return the rate that one honest account in a hundred exceeds."""
        return float(beta.ppf(FEW, self.a, self.b))


def log_beta_binomial(k: Ints, n: Ints, a: float, b: float) -> Floats:
    """Return the natural log-probability of each `k` of `n`, binomial coefficients included."""
    ways = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return np.asarray(ways + betaln(k + a, n - k + b) - betaln(a, b))


def _picked(k: Ints, n: Ints) -> tuple[Ints, Ints]:
    """Return accounts with enough requests, sorted by rate; of more than `MOST` an even pick."""
    known = n >= MIN_REQUESTS
    k, n = k[known], n[known]
    order = np.lexsort((n, (k + 1) / (n + 2)))
    if len(order) > MOST:
        order = order[np.linspace(0, len(order) - 1, MOST).astype(np.int64)]
    return k[order], n[order]


def _grid() -> list[tuple[float, float]]:
    return [(float(mean * size), float((1 - mean) * size)) for mean in MEANS for size in SIZES]


def fit_rate(k: Ints, n: Ints, seed: int = 1) -> Rate | None:
    """Return what honest accounts' rates are like; None for too few accounts. Their order does not matter.

    Maximum likelihood over a grid of means and sizes. The intervals hold sampling of accounts (bootstrap) and what
    the fit would be without the twentieth of the accounts at either end.
    """
    k, n = _picked(k, n)
    if len(k) < MIN_ACCOUNTS:
        return None
    priors = _grid()
    anything = np.log(SHARE_UNKNOWN) - np.log(n + 1.0)
    honest = np.log1p(-SHARE_UNKNOWN)
    terms = np.stack(
        [np.logaddexp(honest + log_beta_binomial(k, n, a, b), anything) for a, b in priors], axis=1
    )
    random = np.random.default_rng(seed)
    few = int(np.ceil(SHARE_UNKNOWN * len(k)))
    weights = np.vstack([np.ones(len(k)), random.exponential(size=(DRAWS, len(k))), np.ones((2, len(k)))])
    weights[-2, :few] = weights[-1, -few:] = 0.0
    best = (weights @ terms).argmax(axis=1)
    fits = [Rate(priors[i][0], priors[i][1], 0.0, 0.0, 0.0) for i in best]
    means, thresholds = (np.array([getattr(fit, name) for fit in fits]) for name in ("mean", "threshold"))
    return Rate(fits[0].a, fits[0].b, _within(means), _within(thresholds), float(len(k)))


def _within(values: Floats) -> float:
    """Return half an interval from a fit, its bootstrap draws and the two fits without an end."""
    return SURE * float(values[1:-2].std()) + float(np.abs(values[-2:] - values[0]).max())
