"""Loads: how much more some honest users of one tool ask than others, learned from all tools in the traffic."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

Loads = NDArray[np.int64]
Floats = NDArray[np.float64]


def log_spread(loads: Loads, concentration: float) -> float:
    """Return the log-probability of loads given their total, Dirichlet-multinomial; infinite = multinomial."""
    total, accounts = int(loads.sum()), len(loads)
    if np.isinf(concentration):
        return float(gammaln(total + 1) - gammaln(loads + 1).sum() - total * np.log(accounts))
    whole = concentration * accounts
    return float(
        gammaln(total + 1)
        + gammaln(whole)
        - gammaln(total + whole)
        + (gammaln(loads + concentration) - gammaln(concentration) - gammaln(loads + 1)).sum()
    )


def load_curve(loads: Loads, grid: Floats) -> Floats:
    """Return the natural log-likelihood of one tool's loads at each concentration of `grid`."""
    return np.array([log_spread(loads, float(concentration)) for concentration in grid])
