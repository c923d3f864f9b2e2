"""Uniform client: accounts doing unlike work show one client print.

Pooling relays rewrite headers, so all accounts of a pool look like one client version whoever is behind.

Null      A member shows the print at the rate at which outsiders do: a popular SDK is popular everywhere.
Evidence  Binomial mixture likelihood ratio, divided by the number of prints in the population. Silent where a
          workload proposed the group, since one tool brings one client along.
Blind to  Relays that pass headers through; pools behind the most popular client.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence


@dataclass(frozen=True)
class UniformClient:
    name: str = "uniform_client"
    axis: Axis = "coordination"
    block: Block = "client"
    null: str = "members show the commonest client print at the rate of everybody else"
    fields: tuple[str, ...] = ("ja4", "header_hash", "user_agent", "sdk")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        trait = group.traits.get("client")
        if trait is None or trait.known < 3 or group.origin == "workload":
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(trait.log10_excess, self.ceiling),
            null=self.null,
            observed=f"{trait.top} of {trait.known} members show one print",
            expected=f"{trait.rate:.1%}, as among the others",
            n=trait.known,
            fields=self.fields,
            summary=f"{trait.top} of {trait.known} members show one client print; "
            f"{trait.outside_top} of {trait.outside_known} other accounts do.",
        )


SIGNAL = UniformClient()
