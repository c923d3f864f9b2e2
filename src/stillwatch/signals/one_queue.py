"""One queue: the members' prompts are drawn from one stock without anyone drawing the same twice.

Null      Members draw their prompts independently from the stock that other users of the same workload draw
          from: pairs of members then hit the same prompt at the rate at which members and outsiders do.
Evidence  Depletion of repeats between members against a Poisson null, whose mean uses a lower confidence bound
          of that rate. Non-overlap alone is worth nothing: without outsiders who share the stock, no statement.
Source    Reference notes on statistics, partition test with control users.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy.stats import chi2

from stillwatch.evidence.evalues import clip, poisson_depletion
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
        if use is None or use.holders < 3 or use.shared_contents < MIN_SHARED:
            return None
        # the rate at which a draw of a member and one of an outsider meet, lowered by what few meetings leave open
        certain = float(chi2.ppf(0.05, 2 * use.shared_contents) / 2) / use.shared_contents
        rate = certain * use.meetings / (float(use.draws.sum()) * use.outside_draws)
        pairs = (float(use.draws.sum()) ** 2 - float((use.draws.astype(float) ** 2).sum())) / 2
        expected = rate * pairs
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(poisson_depletion(use.collisions, expected), self.ceiling),
            null=self.null,
            observed=f"{use.collisions} repeats between members over {use.contents} prompts",
            expected=f"{expected:.3g} or more",
            n=use.contents,
            fields=self.fields,
            summary=f"Members share {use.shared_contents} prompts with other users of this workload, yet "
            f"{use.collisions} with each other where independent users would share {expected:.0f}: "
            "the prompts look dealt out from one queue.",
        )


SIGNAL = OneQueue()
