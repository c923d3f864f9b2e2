"""Human rhythm: each member is at the work at hours of its own, day after day, and follows up. Counter-evidence.

It acts on coordination. A pool that deals out one queue gives all its accounts the queue's hours; people and firms keep
their own. On extraction it would acquit relays, whose customers are people.

Null      The members are dealt their work from one queue: an account's hours are drawn from those of the whole group.
Evidence  Minus the Bayes factor of hours of one's own (Dirichlet) against the group's hours, over members that were at
          the work on `DAYS` days or more; an hour of a day counts once. log10 e of the coordination axis falls
          by it, and by no more than `MOST_OFF`. No time zone is known or guessed: members are held against each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, xlogy

from stillwatch.evidence.evalues import LN10, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

DAYS = 3
FOLLOWED_UP = 0.3  # of the exchanges at least go on with a conversation
MOST_SHARE = 0.5  # of the members at least have been at the work on so many days
MOST_OFF = 2.0
STRENGTHS = (4.0, 12.0, 36.0)  # of the alternative: how closely an account keeps its own hours


def own_hours(hours: NDArray[np.int64]) -> float:
    """Return log10 of the Bayes factor that rows of `hours`, shape (accounts, 24), differ more than chance deals.

    The null's distribution is fitted to the rows themselves, so the factor is lower than that of any other.
    """
    pooled = hours.sum(axis=0)
    shown = hours[:, pooled > 0]
    shares = pooled[pooled > 0] / pooled.sum()
    dealt = float(xlogy(shown, shares).sum())
    factors = []
    for strength in STRENGTHS:
        prior = strength * shares
        total = shown.sum(axis=1)
        rows = (
            gammaln(strength) - gammaln(strength + total) + (gammaln(prior + shown) - gammaln(prior)).sum(1)
        )
        factors.append((float(rows.sum()) - dealt) / LN10)
    return mean_log10(factors)


@dataclass(frozen=True)
class HumanRhythm:
    name: str = "human_rhythm"
    axis: Axis = "coordination"
    block: Block = "timing"
    null: str = "the members are dealt their work from one queue, so all keep its hours"
    fields: tuple[str, ...] = ("time", "messages")

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use, lives = group.main, group.lifecycle
        rhythm = lives.rhythms.get(use.workload) if use is not None and lives is not None else None
        if use is None or rhythm is None or use.exchanges - use.openings < FOLLOWED_UP * use.exchanges:
            return None
        steady = rhythm.hours[rhythm.days >= DAYS]
        if len(steady) < max(2, MOST_SHARE * group.size):
            return None
        factor = own_hours(steady)
        if factor < TELLING:
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=max(-MOST_OFF, -factor),
            null=self.null,
            observed=f"{len(steady)} members keep hours of their own, 10^{factor:.1f} to 1",
            expected="the hours of the whole group",
            n=len(steady),
            fields=self.fields,
            summary=f"{len(steady)} of {group.size} members keep hours of their own at this work and follow up on "
            "answers, as people do.",
        )


SIGNAL = HumanRhythm()
