"""A mark that a customer's accounts share: evidence whose sampling unit is the customer, not the account.

An open customer's accounts are alike: who signs up one account in haste signs up ten so. Counting them as independent
draws would make ten of one habit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln

from stillwatch.evidence.evalues import LN10, binomial_excess

FLOOR = 0.01  # no mark is taken to be rarer than this among honest customers, however few show it


def customer_excess(k: int, n: int, rate: float) -> float:
    """Log10 e-value that `k` of a customer's `n` accounts show a mark that accounts show at `rate`.

    The smaller of two likelihood ratios with an alternative uniform on (0, 1). One has as its null a customer whose
    own share is drawn from Beta(rate, 1 - rate): nearly all of its accounts or nearly none. The other has accounts
    that are independent of each other (`binomial_excess`). The first is lowered until it grows with `k`, so both
    hold for smaller rates, too. It never passes 1 / rate by much, however large the group. ValueError unless
    0 < rate < 1 and 0 <= k <= n. (Likelihood ratios as e-values: Vovk & Wang 2021, Annals of Statistics 49(3).)
    """
    if not 0 < rate < 1 or not 0 <= k <= n:
        raise ValueError("the rate must lie inside (0, 1), and k between 0 and n")
    if not n:
        return 0.0
    at = np.arange(k, n + 1)
    choose = gammaln(n + 1) - gammaln(at + 1) - gammaln(n - at + 1)
    null = choose + betaln(at + rate, n - at + 1 - rate) - betaln(rate, 1 - rate)
    alike = float((-math.log(n + 1) - null).min() / LN10)
    return min(alike, binomial_excess(k, n, rate))


@dataclass(frozen=True)
class Marked:
    """How many members show a mark, and how many of everybody else do; who cannot be judged is not counted."""

    marked: int
    known: int
    outside_marked: int
    outside_known: int

    @property
    def rate(self) -> float:
        """Return the rate of the mark among outsiders, with one added either way and never below FLOOR."""
        return min(max((self.outside_marked + 1) / (self.outside_known + 2), FLOOR), 0.99)

    @property
    def log10_excess(self) -> float:
        """Return log10 e that the group shows the mark more than customers do."""
        return customer_excess(self.marked, self.known, self.rate)
