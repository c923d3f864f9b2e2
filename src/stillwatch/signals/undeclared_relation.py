"""Undeclared relation: things pass between accounts that declare nothing in common.

Where there is no accounts table, this is what the log itself shows of a pretence: separate principals, yet
conversations, answers, reasoning blocks or retries go from one to the other.

Null      The members are openly one customer: at least `OPEN` of them declare their organisation.
Evidence  Likelihood ratio of 95 % to 1 - OPEN for 'declares nothing', over the members, where at least half as many
          things passed as there are members. Silent beside an accounts table, which tells identities better.
Blind to  Deployments in which nobody ever declares an organisation: hence the ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import bernoulli_product, clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.handover import HANDED_OVER
from stillwatch.evidence.row import Axis, Block, Evidence

OPEN = 0.3
HIDDEN = 0.95


@dataclass(frozen=True)
class UndeclaredRelation:
    name: str = "undeclared_relation"
    axis: Axis = "evasion"
    block: Block = "responses"
    null: str = "openly one customer: at least 30 % of the members declare their organisation"
    fields: tuple[str, ...] = ("org_id", "messages", "output")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        passed = sum(group.handovers[name].units for name in HANDED_OVER if name in group.handovers)
        if population.has_accounts_table or group.size < 2 or passed < group.size / 2:
            return None
        organisation = group.traits.get("organisation")
        silent = group.size - (organisation.known if organisation is not None else 0)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(bernoulli_product(silent, group.size, 1 - OPEN, HIDDEN), self.ceiling),
            null=self.null,
            observed=f"{silent} of {group.size} members declare no organisation; {passed} things passed between them",
            expected=f"at most {1 - OPEN:.0%} of an open customer's accounts",
            n=group.size,
            fields=self.fields,
            summary=f"{passed} things passed between the accounts, "
            f"yet {silent} of {group.size} declare no organisation.",
        )


SIGNAL = UndeclaredRelation()
