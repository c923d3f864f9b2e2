"""Joint bursts: accounts that speed up and pause in the same minutes, as the queue behind them does.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. Bursts, pauses and regular schedules of single accounts, and the hours they
          keep, are part of the null.
Evidence  How near an exchange of one member is to the next one of another, summed, against up to 999 logs with the
          members moved; what the loudest six hours have beyond the others is left out. Minutes in which the other
          accounts of the log are much busier than in the hour around count for less: an outage or the full hour is
          everybody's.
Blind to  Queues that send at an even pace; a few exchanges a day. Failed exchanges are left out, so that a retry
          handed over is not counted again; where conversations passed between accounts formed the group, only the
          openings of conversations count.
Source    Pattern jitter: Amarasingham et al. 2012, Journal of Neurophysiology 107(2). Weighing by the intensity of
          all: the inhomogeneous K-function, Baddeley, Moller & Waagepetersen 2000, Statistica Neerlandica 54(3).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.jitter import MIN_EXCHANGES, Logs, weigh, window_of, work_of
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence
from stillwatch.evidence.sequence import Pace, Sequence

MIN_MEMBERS = 3
NEAR = 5.0  # seconds: at this distance two exchanges count half of what they do together
SURGE = 2.0  # times the pace of the hour around: minutes beyond it are everybody's
LONGEST = 3 * 365 * 86_400.0  # seconds: work that seems to last longer has wrong times in it
SPARE = 3.0  # exchanges a minute more, so that a quiet log's chance does not count as a surge

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def unusual(work: Sequence, pace: Pace | None) -> tuple[int, Floats]:
    """Return the first minute of the work and, for it and those after, the weight of an exchange in it, 0 to 1."""
    begin, end = window_of(work.time)
    first, last = int(begin // 60), int(end // 60) + 1
    if pace is None:
        return first, np.ones(last - first)
    own = np.bincount((work.time // 60).astype(np.int64) - first, minlength=last - first)
    others = np.maximum(pace.among(first - 30, last + 30) - np.pad(own, 30), 0).astype(float)
    hour = np.convolve(others, np.ones(61) / 61, mode="valid")
    return first, 1.0 / np.maximum(1.0, others[30:-30] / (SURGE * hour + SPARE))


def nearness(logs: Logs, first: int, weights: Floats) -> tuple[Floats, Ints]:
    """Return how near each exchange is to the next one of another member, and which that is; shape (rows, n - 1)."""
    weight = weights[(logs.times // 60).astype(np.int64) - first]
    near = logs.switches * weight[:, 1:] * weight[:, :-1] / (1.0 + logs.gaps / NEAR)
    return near, logs.places[:, 1:]


@dataclass(frozen=True)
class JointBursts:
    name: str = "joint_bursts"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "the members' clocks are their own, to within an hour"
    fields: tuple[str, ...] = ("time",)
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        work = work_of((use.sequence for use in group.uses), openings=group.origin == "handover")
        if work.members < MIN_MEMBERS or len(work) < MIN_EXCHANGES or group.picked_by_start:
            return None
        if np.ptp(work.time) > LONGEST:
            return None
        first, weights = unusual(work, population.pace)
        found = weigh(work, lambda logs: nearness(logs, first, weights))
        if found is None:
            return None
        together = (
            "quicken and pause in the same minutes, as accounts fed from one queue do"
            if found.log10_e >= TELLING
            else "are hardly busy in the same minutes"
        )
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(found.log10_e, self.ceiling),
            null=self.null,
            observed=f"exchanges of different members within seconds: {found.seen:.0f}",
            expected=f"{found.moved:.0f} with the members' clocks moved against each other",
            n=len(work),
            fields=self.fields,
            summary=f"{work.members} accounts {together}: {found.seen:.0f} meetings within seconds, where "
            f"clocks of their own would make {found.moved:.0f}.",
        )


SIGNAL = JointBursts()
