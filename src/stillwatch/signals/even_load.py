"""Even load: a scheduler deals out work more evenly than people choose how much to ask.

Null      Given their total, the members' loads in the workload are Dirichlet-multinomial with a concentration
          of at most what honest users of one tool reach: the population profile's, at the careful end of its
          interval.
Evidence  A mixture of an even multinomial and two nearly even alternatives against the worst null of that
          family (universal inference; Wasserman, Ramdas & Balakrishnan 2020, PNAS 117(29)), so the mean is at
          most one under each of them.
Blind to  Sticky, weighted or fill-first pools. A tool that runs on a fixed schedule at every customer breaks
          the null, which is why the claim is cut off at `ceiling`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.evalues import LN10, clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.population.loads import log_spread
from stillwatch.evidence.population.profile import LOADS
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

HONEST_CONCENTRATION = 4.0  # where none was learned: a coefficient of variation of one half
MIN_MEMBERS = 4
MIN_MEAN_LOAD = 4.0

Loads = NDArray[np.int64]


def even_load_log10_e(loads: Loads, honest_concentration: float = HONEST_CONCENTRATION) -> float:
    """Return log10 e that loads are dealt out evenly; honest ones have that concentration at most."""
    honest = max(log_spread(loads, c) for c in np.geomspace(0.05, honest_concentration, 25))
    return mean_log10([(log_spread(loads, c) - honest) / LN10 for c in (20.0, 100.0, np.inf)])


@dataclass(frozen=True)
class EvenLoad:
    name: str = "even_load"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = (
        "members choose how much they ask independently, and differ as much as honest users of one tool do"
    )
    fields: tuple[str, ...] = ("account_id",)
    ceiling: float = 6.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.holders < MIN_MEMBERS or use.loads.mean() < MIN_MEAN_LOAD:
            return None
        honest = population.profile.careful(LOADS, HONEST_CONCENTRATION)
        log10_e = even_load_log10_e(use.loads, honest)
        reading = (
            "loads this even look dealt out, not chosen"
            if log10_e >= TELLING
            else "hardly more even than chosen"
        )
        spread = float(use.loads.std() / use.loads.mean())
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"loads of {use.loads.min()} to {use.loads.max()}, spread {spread:.0%} of the mean",
            expected=f"a spread of {honest**-0.5:.0%} of the mean or more, as among honest users of one tool",
            n=use.holders,
            fields=self.fields,
            summary=f"{use.holders} accounts carry {use.loads.mean():.0f} requests each, "
            f"give or take {spread:.0%}: {reading}.",
        )


SIGNAL = EvenLoad()
