"""Calibration: what a score means, and from which score on a label is given.

Isotonic regression (Barlow et al. 1972; as in Zadrozny & Elkan 2002) of cross-fitted scores, thinned to a few knots.
The cut of a label is set by its false positives among innocent samples, so that no prevalence is assumed. There are
two: from `cuts` on a single request is given the label; from `leanings` on it counts for the work it is part of, where
the many requests of one template are judged together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from stillwatch.intents.labels import LANES, Label

KNOTS: Final = 32
FEWEST: Final = 50  # positives, for a label to be calibrated at all
FALSE_POSITIVES: Final = {Label.REASONING_ELICITATION: 0.0007, Label.HIDDEN_TRACE: 0.0007}
OTHERWISE: Final = 0.005
LEANING: Final = 0.01
NEVER: Final = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Calibration:
    knots: NDArray[np.int32]
    levels: NDArray[np.float32]
    cuts: NDArray[np.int32]
    leanings: NDArray[np.int32]
    figures: dict[Label, dict[str, float]]  # at the cut, cross-fitted


def calibrate(scores: NDArray[np.int32], known: NDArray[np.int8]) -> Calibration:
    """Calibrate all labels on scores (n, LANES) of samples whose labels are known (1, 0, or -1 for unknown)."""
    knots = np.tile(np.arange(KNOTS, dtype=np.int32), (LANES, 1))
    levels = np.zeros((LANES, KNOTS), dtype=np.float32)
    cuts, leanings = (np.full(LANES, NEVER, dtype=np.int32) for _kind in range(2))
    figures: dict[Label, dict[str, float]] = {}
    for label in Label:
        rows = known[:, label] >= 0
        score, true = scores[rows, label], known[rows, label] == 1
        if true.sum() < FEWEST or (~true).sum() < FEWEST:
            figures[label] = {"positives": float(true.sum())}
            continue
        knots[label], levels[label] = _isotonic(score, true)
        cuts[label] = least_cut(score[~true], FALSE_POSITIVES.get(label, OTHERWISE))
        leanings[label] = least_cut(score[~true], LEANING)
        given = score >= cuts[label]
        figures[label] = {
            "positives": float(true.sum()),
            "negatives": float((~true).sum()),
            "recall": round(float(given[true].mean()), 4),
            "false_positives": round(float(given[~true].mean()), 6),
            "recall_leaning": round(float((score[true] >= leanings[label]).mean()), 4),
        }
    return Calibration(knots, levels, cuts, leanings, figures)


def _isotonic(
    score: NDArray[np.int32], true: NDArray[np.bool_]
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    fitted = IsotonicRegression(out_of_bounds="clip", y_min=1e-4, y_max=1 - 1e-4).fit(score, true)
    at = np.unique(np.quantile(score, np.linspace(0, 1, KNOTS)).astype(np.int32))
    extra = np.unique(np.quantile(score[true], np.linspace(0, 1, KNOTS)).astype(np.int32))
    at = np.unique(np.concatenate([at, extra]))
    at = at[np.unique(np.linspace(0, len(at) - 1, KNOTS).astype(int))]
    level = fitted.predict(at)
    pad = KNOTS - len(at)
    knots = np.concatenate([at, at[-1] + 1 + np.arange(pad)])
    return knots.astype(np.int32), np.concatenate([level, np.full(pad, level[-1])]).astype(np.float32)


def least_cut(innocent: NDArray[np.int32], rate: float) -> int:
    """Return the least score that at most `rate` of the innocent reach; of none, zero."""
    allowed = int(rate * len(innocent))
    return (
        int(np.sort(innocent)[::-1][allowed]) + 1 if len(innocent) > allowed else int(innocent.min(initial=0))
    )
