"""The area under the ROC curve within strata, with an interval that knows rows of one account go together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

REPEATS = 200


def stratified_auc(
    scores: NDArray[np.float64],
    positive: NDArray[np.bool_],
    strata: NDArray[np.int64],
    weights: NDArray[np.float64] | None = None,
) -> float:
    """Return the mean AUC over strata, each weighted by its positives; NaN where no stratum has both kinds.

    n rows each. Equal scores count half. Only rows of the same stratum are compared, so that what tells the
    strata apart is worth nothing.
    """
    w = np.ones(len(scores)) if weights is None else weights
    order = np.lexsort((scores, strata))
    s, y, g, w = scores[order], positive[order], strata[order], w[order]
    ties = (
        np.cumsum(np.r_[True, (s[1:] != s[:-1]) | (g[1:] != g[:-1])]) - 1 if len(s) else np.zeros(0, np.int64)
    )
    group = np.unique(g, return_inverse=True)[1]
    negatives = np.where(y, 0.0, w)
    level = np.bincount(ties, weights=negatives)
    below = np.cumsum(level) - level
    first = np.searchsorted(group, np.arange(group.max() + 1 if len(group) else 0))
    before = np.cumsum(negatives) - negatives
    beaten = below[ties] + level[ties] / 2 - before[first][group]
    pos = np.bincount(group, weights=np.where(y, w, 0.0))
    neg = np.bincount(group, weights=negatives)
    won = np.bincount(group, weights=np.where(y, w * beaten, 0.0))
    usable = (pos > 0) & (neg > 0)
    if not usable.any():
        return float("nan")
    return float((won[usable] / neg[usable]).sum() / pos[usable].sum())


def interval(
    scores: NDArray[np.float64],
    positive: NDArray[np.bool_],
    strata: NDArray[np.int64],
    clusters: NDArray[np.int64],
    repeats: int = REPEATS,
) -> tuple[float, float]:
    """Return the 95 % percentile interval of `stratified_auc`, by drawing whole clusters (accounts) again."""
    random = np.random.default_rng(0)
    count = int(clusters.max()) + 1 if len(clusters) else 0
    drawn = []
    for _ in range(repeats):
        times = np.bincount(random.integers(count, size=count), minlength=count).astype(np.float64)
        drawn.append(stratified_auc(scores, positive, strata, times[clusters]))
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)
