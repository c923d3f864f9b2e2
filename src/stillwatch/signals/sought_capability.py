"""Sought capability: what the work asks for is what harvests ask for, and what hardly anybody else does.

Null      The work is one of the honest pieces of work of the reference, drawn at random: applications, batches and
          habits of unrelated parties, each counting once however much traffic it makes.
Evidence  Likelihood ratio of the capability that most of the work's requests are after: its share among harvests, by
          a fixed alternative after the disclosed campaigns, to its share among honest work, counted with labels of the
          shipped classifier (see the reference profile). The work is one draw: it does not count once per request
          or per account.
Blind to  Harvests of what everybody asks for (code, plain answers); a capability that the classifier does not see.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.profile import sought_profile
from stillwatch.evidence.row import Axis, Block, Evidence
from stillwatch.intents import GENERAL

MIN_CLASSIFIED = 20
ALONE = 2.0  # ceiling for a single account: evaluators and tutors ask for what harvests do


@dataclass(frozen=True)
class SoughtCapability:
    name: str = "sought_capability"
    axis: Axis = "extraction"
    block: Block = "content"
    null: str = "what the work is after is spread as among the honest work of the reference profile"
    fields: tuple[str, ...] = ("messages", "system")
    ceiling: float = 3.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        use = group.main
        if use is None or use.classified < MIN_CLASSIFIED:
            return None
        slug, clearly, profile = use.sought, use.clearly, sought_profile()
        asked = use.asked.get(slug, 0) / use.classified if slug != GENERAL else 1.0
        honest = profile.honest_share(slug, clearly=clearly)
        said = f"{'clearly ask' if clearly else 'seem to ask'} for {slug.replace('_', ' ')}"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(
                profile.log10_ratio(slug, clearly=clearly), self.ceiling if group.size > 1 else ALONE
            ),
            null=self.null,
            observed=f"{asked:.0%} of the requests {said}",
            expected=f"so does {honest:.2%} of honest work",
            n=use.classified,
            fields=self.fields,
            summary=f"{asked:.0%} of the work's requests {said}; so does {honest:.2%} of honest work, while "
            f"{profile.harvest_share(slug):.0%} of harvests are taken to be after it.",
        )


SIGNAL = SoughtCapability()
