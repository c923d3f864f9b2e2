"""Quota relay: one account stops for long, and at that moment another begins.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. That people stop in the evening and begin in the morning is part of the null.
Evidence  Ends of a run of work that the begin of another member's run follows next, nearer ones counting more, against
          up to 999 logs with the members moved; what the loudest six hours have beyond the others is left out.
Blind to  Relays that hand over seldom (a few hand-overs say little), that wait before they go on, or that spread work.
Source    Relays in use: fill-first, one account until its limit; an account that hits a limit rests and the next takes
          over. Pattern jitter: Amarasingham et al. 2012, Journal of Neurophysiology 107(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.jitter import MIN_EXCHANGES, Logs, first_logs, weigh, work_of
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

PAUSE = 3600.0  # seconds without an exchange end a run of work
LONG = 3  # exchanges of a run: fewer neither begin nor end anything
NEAR = 60.0  # seconds: a begin so long after an end counts half of what it does at once
MIN_MEMBERS = 3
MIN_RUNS = 4

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def edges(logs: Logs) -> tuple[Bools, Bools]:
    """Return which exchanges begin, and which end, a long run of their account, shape (rows, n) each."""
    positions, goes_on = logs.by_account
    times = np.take_along_axis(logs.times, positions, axis=1)
    near = goes_on & (np.diff(times, axis=1) < PAUSE)
    edge = np.ones((len(positions), 1), dtype=bool)
    first, last = np.hstack([edge, ~near]), np.hstack([~near, edge])
    place = np.arange(positions.shape[1])
    begun = np.maximum.accumulate(np.where(first, place, 0), axis=1)
    ended = np.minimum.accumulate(np.where(last, place, len(place))[:, ::-1], axis=1)[:, ::-1]
    long = ended - begun + 1 >= LONG
    begins, ends = np.zeros_like(first), np.zeros_like(last)
    np.put_along_axis(begins, positions, first & long, axis=1)
    np.put_along_axis(ends, positions, last & long, axis=1)
    return begins, ends


def relays(logs: Logs) -> tuple[Floats, Ints]:
    """Return where the end of a run meets another member's begin, nearer ones counting more, and which begins."""
    begins, ends = edges(logs)
    met = ends[:, :-1] & begins[:, 1:] & logs.switches
    return met / (1.0 + logs.gaps / NEAR), logs.places[:, 1:]


@dataclass(frozen=True)
class QuotaRelay:
    name: str = "quota_relay"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "the members' clocks are their own, so none begins because another stops"
    fields: tuple[str, ...] = ("time",)
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        work = work_of(use.sequence for use in group.uses)
        if work.members < MIN_MEMBERS or group.picked_by_start:
            return None
        if len(work) < MIN_EXCHANGES:
            return None
        runs = int(edges(first_logs(work))[1][0].sum())
        found = weigh(work, relays) if runs >= MIN_RUNS else None
        if found is None:
            return None
        reading = (
            "they look like one relay that goes from account to account"
            if found.log10_e >= TELLING
            else "hardly more than chance brings together"
        )
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(found.log10_e, self.ceiling),
            null=self.null,
            observed=f"of {runs} runs of work, {found.seen:.1f} end as another member's begins, weighted by nearness",
            expected=f"{found.moved:.1f} with the members' clocks moved against each other",
            n=runs,
            fields=self.fields,
            summary=f"Where one of these accounts stops for long, another begins within about a minute: "
            f"{found.seen:.1f} of {runs} times, where clocks of their own would make {found.moved:.1f}; {reading}.",
        )


SIGNAL = QuotaRelay()
