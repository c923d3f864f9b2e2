"""Joint window: accounts that start and stop the same work together.

Null      Whoever uses the workload does so at times of its own: an account's part of it lies inside a given
          window as often as the parts of other workloads that accounts take.
Evidence  Half of the members (by a keyed hash of the account) name the window; the other half of everybody who
          uses the workload is tested against it, and the two directions are averaged.
Blind to  Campaigns as long as the log; members who were picked because they started together. A class, a launch
          or a nightly job makes honest accounts start together too: hence the ceiling, and the two other axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from stillwatch.evidence.evalues import binomial_excess, clip, mean_log10
from stillwatch.evidence.group import MIN_WORK, Group, Population, Use
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

SLACK = 0.05  # of the window's length, on both sides


def window_of(use: Use, half: int) -> tuple[float, float] | None:
    """Return (start, end) in epoch seconds of the part of the workload that one half of the members did."""
    mine = (use.halves == half) & (use.loads >= MIN_WORK)
    if not mine.any():
        return None
    start, end = float(use.starts[mine].min()), float(use.ends[mine].max())
    slack = SLACK * (end - start) + 1.0
    return start - slack, end + slack


def directed(use: Use, population: Population, half: int) -> tuple[float, int, int, float] | None:
    """Return (log10 e, inside, tested, null rate) with `half` naming the window and the other half tested."""
    window = window_of(use, half)
    if window is None:
        return None
    loads = np.concatenate([use.loads, use.outside_loads])
    starts = np.concatenate([use.starts, use.outside_starts])
    ends = np.concatenate([use.ends, use.outside_ends])
    other = (np.concatenate([use.halves, use.outside_halves]) != half) & (loads >= MIN_WORK)
    inside = int((other & (starts >= window[0]) & (ends <= window[1])).sum())
    # everybody else's work, stream by stream: what else lies inside such a window
    within = (population.work_starts >= window[0]) & (population.work_ends <= window[1])
    own = (starts >= window[0]) & (ends <= window[1]) & (loads >= MIN_WORK)
    contained, everything = int(within.sum() - own.sum()), len(within) - int((loads >= MIN_WORK).sum())
    rate = min((max(contained, 0) + 1) / (max(everything, 0) + 2), 0.99)
    tested = int(other.sum())
    return (binomial_excess(inside, tested, rate) if tested else 0.0), inside, tested, rate


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class JointWindow:
    name: str = "joint_window"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "users of the workload are active at times of their own"
    fields: tuple[str, ...] = ("time",)
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.holders < 2 or group.picked_by_start:
            return None
        ways = [way for half in (0, 1) if (way := directed(use, population, half)) is not None]
        if len(ways) < 2:
            return None
        inside, tested = sum(way[1] for way in ways), sum(way[2] for way in ways)
        rate = float(np.mean([way[3] for way in ways]))
        log10_e = mean_log10([way[0] for way in ways])
        together = (
            "start and stop the same work together"
            if log10_e >= TELLING
            else "work in a window that hardly tells them apart"
        )
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"{inside} of {tested} users of the workload work inside the window the others set",
            expected=f"{rate:.1%} of other work lies inside it",
            n=tested,
            fields=self.fields,
            summary=f"These accounts {together}, between "
            f"{_clock(float(use.starts.min()))} and {_clock(float(use.ends.max()))} UTC.",
        )


SIGNAL = JointWindow()
