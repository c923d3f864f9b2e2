"""Prevalence: by how many accounts a request form, an address, a device is shared, over all there are of it.

The unit is the value (one form, one address), not the account: one pool of a thousand accounts behind one address is
one value more among those that many share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

STEPS = (2, 4, 8, 16, 32, 64)  # accounts
SURE = 1.96
SHARE_UNKNOWN = 0.05


@dataclass(frozen=True)
class Prevalence:
    """Of how many values which share is held by at least so many accounts, by `STEPS`; and half of each interval."""

    shares: tuple[float, ...]
    within: tuple[float, ...]
    units: float

    def held_by(self, accounts: int) -> float:
        """Return the upper end of the share of values held by so many accounts or more; 1 for a single account."""
        reached = [i for i, step in enumerate(STEPS) if step <= accounts]
        return min(1.0, self.shares[reached[-1]] + self.within[reached[-1]]) if reached else 1.0


def fit_prevalence(holders: Ints) -> Prevalence | None:
    """Return how values are shared, from the number of accounts that hold each; None where there are none.

    The interval is that of Agresti & Coull 1998 (American Statistician 52(2)), plus what it would be had a
    twentieth of the values in each step been an attacker's.
    """
    n = len(holders)
    if not n:
        return None
    shares, within = [], []
    for step in STEPS:
        found = int((holders >= step).sum())
        size = n + SURE**2
        middle = (found + SURE**2 / 2) / size
        share = found / n
        half = SURE * float(np.sqrt(middle * (1 - middle) / size)) + abs(middle - share)
        shares.append(share)
        within.append(half + SHARE_UNKNOWN * (1.0 - share))
    return Prevalence(tuple(shares), tuple(within), float(n))
