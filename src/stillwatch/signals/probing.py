"""Probing: many variants of one request, most of them refused, before a harvest begins.

Who looks for a way round a refusal sends ever new variants and is refused nearly every time. It is worth telling
before one of them succeeds.

Null      At most `HONEST_RATE` of what honest work asks is refused, however sensitive its subject.
Evidence  Binomial mixture likelihood ratio of refusals among the work's requests, where many of them differ.
Blind to  Variants that are answered; providers that do not log refusals. Red teams and safety evaluations are refused
          as often: hence the ceiling, and the two other axes.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import binomial_excess, clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

HONEST_RATE = 0.25
MIN_VARIANTS = 20  # different prompts
REFUSALS = ("finish_reason", "refusal_category")


@dataclass(frozen=True)
class Probing:
    name: str = "probing"
    axis: Axis = "extraction"
    block: Block = "responses"
    null: str = "at most a quarter of what honest work asks is refused"
    fields: tuple[str, ...] = ("finish_reason", "refusal_category", "messages")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.exchanges < MIN_VARIANTS or not population.present.intersection(REFUSALS):
            return None
        refused = min(use.refused, use.exchanges)
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(binomial_excess(refused, use.exchanges, HONEST_RATE), self.ceiling),
            null=self.null,
            observed=f"{refused} of {use.exchanges} requests were refused",
            expected=f"at most {HONEST_RATE:.0%}",
            n=use.exchanges,
            fields=self.fields,
            summary=f"{refused} of {use.exchanges} requests were refused, in many variants of one form.",
        )


SIGNAL = Probing()
