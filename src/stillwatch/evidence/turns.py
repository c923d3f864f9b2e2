"""The form that the signals on turns share: how far apart the turns of an account are, among those of the others.

Null      Each member's clock is its own: all that it did might as well have come up to an hour earlier or later, each
          member by an amount of its own (`evidence/jitter.py`).
Evidence  The logarithms of how many exchanges lie between two of one account, summed, most where turns are far apart or
          most where they are near, against the logs with the members moved.
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


@dataclass(frozen=True)
class TurnSignal:
    """A signal on turns that are too far apart (`sign` 1) or too near (-1)."""

    name: str
    null: str
    sign: int
    comes: str  # how an account's next turn is told, as in "comes again 3.1 exchanges after"
    telling: str  # the reading where it convinces
    otherwise: str
    axis: Axis = "coordination"
    block: Block = "timing"
    fields: tuple[str, ...] = ("time",)
    ceiling: float = 3.0

    def distances(self, logs: Logs) -> tuple[Floats, Ints]:
        """Return the signed logarithms of how far apart an account's turns are, and which exchange each is."""
        apart, places = logs.turns
        return self.sign * np.log(apart), places

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        work = work_of(use.sequence for use in group.uses)
        if work.members < MIN_MEMBERS:
            return None
        found = weigh(work, self.distances)
        if found is None:
            return None
        turns = found.parts
        seen, moved = (float(np.exp(self.sign * held / turns)) for held in (found.seen, found.moved))
        reading = self.telling if found.log10_e >= TELLING else self.otherwise
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
            summary=f"An account of these {work.members} {self.comes.format(seen=seen)}, where clocks of "
            f"their own would make {moved:.1f}: {reading}.",
        )
