"""Fitting: sixteen logistic regressions at once, over sparse windows, with unknown labels left out.

Stochastic gradient descent with AdaGrad's step sizes (Duchi, Hazan & Singer 2011) and an L2 penalty that is heavier for
hashed words than for concepts: what is said with listed words should carry over to other languages, single words
should not. One pass updates all labels, whose weights for a feature lie beside each other; sixteen fits of a general
library would read the features sixteen times.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.labels import LANES
from stillwatch.intents.training.features import Windows
from stillwatch.intents.windows import FEATURES, HASHED
from stillwatch.sketches.kernels import kernel

RATE = 0.15
PENALTY = 5e-5
PENALTY_HASHED = 1e-3
KEPT = 0.5  # of a window's features, at random, at each step: no label may hang on one of them


@dataclass(frozen=True)
class Fitted:
    weights: NDArray[np.float32]  # (FEATURES, LANES)
    bias: NDArray[np.float32]  # (LANES,)


@kernel
def _epoch(  # type: ignore[no-untyped-def]
    indices,
    indptr,
    labels,
    importance,
    order,
    weights,
    bias,
    squares,
    bias_squares,
    rate,
    penalties,
    hashed,
    kept,
    seed,
):
    np.random.seed(seed)
    chosen = np.empty(16384, dtype=np.int64)
    lanes = np.zeros(LANES, dtype=np.float32)
    slope = np.zeros(LANES, dtype=np.float32)
    for row in order:
        for lane in range(LANES):
            lanes[lane] = bias[lane]
        count = 0
        for at in range(indptr[row], indptr[row + 1]):
            if np.random.random() < kept:
                chosen[count] = indices[at]
                count += 1
        for i in range(count):
            for lane in range(LANES):
                lanes[lane] += weights[chosen[i], lane]
        for lane in range(LANES):
            known = labels[row, lane] >= 0
            p = np.float32(1.0) / (np.float32(1.0) + np.exp(-lanes[lane]))
            slope[lane] = (
                importance[row, lane] * (p - np.float32(labels[row, lane])) if known else np.float32(0.0)
            )
            bias_squares[lane] += slope[lane] * slope[lane]
            bias[lane] -= rate * slope[lane] / np.sqrt(bias_squares[lane] + np.float32(1e-6))
        for i in range(count):
            feature = chosen[i]
            penalty = penalties[1] if feature >= hashed else penalties[0]
            for lane in range(LANES):
                step = slope[lane] + penalty * weights[feature, lane]
                squares[feature, lane] += step * step
                weights[feature, lane] -= rate * step / np.sqrt(squares[feature, lane] + np.float32(1e-6))


def fit(windows: Windows, importance: NDArray[np.float32], epochs: int, seed: int) -> Fitted:
    """Fit all labels to the windows; `importance` weighs each window and label, shape (windows, LANES)."""
    matrix = windows.features
    weights = np.zeros((FEATURES, LANES), dtype=np.float32)
    bias = np.full(LANES, -3.0, dtype=np.float32)
    squares = np.full((FEATURES, LANES), 1e-2, dtype=np.float32)
    bias_squares = np.full(LANES, 1.0, dtype=np.float32)
    penalties = np.array([PENALTY, PENALTY_HASHED], dtype=np.float32)
    rng = np.random.default_rng(seed)
    for turn in range(epochs):
        order = rng.permutation(matrix.shape[0])
        _epoch(
            matrix.indices, matrix.indptr.astype(np.int64), windows.labels, importance.astype(np.float32), order,
            weights, bias, squares, bias_squares, np.float32(RATE), penalties, HASHED, KEPT,
            seed + turn,
        )  # fmt: skip
    return Fitted(weights * np.float32(KEPT), bias)  # all of a window's features are there when it is scored
