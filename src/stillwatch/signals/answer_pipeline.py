"""Answer pipeline: the accounts feed on each other's answers, as when traces are graded, cleaned or rewritten.

Null      At most `HONEST_RATE` of what a group of honest accounts asks quotes another member's answer, or people
          follow up on what they are answered (an editing desk works over its colleagues' drafts all day).
Evidence  Binomial mixture likelihood ratio of passed answers among the group's exchanges.
Blind to  Answers that leave the log before they come back.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import binomial_excess, clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

HONEST_RATE = 0.05
UNATTENDED = 0.9  # share of a pipeline's requests that open a conversation: nobody follows up


@dataclass(frozen=True)
class AnswerPipeline:
    name: str = "answer_pipeline"
    axis: Axis = "extraction"
    block: Block = "responses"
    null: str = "at most one in twenty requests of an honest group that never follows up quotes another member's answer"
    fields: tuple[str, ...] = ("messages", "output")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        passed = group.handovers.get("answers_passed")
        if passed is None or not passed.units or not group.exchanges or not unattended(group):
            return None
        units = min(passed.units, group.exchanges)
        log10_e = binomial_excess(units, group.exchanges, HONEST_RATE)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"{units} answers in {group.exchanges} exchanges",
            expected=f"at most {HONEST_RATE:.0%}",
            n=group.exchanges,
            fields=self.fields,
            summary=f"{units} answers given to one member were fed back to the model by another.",
        )


def unattended(group: Group) -> bool:
    """Tell whether nobody follows up in anything the members do: people do so sooner or later, somewhere."""
    return group.exchanges > 0 and group.openings >= UNATTENDED * group.exchanges


SIGNAL = AnswerPipeline()
