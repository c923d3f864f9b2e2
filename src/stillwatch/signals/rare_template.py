"""Shared rare template: members use a workload that unrelated accounts hardly use.

Null      A member takes the workload up at the rate at which accounts outside the group do.
Evidence  Binomial mixture likelihood ratio of the members' adoption, divided by the number of workloads that
          could have been looked at. Silent where the template itself proposed the group: what was learned from
          data is not scored on the same data.
Blind to  Paraphrased templates; workloads every member has anyway.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stillwatch.evidence.evalues import binomial_excess, clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence


@dataclass(frozen=True)
class RareTemplate:
    name: str = "rare_template"
    axis: Axis = "coordination"
    block: Block = "content"
    null: str = "members take up the workload at the rate of accounts outside the group"
    fields: tuple[str, ...] = ("system", "messages")
    ceiling: float = 6.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or not use.templated or group.origin == "workload":
            return None
        outsiders = population.size - group.size
        rate = (len(use.outside_loads) + 1) / (outsiders + 2)
        log10_e = binomial_excess(use.holders, group.size, rate) - math.log10(max(group.workloads, 1))
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"{use.holders} of {group.size} members",
            expected=f"{rate:.2%} of accounts (outside: {len(use.outside_loads)} of {outsiders})",
            n=group.size,
            fields=self.fields,
            summary=f"{use.holders} of {group.size} members send requests of one form that "
            f"{len(use.outside_loads)} of {outsiders} other accounts send.",
        )


SIGNAL = RareTemplate()
