"""Declared use: what the members do was announced or agreed. Counter-evidence.

Null      The use is neither declared nor permitted. Where the provider has agreed that outputs may be trained
          on, or an evaluation or synthetic-data use is declared, taking such answers is no finding on the
          extraction axis; a declared reseller's spread over accounts is no finding on the evasion axis.
Evidence  A fixed discount where at least OPEN_SHARE of the members declared it.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

OPEN_SHARE = 0.7
DISCOUNT = -6.0
EXTRACTING_USES = ("synthetic_data", "evaluation", "distillation", "research")
POOLING_USES = ("reseller", "gateway", "agency")


def _evidence(axis: Axis, members: int, group: Group, what: str) -> Evidence:
    return Evidence(
        signal="declared_use",
        axis=axis,
        block="registration",
        log10_e=DISCOUNT,
        null="the use is neither declared nor permitted",
        observed=f"{members} of {group.size} members: {what}",
        expected="no declaration",
        n=group.size,
        fields=("declared_use", "distillation_permitted"),
        summary=f"{members} of {group.size} members: {what}.",
    )


@dataclass(frozen=True)
class DeclaredUse:
    axis: Axis
    name: str = "declared_use"
    block: Block = "registration"
    null: str = "the use is neither declared nor permitted"
    fields: tuple[str, ...] = ("declared_use", "distillation_permitted")

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        needed = OPEN_SHARE * group.size
        if self.axis == "extraction" and group.permitted >= needed:
            return _evidence(
                self.axis, group.permitted, group, "training on outputs is agreed with the provider"
            )
        uses = EXTRACTING_USES if self.axis == "extraction" else POOLING_USES
        declared = sum(group.declared.get(use, 0) for use in uses)
        if declared >= needed:
            return _evidence(self.axis, declared, group, f"declared as {', '.join(uses)}")
        return None


SIGNALS = (DeclaredUse("extraction"), DeclaredUse("evasion"))
