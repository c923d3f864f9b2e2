"""Mixes of work: how alike the shares are that accounts give to their kinds of work (Dirichlet-multinomial).

An account's requests over kinds of work are multinomial with shares of its own, and those shares are Dirichlet with
some base (what the accounts do on average) and a concentration (how alike they are): Mosimann 1962, Biometrika 49(1).
The base is never known beforehand, so a null takes the likeliest one; that is a concave problem at a given
concentration, and its Frank-Wolfe gap bounds how far an iterate is from the top (Jaggi 2013, ICML, section 2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, psi

Counts = NDArray[np.int64]  # (accounts, kinds)
Floats = NDArray[np.float64]

GAP = 0.1  # natural-log units: an iterate so near the top is near enough, and the bound pays for the rest
PASSES = 200


def log_mixes(counts: Counts, base: Floats, concentration: float) -> float:
    """Return the natural log-likelihood of rows of counts given their totals, multinomial coefficients left out.

    `counts` has shape (accounts, kinds), `base` (kinds,) sums to one; an infinite concentration is one mix for all.
    """
    if np.isinf(concentration):
        return float((counts.sum(axis=0) * np.log(base)).sum())
    totals = counts.sum(axis=1)
    row, kind = np.nonzero(counts)
    n, alpha = counts[row, kind], concentration * base[kind]
    whole = (gammaln(concentration) - gammaln(totals + concentration)).sum()
    return float(whole + (gammaln(n + alpha) - gammaln(alpha)).sum())


def likeliest_base(counts: Counts, concentration: float, start: Floats | None = None) -> tuple[Floats, float]:
    """Return the base, shape (kinds,), under which `counts` are likeliest, and an upper bound of that.

    Fixed-point iteration of Minka 2000 (Estimating a Dirichlet distribution, section 3); the bound is natural-log
    likelihood plus the Frank-Wolfe gap, hence never below the true maximum, however early the iteration stops.
    """
    row, kind = np.nonzero(counts)
    n = counts[row, kind]
    kinds = counts.shape[1]
    base = counts.sum(axis=0) + 0.5 if start is None else start + 1e-9
    base = base / base.sum()
    gap = np.inf
    for _pass in range(PASSES):
        alpha = concentration * base[kind]
        slope = concentration * np.bincount(kind, weights=psi(n + alpha) - psi(alpha), minlength=kinds)
        along = float((slope * base).sum())
        gap = float(slope.max()) - along
        if gap <= GAP:
            break
        base = np.maximum(base * slope / along, 1e-12)
        base /= base.sum()
    return base, log_mixes(counts, base, concentration) + max(gap, 0.0)


def concentration_curve(counts: Counts, grid: Floats) -> Floats:
    """Return the natural log-likelihood at each concentration of `grid`, the base being the likeliest at each.

    Profiling the base out leaves rows looking a little more alike than they are, which errs to the careful side
    where the result bounds how alike honest accounts are.
    """
    curve = np.empty(len(grid))
    base: Floats | None = None
    for i in range(len(grid))[::-1]:  # from the most alike down, where the pooled shares are the top
        base, curve[i] = likeliest_base(counts, float(grid[i]), base)
    return curve
