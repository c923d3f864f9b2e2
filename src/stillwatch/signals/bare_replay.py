"""Bare replay: reasoning blocks of other accounts are presented without the conversation they belong to.

With its conversation, a block that changes accounts is relaying; without it, the block itself is the goal: it is
replayed to be read out, continued or cleaned.

Null      Of blocks that change accounts, at most `HONEST_RATE` come without a conversation, as in honest relaying;
          among a few accounts at most `FEW_RATE`, since a person who resumes a session with another key may have
          lost its history.
Evidence  Binomial mixture likelihood ratio of bare blocks among all that changed hands in the group.
Blind to  Providers that do not log blocks; replays dressed up with a made-up conversation.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
from ibis import _

from stillwatch.evidence.evalues import binomial_excess, clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.handover import blocks_moved
from stillwatch.evidence.row import Axis, Block, Evidence

HONEST_RATE = 0.05
FEW = 5  # accounts: fewer may be one person's
FEW_RATE = 0.3


@dataclass(frozen=True)
class BareReplay:
    name: str = "bare_replay"
    axis: Axis = "extraction"
    block: Block = "responses"
    null: str = "reasoning blocks that change accounts come with their conversation"
    fields: tuple[str, ...] = ("reasoning_ref", "reasoning_issued", "messages")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        moved = group.handovers.get("reasoning_replay")
        if moved is None or not moved.units:
            return None
        bare = group.handovers.get("bare_replay")
        units = min(bare.units, moved.units) if bare is not None else 0
        rate = HONEST_RATE if group.size >= FEW else FEW_RATE
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(binomial_excess(units, moved.units, rate), self.ceiling),
            null=self.null,
            observed=f"{units} of {moved.units} blocks came without their conversation",
            expected=f"at most {rate:.0%}",
            n=moved.units,
            fields=self.fields,
            summary=f"{units} of {moved.units} reasoning blocks issued to one member were presented by another "
            "without the conversation they belong to.",
        )


SIGNAL = BareReplay()


def find(exchanges: ir.Table) -> ir.Table:
    """Return one row per bare block presented: unit (the block), giver, taker, exchange_key."""
    return blocks_moved(exchanges, exchanges.filter(_.history_keys.length() == 0))
