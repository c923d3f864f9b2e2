"""Repeated content: the members send the same prompts instead of sharing them out. Counter-evidence.

A class doing one exercise, firms running one benchmark, a load test: who collects training data does not
pay for the same answer at every account.

Null      The prompts are shared out: at most `SHARED_OUT` of the answers are to prompts of two members or more.
Evidence  A discount on the extraction axis that grows with that share and is full at `REPEATED`. Requests that
          failed are left out: a relay sends them again elsewhere.
Blind to  Harvesters who repeat on purpose, at their own cost.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

SHARED_OUT, REPEATED = 0.2, 0.6
FLOOR = -8.0


@dataclass(frozen=True)
class RepeatedContent:
    name: str = "repeated_content"
    axis: Axis = "extraction"
    block: Block = "content"
    null: str = "the prompts are shared out between the members"
    fields: tuple[str, ...] = ("messages",)

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.holders < 2 or not use.contents:
            return None
        share = use.repeated / max(use.answered, 1)
        if share <= SHARED_OUT:
            return None
        weight = FLOOR * min(1.0, (share - SHARED_OUT) / (REPEATED - SHARED_OUT))
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=weight,
            null=self.null,
            observed=f"{use.repeated} of {use.answered} answers are to prompts that two members or more sent",
            expected=f"at most {SHARED_OUT:.0%}",
            n=use.answered,
            fields=self.fields,
            summary=f"{use.repeated} of {use.answered} answers are to prompts that several members sent alike, "
            "as by a class or an evaluation, not shared out as by a harvest.",
        )


SIGNAL = RepeatedContent()
