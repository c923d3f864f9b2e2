"""Public tool: many unrelated accounts use the same request form. Counter-evidence.

Null      The form is the group's own. Each member has to be told from the outsiders who use it as well, so
          what the form says about the members shrinks by the ratio of all users to members.
Evidence  Minus log10 of that ratio, on the coordination axis, where a workload proposed the group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

FEW = 3  # so few outsiders do not make a tool public


@dataclass(frozen=True)
class PublicTool:
    name: str = "public_tool"
    axis: Axis = "coordination"
    block: Block = "content"
    null: str = "the request form is the group's own"
    fields: tuple[str, ...] = ("system", "messages")

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or group.origin != "workload" or len(use.outside_loads) < FEW:
            return None
        users = use.holders + len(use.outside_loads)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=-math.log10(users / use.holders),
            null=self.null,
            observed=f"{len(use.outside_loads)} accounts outside the group use it",
            expected="none",
            n=users,
            fields=self.fields,
            summary=f"The same form of request comes from {len(use.outside_loads)} accounts outside this group: "
            "it may be a public tool or prompt.",
        )


SIGNAL = PublicTool()
