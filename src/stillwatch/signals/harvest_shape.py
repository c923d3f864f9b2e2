"""Harvest shape: the work looks like the making of training data.

Ever new prompts of one form, no follow-up, long answers of the model's own that restate nothing, all alike in
form: a plain baseline on shape, without a single keyword.

Null      The work is one of the honest workloads of the reference profile, drawn at random.
Evidence  Likelihood ratio of the number of marks between harvests and honest work, from counts on labelled traffic
          (see the reference profile), smoothed. The workload is one draw: it does not count once per request
          or per account.
Blind to  What is asked. A generator of long texts for an honest product has this shape; an agentic harvest has
          not.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population, Use
from stillwatch.evidence.profile import shape_profile
from stillwatch.evidence.row import Axis, Block, Evidence

MIN_ANSWERS = 20
ALONE = 2.0  # ceiling for a single account: an honest product that writes long texts looks the same
ALIKE = 0.5  # standard deviation of the natural log of the prompt's length


def marks_of_harvest(use: Use) -> dict[str, bool]:
    """Return which marks of a harvest the work shows, in words. Nothing here reads what is asked."""
    sent, answered = max(use.exchanges, 1), max(use.answered, 1)
    return {
        "hardly a prompt repeats": use.contents >= 0.9 * sent,
        "nobody follows up": use.openings >= 0.9 * sent,
        "answers are long": use.long_answers >= 0.8 * answered,
        "answers do not restate the request": use.generated >= 0.7 * answered,
        "no answer repeats": use.outputs >= 0.9 * answered,
        "prompts are short": use.short_prompts >= 0.9 * sent,
        "prompts are alike in form": use.user_form or use.user_spread <= ALIKE,
        "no tools are used": max(use.tool_answers / answered, use.with_tools / sent) <= 0.1,
        "many prompts an account": use.contents >= 10 * use.holders,
        "many prompts in all": use.contents >= 100,
    }


def log10_e_of(use: Use, *, shared: bool) -> float:
    """Return log10 e that the work is a harvest; 0 where there is too little of it to say."""
    if use.answered < MIN_ANSWERS or not use.templated:
        return 0.0
    return shape_profile().log10_ratio(sum(marks_of_harvest(use).values()), shared=shared)


@dataclass(frozen=True)
class HarvestShape:
    name: str = "harvest_shape"
    axis: Axis = "extraction"
    block: Block = "content"
    null: str = "the work is shaped like one of the honest workloads of the reference profile"
    fields: tuple[str, ...] = ("messages", "output")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.answered < MIN_ANSWERS or not use.templated:
            return None
        marks = marks_of_harvest(use)
        score = sum(marks.values())
        shown = ", ".join(mark for mark, held in marks.items() if held) or "none"
        lacking = ", ".join(mark for mark, held in marks.items() if not held)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e_of(use, shared=group.size > 1), self.ceiling if group.size > 1 else ALONE),
            null=self.null,
            observed=f"{score} of {len(marks)} marks of a harvest",
            expected=f"{shape_profile().typical} in most honest work",
            n=use.answered,
            fields=self.fields,
            summary=f"The work shows {score} of {len(marks)} marks of the making of training data: {shown}"
            + (f"; not: {lacking}." if lacking else "."),
        )


SIGNAL = HarvestShape()
