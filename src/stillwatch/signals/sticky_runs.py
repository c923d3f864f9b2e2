"""Sticky runs: one account works at a time, and the others wait.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. Bursts and sessions of single accounts are part of the null.
Evidence  The logarithms of how many exchanges lie between two of one account, summed (least where the others wait),
          against up to 999 logs with the members moved; what the loudest six hours have beyond the others is left out.
Blind to  Pools that spread work; spells of one account that last for many hours. One person with several accounts
          keeps to one at a time as well: that is one operator, and the other axes tell whether it matters.
Source    Relays in use: a key of the conversation or of the system text sticks to an account for an hour. Pattern
          jitter: Amarasingham et al. 2012, Journal of Neurophysiology 107(2).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.jitter import Logs, weigh, work_of
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

MIN_MEMBERS = 3

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def stickiness(logs: Logs) -> tuple[Floats, Ints]:
    """Return the logarithms of how far apart an account's turns are, negative, and which exchange each is."""
    apart, places = logs.turns
    return -np.log(apart), places


@dataclass(frozen=True)
class StickyRuns:
    name: str = "sticky_runs"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "the members' clocks are their own, so one's work does not hold off the work of the others"
    fields: tuple[str, ...] = ("time",)
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        work = work_of(use.sequence for use in group.uses)
        if work.members < MIN_MEMBERS:
            return None
        found = weigh(work, stickiness)
        if found is None:
            return None
        turns = found.parts
        seen, moved = float(np.exp(-found.seen / turns)), float(np.exp(-found.moved / turns))
        reading = (
            "they work one at a time, as behind a relay that keeps to an account"
            if found.log10_e >= TELLING
            else "they hardly keep out of each other's way"
        )
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(found.log10_e, self.ceiling),
            null=self.null,
            observed=f"an account's next turn comes {seen:.1f} exchanges after its last (geometric mean)",
            expected=f"{moved:.1f} with the members' clocks moved against each other",
            n=turns,
            fields=self.fields,
            summary=f"An account of these {work.members} goes on {seen:.1f} exchanges after its last, where clocks of "
            f"their own would make {moved:.1f}: {reading}.",
        )


SIGNAL = StickyRuns()
