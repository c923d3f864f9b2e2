"""The group form that all hand-over signals share: more passes between members than chance makes."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
from ibis import _

from stillwatch.evidence.evalues import clip, mean_log10, poisson_excess
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

# The signals on what passes between accounts, by name.
HANDED_OVER = ("conversation_carried", "answers_passed", "reasoning_replay", "retry_handed_over")


@dataclass(frozen=True)
class HandoverSignal:
    """A signal on things that pass between accounts.

    The e-value is the mean over the two halves of a Poisson mixture likelihood ratio: units of one half,
    counted inside the cluster that the other half formed, against the log's own rate of such units spread
    over pairs of accounts in proportion to their traffic. Under the null of unrelated accounts the two
    halves are independent given that rate.
    """

    name: str
    block: Block
    null: str
    fields: tuple[str, ...]
    thing: str  # plural, as in "conversations were carried over"
    passed: str
    axis: Axis = "coordination"
    ceiling: float = 12.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        counts = group.handovers.get(self.name)
        if counts is None or not counts.units:
            return None
        halves = [poisson_excess(k, mean) for k, mean in zip(counts.tested, counts.expected, strict=True)]
        expected, tested = sum(counts.expected), sum(counts.tested)
        why = "in the half not used to form the group" if counts.formed else "pairs that join three accounts"
        telling = f"of the {counts.units}, {tested} count, being {why}"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(mean_log10(halves), self.ceiling),
            null=self.null,
            observed=f"{counts.units} {self.thing} {self.passed} between members; {tested} {why}",
            expected=f"{expected:.2g} by chance",
            n=counts.units,
            fields=self.fields,
            summary=f"{counts.units} {self.thing} {self.passed} from one of these accounts to another; "
            f"accounts that have nothing to do with each other would show about {expected:.2g}"
            + (f"; {telling}." if tested < counts.units else "."),
        )


def blocks_moved(exchanges: ir.Table, presenting: ir.Table) -> ir.Table:
    """Return one row per opaque reasoning block that `presenting` shows and another account was issued.

    unit (the block), giver, taker, exchange_key; blocks issued to several accounts are left out.
    """
    issued = exchanges.filter(_.reasoning_issues.length() > 0).select(
        "account_key", block=_.reasoning_issues.unnest()
    )
    owned = issued.group_by("block").agg(giver=_.account_key.min(), other=_.account_key.max())
    presented = presenting.filter(_.reasoning_refs.length() > 0).select(
        "account_key", "exchange_key", block=_.reasoning_refs.unnest()
    )
    moved = presented.inner_join(owned.filter(_.giver == _.other), "block").filter(_.account_key != _.giver)
    return moved.select(unit=_.block, giver=_.giver, taker=_.account_key, exchange_key=_.exchange_key)
