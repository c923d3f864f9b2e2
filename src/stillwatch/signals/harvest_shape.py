"""Harvest shape: the work looks like the making of training data.

One request form, ever new prompts, no follow-up, long answers of the model's own that restate nothing: a
plain baseline on shape, without a single keyword.

Null      The work is one of the honest workloads of the reference profile, drawn at random.
Evidence  Likelihood ratio of the shape score (how many marks of a harvest the work shows) between harvests
          and honest workloads, from the shipped counts, smoothed. The workload is one draw: it does not
          count once per request or per account.
Blind to  What is asked. A long-document translation has this shape; a graded or agentic harvest has not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stillwatch.evidence.group import Group, Population, Use
from stillwatch.evidence.profile import shape_profile
from stillwatch.evidence.row import Axis, Block, Evidence

MIN_ANSWERS = 20


def marks_of_harvest(use: Use) -> dict[str, bool]:
    """Return which marks of a harvest the work shows, in words."""
    sent, answered = max(use.exchanges, 1), max(use.answered, 1)
    return {
        "one form of request": use.templated,
        "ever new prompts": use.contents >= 0.9 * sent,
        "short prompts": use.short_prompts >= 0.9 * sent,
        "no follow-up": use.openings >= 0.9 * sent,
        "long answers": use.long_answers >= 0.8 * answered,
        "answers not restating the input": use.generated >= 0.7 * answered,
        "no answer twice": use.outputs >= 0.9 * answered,
        "no tool calls": use.tool_answers <= 0.1 * answered,
        "many prompts": use.contents >= 100,
    }


def log10_e_of(use: Use, *, shared: bool) -> float:
    """Return log10 e that the work is a harvest; 0 where there is too little of it to say."""
    if use.answered < MIN_ANSWERS:
        return 0.0
    return math.log10(shape_profile().ratio(sum(marks_of_harvest(use).values()), shared=shared))


@dataclass(frozen=True)
class HarvestShape:
    name: str = "harvest_shape"
    axis: Axis = "extraction"
    block: Block = "content"
    null: str = "the work is shaped like one of the honest workloads of the reference profile"
    fields: tuple[str, ...] = ("messages", "output")

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.answered < MIN_ANSWERS:
            return None
        marks = marks_of_harvest(use)
        score = sum(marks.values())
        shown = ", ".join(mark for mark, held in marks.items() if held) or "none"
        lacking = ", ".join(mark for mark, held in marks.items() if not held)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=log10_e_of(use, shared=group.size > 1),
            null=self.null,
            observed=f"{score} of {len(marks)} marks: {shown}",
            expected=f"{shape_profile().typical} marks in honest work",
            n=use.answered,
            fields=self.fields,
            summary=f"The work shows {score} of {len(marks)} marks of a harvest ({shown})"
            + (f"; it lacks: {lacking}." if lacking else "."),
        )


SIGNAL = HarvestShape()
