"""How many sentences are said and asked: an exchange's length profile, one byte.

Profiles below FREE are those fitted to traces (`stillwatch.ranges.arrivals.lengths`). From FREE on they are a grid:
a level of what is said times ASKED, plus a level of what is asked. Level i means a median of 1.5^i sentences;
around it counts are lognormal with sigma 0.5. All are held as 64 equally likely quantiles, so that a kernel needs
one look-up.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from stillwatch.ranges.arrivals.lengths import LengthTables

FREE: Final = 128  # the first profile of the grid
SAID, ASKED = 8, 16  # levels
RATIO: Final = 1.5  # of the medians of neighbouring levels
SPREAD: Final = 0.5  # sigma of the logarithm
QUANTILES: Final = 64


def profile(said: ArrayLike, asked: ArrayLike) -> Any:
    """Return the profile, uint8, whose median counts of sentences are nearest to those given (each > 0)."""
    upper, lower = _level(said, SAID), _level(asked, ASKED)
    return (FREE + upper * ASKED + lower).astype(np.uint8)


def _level(median: ArrayLike, levels: int) -> Any:
    sentences = np.asarray(median, dtype=np.float64)
    if not (sentences > 0).all():
        raise ValueError("profile: the median number of sentences must be over 0")
    return np.clip(np.rint(np.log(sentences) / np.log(RATIO)), 0, levels - 1).astype(np.int64)


@cache
def counts() -> NDArray[np.int32]:
    """Return sentences of [said or asked, profile, hash & 63], int32 of shape (2, 256, 64), each at least 1."""
    fitted = LengthTables.load()
    found = np.ones((2, FREE + SAID * ASKED, QUANTILES), np.int32)
    found[0, : len(fitted.said)], found[1, : len(fitted.asked)] = fitted.said, fitted.asked
    quantile = ndtri((np.arange(QUANTILES) + 0.5) / QUANTILES)
    level = np.arange(ASKED)[:, None]
    of_level = np.maximum(1, np.rint(RATIO**level * np.exp(SPREAD * quantile)))
    every = np.arange(SAID * ASKED)
    found[0, FREE:], found[1, FREE:] = of_level[every // ASKED], of_level[every % ASKED]
    return found
