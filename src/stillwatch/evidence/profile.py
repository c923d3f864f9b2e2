"""The reference profile: how often honest work and harvests show a shape, counted on labelled traffic.

Shipped as a small table (`shape_profile.json`) with the command that counts it; a deployment starts from it
before it has learned its own population.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class ShapeProfile:
    """Counts of workloads by shape score (0 to 8): honest ones of one account, of several, and harvests."""

    single: tuple[int, ...]
    shared: tuple[int, ...]
    harvest: tuple[int, ...]

    @property
    def typical(self) -> int:
        """Return the score most honest workloads show."""
        return max(range(len(self.single)), key=lambda score: self.single[score] + self.shared[score])

    def ratio(self, score: int, *, shared: bool) -> float:
        """Return the likelihood ratio harvest to honest at a score, each with one added per score."""
        honest = self.shared if shared else self.single
        scores = len(honest)
        benign = (honest[score] + 1) / (sum(honest) + scores)
        return ((self.harvest[score] + 1) / (sum(self.harvest) + scores)) / benign


@cache
def shape_profile() -> ShapeProfile:
    """Return the shipped profile."""
    raw = json.loads(files("stillwatch.evidence").joinpath("shape_profile.json").read_text())
    return ShapeProfile(tuple(raw["single"]), tuple(raw["shared"]), tuple(raw["harvest"]))
