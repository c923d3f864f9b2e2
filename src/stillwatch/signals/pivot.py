"""Pivot: accounts that move to a newly released model as one.

Null      Members move at times of their own: they come to the new model within a given window as often as other
          accounts that used the same model before, send half as much in the window or more, and have not come before;
          or as often as others who do the same work, if these are quicker.
Evidence  Half of the members (by a keyed hash of the account) name the window, from the first tenth of their moves
          to the last; the other half is tested against it, and the two directions are averaged.
Blind to  Logs without a release; moves later than three days after it; campaigns that stay with one model, or move one
          account at a time. Customers of one vendor move with its update: hence the comparison with others who do the
          same work, and the ceiling.
Source    Disclosed campaigns: half of a pool's traffic moved within a day of a release. The cross-fitted test is our
          own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.adoption import BIN, BINS, Adoption
from stillwatch.evidence.evalues import binomial_excess, clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

MIN_HALF = 3  # members of a half that could move: fewer name no window and test none
MIN_OTHERS = 20  # others alike, for a rate
SLACK = 0.05  # of the window's length, on both sides
EDGE = 0.1  # of the moves of a half, left out at both ends of its window

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Way:
    """One direction of the test: half of the members name the window, the other half is tested."""

    log10_e: float
    moved: int
    tested: int
    rate: float
    window: tuple[float, float]


def window_of(adoption: Adoption, half: int) -> tuple[float, float] | None:
    """Return (start, end) in epoch seconds of the moves of one half, without the earliest and the latest."""
    release = adoption.release
    moves = release.moved[adoption.members[release.half[adoption.members] == half]]
    moves = moves[np.isfinite(moves)]
    if len(moves) < MIN_HALF:
        return None
    start, end = (float(np.quantile(moves, share)) for share in (EDGE, 1 - EDGE))
    slack = SLACK * (end - start) + 60.0
    return start - slack, end + slack


def _inside(adoption: Adoption, who: Ints, window: tuple[float, float]) -> tuple[int, int]:
    """Return how many came inside the window, and how many might have: at work in it, not there before."""
    moved = adoption.release.moved[who]
    able = (moved >= window[0]) & (adoption.release.busy(*window)[who] > 0)
    return int((able & (moved <= window[1])).sum()), int(able.sum())


def rate_of(adoption: Adoption, tested: Ints, window: tuple[float, float]) -> float | None:
    """Return the rate at which others like those tested come inside the window; None with too few others.

    Alike are those who used the same model most before, and send half as much in the window or more.
    """
    release, busy = adoption.release, adoption.release.busy(*window)
    outside = np.setdiff1d(np.arange(len(release.account)), adoption.members)
    outside = outside[busy[outside] >= max(1.0, float(np.median(busy[tested])) / 2)]
    total = 0.0
    for model in np.unique(release.before[tested]):
        alike = outside[release.before[outside] == model]
        inside, able = _inside(adoption, alike if len(alike) >= MIN_OTHERS else outside, window)
        if able < MIN_OTHERS:
            return None
        total += (inside + 1) / (able + 2) * int((release.before[tested] == model).sum())
    inside, able = _inside(adoption, adoption.beside, window)
    return min(max(total / len(tested), (inside + 1) / (able + 2) if able >= MIN_HALF else 0.0), 0.99)


def directed(adoption: Adoption, half: int) -> Way | None:
    """Return the test in one direction: `half` names the window, the other half is tested."""
    release, window = adoption.release, window_of(adoption, half)
    if window is None or window[1] > release.time + BIN * BINS:
        return None
    tested = adoption.members[release.half[adoption.members] != half]
    tested = tested[(release.moved[tested] >= window[0]) & (release.busy(*window)[tested] > 0)]
    rate = rate_of(adoption, tested, window) if len(tested) >= MIN_HALF else None
    if rate is None:
        return None
    inside, able = _inside(adoption, tested, window)
    return Way(binomial_excess(inside, able, rate), inside, able, rate, window)


@dataclass(frozen=True)
class Pivot:
    name: str = "pivot"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "members move to a new model at times of their own, at the rate of others like them"
    fields: tuple[str, ...] = ("model", "time")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        found = [(a, ways) for a in group.adoptions if (ways := _ways(a))]
        if not found:
            return None
        # several releases: the mean, since any of them might have shown it
        log10_e = mean_log10([mean_log10([way.log10_e for way in ways]) for _adoption, ways in found])
        adoption, ways = max(found, key=lambda one: mean_log10([way.log10_e for way in one[1]]))
        moved, tested = sum(way.moved for way in ways), sum(way.tested for way in ways)
        rate = float(np.mean([way.rate for way in ways]))
        start, end = min(way.window[0] for way in ways), max(way.window[1] for way in ways)
        model = adoption.release.model
        together = "moved as one" if log10_e >= TELLING else "moved much as others did"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"{moved} of {tested} members came to {model} in the window that the others set",
            expected=f"{rate:.1%} of others like them",
            n=tested,
            fields=self.fields,
            summary=f"These accounts {together} to {model}, between {_clock(start)} and {_clock(end)} UTC: "
            f"{moved} of {tested}, where {rate:.0%} of others like them came.",
        )


def _ways(adoption: Adoption) -> list[Way]:
    ways = [way for half in (0, 1) if (way := directed(adoption, half)) is not None]
    return ways if len(ways) == 2 else []


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")


SIGNAL = Pivot()
