"""Do the e-values keep their word? Groups by orders of ten, and accounts against Markov's bound.

An e-value has mean at most one where there is nothing to find, so it reaches 10^k with probability at most 10^-k
(Markov). Of `tested` groups without a campaign at most tested * 10^-k are expected to reach it; more false groups
than that, by the lower bound of their number, contradict the promise. Likewise no more than a share alpha of the
unrelated honest accounts may have e >= 1/alpha.

Source: V. Vovk and R. Wang, "E-values: calibration, combination and applications", Annals of Statistics 49 (2021).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from stillwatch.ranges.scoring.campaigns import ReportedScore
from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.intervals import poisson_at_least
from stillwatch.ranges.scoring.natures import INNOCENT
from stillwatch.ranges.scoring.shares import Share

ALPHAS = (0.1, 0.05, 0.01, 0.001, 0.0001)
_GREATEST = 300  # log10 beyond which a float would overflow


@dataclass(frozen=True, slots=True)
class Decade:
    """Reported groups of one verdict with log10 e in [decade, decade + 1), and all those above it."""

    verdict: str
    decade: int
    groups: int
    wrong: int
    wrong_above: int  # with log10 e >= decade
    allowed_above: float | None  # at most so many expected; None where the number of tests is unknown

    @property
    def contradicted(self) -> bool:
        """More are wrong than chance allows: the 95 % lower bound of their number is above what is allowed."""
        return self.allowed_above is not None and poisson_at_least(self.wrong_above) > self.allowed_above


@dataclass(frozen=True, slots=True)
class Level:
    """Unrelated honest accounts with e >= 1/alpha."""

    alpha: float
    above: Share

    @property
    def contradicted(self) -> bool:
        """The 95 % interval of the share lies above alpha."""
        return self.above.interval[0] > self.alpha


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the reported e-values promised and what came true."""

    tested: int | None
    decades: tuple[Decade, ...]
    mean_e: float | None  # over unrelated honest accounts; should be at most one
    levels: tuple[Level, ...]  # empty where the detector gives accounts no e-values


def calibration(
    database: Database, groups: Iterable[ReportedScore], tested: int | None, has_evidence: bool
) -> Calibration:
    """Hold the evidence of reported groups and of accounts against the truth."""
    mean, levels = _levels(database) if has_evidence else (None, ())
    return Calibration(tested, decades(groups, tested), mean, levels)


def decades(groups: Iterable[ReportedScore], tested: int | None) -> tuple[Decade, ...]:
    """Return a row for each verdict and order of ten that a group was reported with, rising."""
    found: dict[tuple[str, int], list[bool]] = {}
    for group in groups:
        if group.log10_e is not None:
            found.setdefault((group.verdict, math.floor(group.log10_e)), []).append(group.wrong)
    rows = []
    for (verdict, decade), wrong in sorted(found.items()):
        above = sum(sum(w) for (v, d), w in found.items() if v == verdict and d >= decade)
        allowed = None if tested is None else tested * 10.0**-decade
        rows.append(Decade(verdict, decade, len(wrong), sum(wrong), above, allowed))
    return tuple(rows)


def _levels(database: Database) -> tuple[float | None, tuple[Level, ...]]:
    """An account without evidence has e = 1: nothing speaks for or against it."""
    people = f"(SELECT coalesce(log10_e, 0) AS log10_e FROM people WHERE nature = '{INNOCENT}')"
    # the edge is taken a hair low: results hold log10 e at six decimals
    counts = ", ".join(
        f"count(*) FILTER (log10_e >= {-math.log10(a) - 5e-7}) AS above_{i}" for i, a in enumerate(ALPHAS)
    )
    (row,) = database.rows(
        f"SELECT count(*) AS n, avg(pow(10, least(log10_e, {_GREATEST}))) AS mean, {counts} FROM {people}"
    )
    levels = (Level(alpha, Share(row[f"above_{i}"], row["n"])) for i, alpha in enumerate(ALPHAS))
    return row["mean"], tuple(levels)
