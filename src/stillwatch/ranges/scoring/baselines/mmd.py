"""The unbiased squared maximum mean discrepancy of two samples, over four Gaussian kernels.

Source: A. Gretton, K. Borgwardt, M. Rasch, B. Schölkopf and A. Smola, "A kernel two-sample test", Journal of
Machine Learning Research 13 (2012), Lemma 6. The bandwidths are the median distance times the square roots of
1/2, 1, 2 and 4, and the kernels are averaged.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
KERNELS = 4


def median_scale(rows: Rows) -> float:
    """Return 1 / (2 * median squared distance) of n rows, 1 where they are all the same."""
    squared = _squared_distances(rows, rows)[np.triu_indices(len(rows), 1)]
    median = float(np.median(squared)) if len(squared) else 0.0
    return 1 / (2 * median) if median > 0 else 1.0


def kernel(a: Rows, b: Rows, scale: float) -> NDArray[np.float32]:
    """Return the mean of the four kernels, len(a) × len(b); `scale` is that of the median bandwidth."""
    widest = np.exp(-_squared_distances(a, b) * np.float32(scale / 4))
    total = widest.copy()
    for _ in range(KERNELS - 1):  # half the squared bandwidth is the square of the kernel
        widest *= widest
        total += widest
    mean: NDArray[np.float32] = total / KERNELS
    return mean


def within(rows: Rows, scale: float) -> float:
    """Return the mean kernel over pairs of distinct rows; NaN for fewer than two."""
    n = len(rows)
    if n < 2:
        return float("nan")
    values = kernel(rows, rows, scale)
    return float((values.sum(dtype=np.float64) - np.trace(values, dtype=np.float64)) / (n * (n - 1)))


def discrepancy(rows: Rows, references: list[Rows], reference_within: list[float], scale: float) -> float:
    """Return the unbiased MMD² of `rows` against each reference, averaged; NaN for fewer than two rows.

    `reference_within` holds `within` of each reference, so that it is computed once for all windows.
    """
    own = within(rows, scale)
    crossed = kernel(rows, np.concatenate(references), scale).sum(axis=0, dtype=np.float64)
    ends = np.cumsum([len(reference) for reference in references])
    means = np.add.reduceat(crossed, [0, *ends[:-1]]) / (
        np.array([len(reference) for reference in references]) * len(rows)
    )
    return float(np.mean(own + np.array(reference_within) - 2 * means))


def _squared_distances(a: Rows, b: Rows) -> NDArray[np.float32]:
    squared = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None, :] - 2 * (a @ b.T)
    positive: NDArray[np.float32] = np.maximum(squared, 0)
    return positive
