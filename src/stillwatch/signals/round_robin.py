"""Round robin: the work goes round the accounts, each having its turn after the others.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own. Schedules that single accounts keep are part of the null, so two programs that
          run every five minutes and alternate for ever say nothing.
Evidence  The logarithms of how many exchanges lie between two of one account, summed (most where turns are even),
          against up to 999 logs with the members moved; what the loudest six hours have beyond the others is left out.
Blind to  Sticky and fill-first pools, and weighted random ones with an even flow; a few exchanges a day.
Source    Relays in use: strict round robin and least-recently-used choice are common defaults. Pattern jitter:
          Amarasingham et al. 2012, Journal of Neurophysiology 107(2).
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


def evenness(logs: Logs) -> tuple[Floats, Ints]:
    """Return the logarithms of how far apart an account's turns are, and which exchange each is."""
    apart, places = logs.turns
    return np.log(apart), places


@dataclass(frozen=True)
class RoundRobin:
    name: str = "round_robin"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "the members' clocks are their own, so nobody waits for the turns of the others"
    fields: tuple[str, ...] = ("time",)
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        work = work_of(use.sequence for use in group.uses)
        if work.members < MIN_MEMBERS:
            return None
        found = weigh(work, evenness)
        if found is None:
            return None
        turns = found.parts
        seen, moved = float(np.exp(found.seen / turns)), float(np.exp(found.moved / turns))
        reading = (
            "each has its turn after the others, as a relay deals work out"
            if found.log10_e >= TELLING
            else "nobody seems to wait for the others"
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
            summary=f"An account of these {work.members} comes again {seen:.1f} exchanges after its last turn, "
            f"where clocks of their own would make {moved:.1f}: {reading}.",
        )


SIGNAL = RoundRobin()
