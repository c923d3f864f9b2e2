"""Even load: a scheduler deals out work more evenly than people choose how much to ask.

Null      Given their total, the members' loads in the workload are Dirichlet-multinomial with a concentration
          of at most `HONEST_CONCENTRATION` an account: honest users of one tool differ at least that much.
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
from scipy.special import gammaln

from stillwatch.evidence.evalues import LN10, clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

HONEST_CONCENTRATION = 4.0  # a coefficient of variation of one half between honest accounts
MIN_MEMBERS = 4
MIN_MEAN_LOAD = 4.0

Loads = NDArray[np.int64]


def log_spread(loads: Loads, concentration: float) -> float:
    """Return the log-probability of loads given their total, Dirichlet-multinomial; infinite = multinomial."""
    total, accounts = int(loads.sum()), len(loads)
    if np.isinf(concentration):
        return float(gammaln(total + 1) - gammaln(loads + 1).sum() - total * np.log(accounts))
    whole = concentration * accounts
    return float(
        gammaln(total + 1)
        + gammaln(whole)
        - gammaln(total + whole)
        + (gammaln(loads + concentration) - gammaln(concentration) - gammaln(loads + 1)).sum()
    )


def even_load_log10_e(loads: Loads) -> float:
    """Return log10 e that loads are dealt out evenly."""
    honest = max(log_spread(loads, c) for c in np.geomspace(0.05, HONEST_CONCENTRATION, 25))
    return mean_log10([(log_spread(loads, c) - honest) / LN10 for c in (20.0, 100.0, np.inf)])


@dataclass(frozen=True)
class EvenLoad:
    name: str = "even_load"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "members choose how much they ask independently, and differ by half their mean or more"
    fields: tuple[str, ...] = ("account_id",)
    ceiling: float = 6.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.holders < MIN_MEMBERS or use.loads.mean() < MIN_MEAN_LOAD:
            return None
        log10_e = even_load_log10_e(use.loads)
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
            expected="a spread of 50 % of the mean or more",
            n=use.holders,
            fields=self.fields,
            summary=f"{use.holders} accounts carry {use.loads.mean():.0f} requests each, "
            f"give or take {spread:.0%}: {reading}.",
        )


SIGNAL = EvenLoad()
