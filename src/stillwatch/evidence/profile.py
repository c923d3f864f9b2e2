"""The reference profiles: what honest work and harvests are after, and which marks of a harvest they show.

Counted on labelled traffic and on published applications, and shipped as small tables (`sought_profile.json`,
`shape_profile.json`) with the command that makes them; a deployment starts from them before it has learned its own
population.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

SMOOTHING = 0.5  # added to every count

# What harvests are after: a fixed alternative, after the campaigns that were disclosed in 2026. Reasoning was the aim
# of most, code and tools of the largest; a part asks nothing in particular, as relays that keep what they carry do.
HARVESTS_SEEK: Final[Mapping[str, float]] = {
    "reasoning_elicitation": 0.28,
    "agentic_coding": 0.15,
    "rubric_grading": 0.10,
    "general": 0.10,
    "tool_use": 0.08,
    "trace_cleaning": 0.05,
    "safe_rewriting": 0.05,
    "preference": 0.05,
    "instruction_generation": 0.05,
    "computer_use": 0.02,
    "vision": 0.02,
    "data_analysis": 0.02,
    "benchmark_items": 0.02,
    "identity_probe": 0.01,
}


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


@dataclass(frozen=True)
class SoughtProfile:
    """Counts of honest pieces of work by what they are after, clearly or leaning to it."""

    clear: Mapping[str, float]
    leaning: Mapping[str, float]

    def honest_share(self, capability: str, *, clearly: bool) -> float:
        """Return the share of honest work that is after a capability so clearly, smoothed."""
        total = sum(self.clear.values()) + sum(self.leaning.values()) + 2 * SMOOTHING * len(HARVESTS_SEEK)
        return ((self.clear if clearly else self.leaning).get(capability, 0.0) + SMOOTHING) / total

    def log10_ratio(self, capability: str, *, clearly: bool) -> float:
        """Return log10 of the likelihood ratio harvest to honest; half of the harvests are taken to be clear."""
        harvests = 0.5 * HARVESTS_SEEK[capability]
        return math.log10(harvests / self.honest_share(capability, clearly=clearly))


def _shares(counts: tuple[float, ...]) -> NDArray[np.float64]:
    smoothed = np.array(counts) + SMOOTHING
    return np.asarray(smoothed / smoothed.sum())


@cache
def shape_profile() -> ShapeProfile:
    """Return the shipped profile of shapes."""
    raw = json.loads(files("stillwatch.evidence").joinpath("shape_profile.json").read_text())
    return ShapeProfile(*(tuple(raw[side]) for side in ("single", "shared", "harvest")))


@cache
def sought_profile() -> SoughtProfile:
    """Return the shipped profile of what work is after."""
    raw = json.loads(files("stillwatch.evidence").joinpath("sought_profile.json").read_text())
    return SoughtProfile(raw["clear"], raw["leaning"])
