"""The form that all signals on a mark of accounts share: the members show it more than customers do.

Null      The members are openly one customer, like any other: its accounts show the mark at the rate of everybody else,
          all alike or each by itself.
Evidence  `shares.customer_excess`, mixed with 1: most pools do not show any one mark, which is not to speak for them.
          The customer is the sampling unit, so evidence ends near the inverse of the rate however large the group.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip, hedge
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

SHOWN_BY = 0.25  # weight of the alternative: about so many pools show a mark of this kind
LEAST = 2  # members that can be judged
LEAST_SHARE = 0.5  # of the members that can be: a few of them do not speak for the group


@dataclass(frozen=True)
class MarkSignal:
    """A signal on one mark that measuring counted over members and outsiders."""

    name: str
    block: Block
    null: str
    fields: tuple[str, ...]
    mark: str  # field of the lifecycle
    does: str  # what an account with the mark does, as in "send no session"
    ceiling: float
    axis: Axis = "evasion"

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        counts = getattr(group.lifecycle, self.mark, None)
        if counts is None or counts.known < max(LEAST, LEAST_SHARE * group.size):
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(hedge(counts.log10_excess, SHOWN_BY), self.ceiling),
            null=self.null,
            observed=f"{counts.marked} of {counts.known} members {self.does}",
            expected=f"{counts.rate:.1%}, as among the others",
            n=counts.known,
            fields=self.fields,
            summary=f"{counts.marked} of {counts.known} members {self.does}; "
            f"{counts.outside_marked} of {counts.outside_known} other accounts do.",
        )
