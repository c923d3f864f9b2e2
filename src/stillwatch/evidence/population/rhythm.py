"""Rhythm: at which hours of the day accounts are at work, every account weighing alike.

A rhythm of the whole population in UTC; which hours an account keeps is never evidence, as it tells where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

HOURS = 24
MIN_REQUESTS = 5
TRIMMED = 0.05  # of the accounts, on either side, at every hour
SURE = 1.96


@dataclass(frozen=True)
class Rhythm:
    """Share of accounts' requests by hour of day in UTC, half the width of each share's interval, and the accounts."""

    shares: tuple[float, ...]
    within: tuple[float, ...]
    units: float


def fit_rhythm(requests: Ints) -> Rhythm | None:
    """Return the rhythm of accounts from requests by hour (accounts, 24); None for too few accounts.

    Trimmed means with their winsorised standard errors (Tukey & McLaughlin 1963, Sankhya A 25(3)); what trimming
    takes away is added to the interval, so that accounts at one hour only cannot move it by more than it says.
    """
    own = requests[requests.sum(axis=1) >= MIN_REQUESTS]
    n = len(own)
    cut = int(np.floor(TRIMMED * n))
    if n - 2 * cut < 2 * HOURS:
        return None
    shares = np.sort(own / own.sum(axis=1, keepdims=True), axis=0)
    kept = shares[cut : n - cut]
    middle = kept.mean(axis=0)
    winsorised = np.clip(shares, kept[0], kept[-1])
    sampling = SURE * winsorised.std(axis=0, ddof=1) / ((1 - 2 * TRIMMED) * np.sqrt(n))
    total = middle.sum()
    moved = np.maximum(
        np.abs(shares[cut:].mean(axis=0) - middle), np.abs(shares[: n - cut].mean(axis=0) - middle)
    )
    within = (sampling + moved) / total
    return Rhythm(tuple((middle / total).tolist()), tuple(within.tolist()), float(n))
