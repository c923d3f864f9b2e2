"""Replacement: after a member was stopped, new accounts under other papers step in.

It stands on the evasion axis: to come back under another name is a pretence. What the newcomers take up is weighed for
coordination by other signals, none of which looks at when accounts were made or stopped, so that the two do not choose
each other.

Null      The members are openly one customer, or have nothing to do with each other: new accounts under papers of
          their own begin after a stop as often as new accounts begin anywhere in the log within such a time, and as
          often as members began before a stop.
Evidence  Likelihood ratio on the members that step in, with the customer as its sampling unit (a wave of sign-ups
          counts as one), averaged over three spans of time. Who shows an organisation, a payment, an own mail or a
          telephone number of a stopped member comes back openly and does not count.
Blind to  Accounts made long before and kept in reserve; pools that nobody stops; a stop that only the provider's own
          staff know of, in a log without refusals. Whoever honestly comes back under new papers looks the same: hence
          the ceiling.
Source    Replacement of banned accounts within hours: the disclosures of 2026 (docs/threat-model.md). Vovk & Wang
          (2021), Annals of Statistics 49(3): likelihood-ratio e-values.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.lifecycle import Replacement
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence
from stillwatch.evidence.shares import customer_excess

MOST = 0.9  # a rate beyond which beginning tells nothing


def rate_of(counts: Replacement) -> float:
    """Return how often an account begins within the span: outsiders', with one added, or the members' own before."""
    outside = (counts.outside_begun + 1) / (counts.outside + 2)
    return min(max(outside, counts.before / max(counts.others, 1)), MOST)


@dataclass(frozen=True)
class ReplacementSignal:
    name: str = "replacement"
    axis: Axis = "evasion"
    block: Block = "registration"
    null: str = "new accounts under papers of their own begin after a stop as often as anywhere in the log"
    fields: tuple[str, ...] = ("status", "status_at", "created_at", "time")
    ceiling: float = 2.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        spans = group.lifecycle.replacements if group.lifecycle is not None else ()
        if not spans or group.picked_by_start:  # picked because they began together
            return None
        log10_e = mean_log10([customer_excess(s.stepped_in, s.others, rate_of(s)) for s in spans])
        widest = spans[-1]
        days = widest.within / 86_400
        came = "stepped in" if log10_e >= TELLING else "began, as others did"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed=f"{widest.stepped_in} of {widest.others} members are new and began within {days:.0f} days "
            "after a member was stopped, under other papers",
            expected=f"{rate_of(widest):.2%}, as anywhere in the log",
            n=widest.others,
            fields=self.fields,
            summary=f"Within {days:.0f} days after {widest.stops} of these accounts were stopped, {widest.stepped_in} "
            f"new ones under other papers {came}; {widest.openly} came back openly.",
        )


SIGNAL = ReplacementSignal()
