"""Discoveries over time: what part of the dial each scan may spend, and e-BH that counts earlier findings.

e-LOND (Xu & Ramdas 2024, AISTATS) rejects the t-th hypothesis where e_t >= 1/(rate gamma_t (R + 1)),
R being the discoveries before it. A scan tests a batch of m: it may spend rate gamma_s on the m together, and rejects
the k largest for which e >= m/(rate gamma_s (R + k)). For every false rejection 1{e >= t}/R_all <= e/(t R_all)
<= e rate gamma_s/m, because R_all, the discoveries of all scans, is at least R + k; the sum over the batch is
rate gamma_s in mean, and over all scans the rate, since the gamma add up to one. No independence is needed, neither
in a scan nor between scans.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import zeta

LEAST = 1.0  # log10 e: however many were found before, weaker evidence names nothing
DECAY = 1.3  # of the shares: the 7th scan has a 13th of the first one's, the 30th an 83rd


def share_of_scan(number: int) -> float:
    """Return gamma of the `number`-th scan (from 1): the part of the dial that it may spend.

    The shares of all scans add up to one. Raises ValueError for a number below 1.
    """
    if number < 1:
        raise ValueError(f"scans are numbered from 1, got {number}")
    return float(number**-DECAY / zeta(DECAY))


def e_lond(
    log10_e: NDArray[np.float64], rate: float, *, found_before: int = 0, untold: int = 0
) -> tuple[NDArray[np.bool_], float]:
    """Return which hypotheses of a batch are rejected, and the cut in log10 e.

    `log10_e` has shape (m,); `rate` is what this batch may spend; `found_before` counts the discoveries of
    earlier batches; `untold` counts hypotheses that belong to the batch with e = 0. Without the last two it is
    e-BH (Wang & Ramdas 2022, JRSS-B 84(3)). With no rejection the cut is what one alone would need.
    """
    tested = len(log10_e) + untold
    if not tested:
        return np.zeros(0, dtype=bool), -math.log10(rate * (found_before + 1))
    ordered = np.sort(log10_e)[::-1]
    needed = np.log10(tested / (rate * (found_before + np.arange(1, len(log10_e) + 1))))
    if found_before:
        needed = np.maximum(needed, LEAST)
    passing = np.flatnonzero(ordered >= needed)
    if len(passing):
        cut = float(needed[passing[-1]])
        return log10_e >= cut, cut
    alone = float(needed[0]) if len(needed) else max(math.log10(tested / (rate * (found_before + 1))), LEAST)
    return np.zeros(len(log10_e), dtype=bool), alone
