"""The reference profiles: what honest work and harvests are after, and which marks of a harvest they show.

Counted on labelled traffic and on published applications, and shipped as small tables (`sought_profile.json`,
`shape_profile.json`) with the command that makes them; a deployment starts from them before it has learned its own
population.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

SMOOTHING = 0.5  # added to every count
TOLD = 9  # marks of a harvest, which hardly any honest work of several accounts shows

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
        return math.log10(self.harvest_share(marks) / self.honest_share(marks, shared=shared))

    def honest_share(self, marks: int, *, shared: bool) -> float:
        """Return the share of honest work that shows so many marks, smoothed."""
        return float(_shares(self.shared if shared else self.single)[marks])

    def harvest_share(self, marks: int) -> float:
        """Return the share of harvests that show so many marks: the alternative that shapes are tested against.

        Half of it are harvests as counted, half those that shape can tell at all: of `TOLD` marks or more.
        """
        counted = _shares(self.harvest)
        told = np.where(np.arange(len(counted)) >= TOLD, counted, 0.0)
        told = told / told.sum() if told.any() else counted
        return float(0.5 * counted[marks] + 0.5 * told[marks])


@dataclass(frozen=True)
class SoughtProfile:
    """Counts of honest pieces of work by what they are after, clearly or leaning to it."""

    clear: Mapping[str, float]
    leaning: Mapping[str, float]

    def honest_share(self, capability: str, *, clearly: bool) -> float:
        """Return the share of honest work that is after a capability so clearly, smoothed."""
        return ((self.clear if clearly else self.leaning).get(capability, 0.0) + SMOOTHING) / self.total

    @property
    def total(self) -> float:
        """Return how many honest pieces of work were counted, smoothed."""
        counted = sum(self.clear.values()) + sum(self.leaning.values())
        return counted + 2 * SMOOTHING * len(HARVESTS_SEEK)

    def harvest_share(self, capability: str) -> float:
        """Return the share of harvests that are taken to be after a capability."""
        return HARVESTS_SEEK[capability]

    def log10_ratio(self, capability: str, *, clearly: bool) -> float:
        """Return log10 of the likelihood ratio harvest to honest; half of the harvests are taken to be clear."""
        harvests = 0.5 * self.harvest_share(capability)
        return math.log10(harvests / self.honest_share(capability, clearly=clearly))


def _shares(counts: tuple[float, ...]) -> NDArray[np.float64]:
    smoothed = np.array(counts) + SMOOTHING
    return np.asarray(smoothed / smoothed.sum())


@cache
def shipped_shape_profile() -> ShapeProfile:
    """Return the shipped profile of shapes."""
    raw = json.loads(files("stillwatch.evidence").joinpath("shape_profile.json").read_text())
    return ShapeProfile(*(tuple(raw[side]) for side in ("single", "shared", "harvest")))


@cache
def shipped_sought_profile() -> SoughtProfile:
    """Return the shipped profile of what work is after."""
    raw = json.loads(files("stillwatch.evidence").joinpath("sought_profile.json").read_text())
    return SoughtProfile(raw["clear"], raw["leaning"])


_IN_FORCE: ContextVar[tuple[SoughtProfile, ShapeProfile] | None] = ContextVar("profiles", default=None)


@contextmanager
def profiles_in_force(sought: SoughtProfile, shape: ShapeProfile) -> Iterator[None]:
    """Use these profiles instead of the shipped ones for what is judged inside the block, in this thread.

    A scan enters it once, at its edge, with what the labels of its deployment made of the shipped ones.
    """
    token = _IN_FORCE.set((sought, shape))
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def shape_profile() -> ShapeProfile:
    """Return the profile of shapes in force: the shipped one, unless a scan has set another."""
    held = _IN_FORCE.get()
    return held[1] if held else shipped_shape_profile()


def sought_profile() -> SoughtProfile:
    """Return the profile of what work is after in force: the shipped one, unless a scan has set another."""
    held = _IN_FORCE.get()
    return held[0] if held else shipped_sought_profile()
