"""Who moved to a newly released model, and when: for a group, and for everybody else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

BIN = 6 * 3600.0  # seconds
BINS = 12  # after the release that are counted: a move later than that is no pivot


@dataclass(frozen=True, eq=False)
class Release:
    """A model that nobody used in the first part of the log and many accounts used later.

    Parallel arrays over the accounts that were at work before and after it came out, sorted by account.
    """

    model: str
    time: float  # epoch seconds of its first use by anybody
    account: Ints
    moved: Floats  # epoch seconds of the account's first use; infinite where it never did
    before: Ints  # code of the model it used most before
    half: Ints  # 0 or 1, by a keyed hash of the account
    counts: Ints  # exchanges of whatever model in each bin since the release, shape (accounts, BINS)

    def busy(self, start: float, end: float) -> Ints:
        """Return each account's exchanges in the bins that a window (epoch seconds) lies in."""
        first, last = (int((moment - self.time) // BIN) for moment in (start, end))
        return np.asarray(self.counts[:, max(first, 0) : max(last, 0) + 1].sum(axis=1))


@dataclass(frozen=True, eq=False)
class Adoption:
    """A release as a group met it. `release` is everybody's and shared between groups."""

    release: Release
    members: Ints  # positions in the release's arrays
    beside: Ints  # positions of others who do the group's work too
