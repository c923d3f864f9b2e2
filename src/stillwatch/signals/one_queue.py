"""One queue: the members' prompts are drawn from one stock without anyone drawing the same twice.

Null      Members draw their prompts independently from the stock that other users of the same workload draw
          from: pairs of members then hit the same prompt at the rate at which members and outsiders do.
Evidence  Of all prompts that two users met on, the share that a member and an outsider met on, given how many there
          are: binomial, with no rate to estimate. A prompt that many met on counts once, as popular prompts come in
          clumps. Non-overlap alone is worth nothing: without outsiders who share the stock, no statement.
Blind to  Stocks that nobody else draws from. Users of very unlike volume meet less on popular prompts: hence the
          ceiling.
Source    Reference notes on statistics, partition test with control users.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stillwatch.evidence.evalues import binomial_excess, clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

MIN_SHARED = 5  # prompts that members and outsiders both sent


@dataclass(frozen=True)
class OneQueue:
    name: str = "one_queue"
    axis: Axis = "coordination"
    block: Block = "content"
    null: str = "members draw prompts independently from the stock that other users draw from"
    fields: tuple[str, ...] = ("messages",)
    ceiling: float = 4.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or len(use.draws) < 3 or use.shared_contents < MIN_SHARED:
            return None
        pairs = (float(use.draws.sum()) ** 2 - float((use.draws.astype(float) ** 2).sum())) / 2
        odds = pairs / (
            float(use.draws.sum()) * use.outside_draws
        )  # of meeting a member to meeting an outsider
        expected = use.meetings * odds
        clump = use.meetings / use.shared_contents
        repeats = math.ceil(use.collisions / clump)
        log10_e = binomial_excess(use.shared_contents, use.shared_contents + repeats, 1 / (1 + odds))
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"{use.collisions} repeats between members over {use.contents} prompts",
            expected=f"{expected:.3g}",
            n=use.contents,
            fields=self.fields,
            summary=f"Members share {use.shared_contents} prompts with other users of this workload, yet "
            f"{use.collisions} with each other where independent users would share {expected:.0f}: "
            "the prompts look dealt out from one queue.",
        )


SIGNAL = OneQueue()
