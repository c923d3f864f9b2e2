"""Priors with labels: the shipped reference profiles, with a deployment's labelled work counted in.

Beta-binomial, a kind of work at a time, with the shipped counts as the prior. An honest kind of c pieces out of C
becomes (c + n) / (C + n) with n labels of its own; the labels of other kinds are left out of C, which only makes the
share larger than the posterior's. So it is at least the shipped share and at least the share among shipped and labelled
work together: the ratio stays an e-value under either, and an honest label never makes any work more telling.
Harvests are an alternative, and any alternative gives an e-value while its shares sum to at most one: a kind of share h
becomes (W h + n) / (W + N) with n of N labels, the shipped alternative being worth W pieces, and never more than `MOST`
times h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scipy.stats import beta

from stillwatch.evidence.profile import (
    SMOOTHING,
    ShapeProfile,
    SoughtProfile,
    shipped_shape_profile,
    shipped_sought_profile,
)

WORTH = 100.0  # pieces of work that the fixed alternative of what harvests seek is worth
MOST = 2.0  # times the shipped share of harvests, however many campaigns are labelled
INTERVAL = 0.95

Pieces = Mapping[str, Mapping[str, int]]  # table -> place -> labelled pieces of work


@dataclass(frozen=True)
class Share:
    """A share with its prior's weight and labels: a beta distribution, held at what may be claimed."""

    hits: float
    misses: float
    most: float = 1.0

    @property
    def value(self) -> float:
        """Return the share in use."""
        return min(self.hits / (self.hits + self.misses), self.most)

    @property
    def interval(self) -> tuple[float, float]:
        """Return the equal-tailed interval of the share at `INTERVAL`, held at what may be claimed."""
        low, high = beta.ppf([(1 - INTERVAL) / 2, (1 + INTERVAL) / 2], self.hits, self.misses)
        return min(float(low), self.most), min(float(high), self.most)


def honest(share: float, counted: float, labels: int) -> Share:
    """Return an honest share after labels of its kind; `counted` is what the prior rests on, smoothed."""
    return Share(share * counted + labels, (1 - share) * counted)


def harvest(share: float, worth: float, labels: int, of: int) -> Share:
    """Return a share of harvests after `labels` of its kind `of` all, held at `MOST` times the shipped one."""
    return Share(share * worth + labels, (1 - share) * worth + of - labels, min(MOST * share, 1.0))


@dataclass(frozen=True)
class LabelledSought(SoughtProfile):
    """What work is after, with labels."""

    honest: Pieces = field(default_factory=dict)
    campaigns: Pieces = field(default_factory=dict)

    def honest_of(self, capability: str, *, clearly: bool) -> Share:
        """Return the honest share of a kind, as a distribution."""
        labels = self.honest.get(_table(clearly), {}).get(capability, 0)
        return honest(super().honest_share(capability, clearly=clearly), self.total, labels)

    def harvest_of(self, capability: str) -> Share:
        """Return the share of harvests after a capability, clearly or not."""
        tables = [self.campaigns.get(_table(clearly), {}) for clearly in (True, False)]
        labels = sum(table.get(capability, 0) for table in tables)
        return harvest(super().harvest_share(capability), WORTH, labels, sum(sum(t.values()) for t in tables))

    def honest_share(self, capability: str, *, clearly: bool) -> float:
        return self.honest_of(capability, clearly=clearly).value

    def harvest_share(self, capability: str) -> float:
        return self.harvest_of(capability).value


@dataclass(frozen=True)
class LabelledShape(ShapeProfile):
    """Shapes of work, with labels."""

    honest: Pieces = field(default_factory=dict)
    campaigns: Pieces = field(default_factory=dict)

    def honest_of(self, marks: int, *, shared: bool) -> Share:
        """Return the honest share of work with so many marks, as a distribution."""
        table, counts = ("shared", self.shared) if shared else ("single", self.single)
        labels = self.honest.get(table, {}).get(str(marks), 0)
        return honest(super().honest_share(marks, shared=shared), _counted(counts), labels)

    def harvest_of(self, marks: int) -> Share:
        """Return the share of harvests with so many marks, done by one account or by several."""
        tables = [self.campaigns.get(table, {}) for table in ("single", "shared")]
        labels = sum(table.get(str(marks), 0) for table in tables)
        every = sum(sum(table.values()) for table in tables)
        return harvest(super().harvest_share(marks), _counted(self.harvest), labels, every)

    def honest_share(self, marks: int, *, shared: bool) -> float:
        return self.honest_of(marks, shared=shared).value

    def harvest_share(self, marks: int) -> float:
        return self.harvest_of(marks).value


def _table(clearly: bool) -> str:
    return "clear" if clearly else "leaning"


def _counted(counts: tuple[float, ...]) -> float:
    return sum(counts) + SMOOTHING * len(counts)


def with_labels(honest: Pieces, campaigns: Pieces) -> tuple[LabelledSought, LabelledShape]:
    """Return the shipped profiles with labelled pieces of work counted in."""
    sought, shape = shipped_sought_profile(), shipped_shape_profile()
    return (
        LabelledSought(sought.clear, sought.leaning, honest, campaigns),
        LabelledShape(shape.single, shape.shared, shape.harvest, honest, campaigns),
    )
