"""The reference profile of shapes: how many marks of a harvest honest work and harvests show.

Counted on labelled traffic and shipped as a small table (`shape_profile.json`) with the command that makes
it; a deployment starts from it before it has learned its own population.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

SMOOTHING = 0.5  # added to every count


@dataclass(frozen=True)
class ShapeProfile:
    """Counts of work by number of marks: honest work of one account, of several, and harvests."""

    single: tuple[float, ...]  # by number of marks; pieces of work, each kind of work counting alike
    shared: tuple[float, ...]
    harvest: tuple[float, ...]

    @property
    def typical(self) -> int:
        """Return the number of marks that most honest work shows."""
        return int(np.argmax(np.array(self.single) + np.array(self.shared)))

    def log10_ratio(self, marks: int, *, shared: bool) -> float:
        """Return log10 of the likelihood ratio harvest to honest at a number of marks, smoothed."""
        honest, taken = (_shares(counts) for counts in (self.shared if shared else self.single, self.harvest))
        return math.log10(taken[marks] / honest[marks])


def _shares(counts: tuple[float, ...]) -> NDArray[np.float64]:
    smoothed = np.array(counts) + SMOOTHING
    return np.asarray(smoothed / smoothed.sum())


@cache
def shape_profile() -> ShapeProfile:
    """Return the shipped profile."""
    raw = json.loads(files("stillwatch.evidence").joinpath("shape_profile.json").read_text())
    raw.pop("source", None)
    return ShapeProfile(
        **{key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}
    )
