"""Capability concentration: the members do this one thing and little else.

Null      Accounts spread their traffic over workloads as the population does: the share of the members' traffic
          that lies in one workload is that of accounts drawn at random, each with its own main workload.
Evidence  Conformal p-value of the members' pooled share against the main-workload shares of single accounts,
          made an e-value by kappa p^(kappa - 1) (Vovk & Wang 2021, section 2). Until requests are classified
          the workload stands for the capability.
Blind to  Mixed accounts; honest accounts with one application are concentrated too, so it never weighs much.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

KAPPA = 0.5


@dataclass(frozen=True)
class CapabilityConcentration:
    name: str = "capability_concentration"
    axis: Axis = "extraction"
    block: Block = "content"
    null: str = "members spread their traffic over workloads as accounts of the population do"
    fields: tuple[str, ...] = ("messages",)

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or not group.exchanges or population.main_shares.size == 0:
            return None
        share = use.exchanges / group.exchanges
        as_high = int((population.main_shares >= share).sum())
        p = (1 + as_high) / (1 + population.main_shares.size)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=math.log10(KAPPA * p ** (KAPPA - 1)),
            null=self.null,
            observed=f"{share:.0%} of the members' traffic is one workload",
            expected=f"{p:.0%} of accounts are as concentrated",
            n=group.size,
            fields=self.fields,
            summary=f"{share:.0%} of what these accounts ask is one workload; {p:.0%} of all accounts "
            "are as concentrated.",
        )


SIGNAL = CapabilityConcentration()
