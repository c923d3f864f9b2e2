"""Scattered identities: accounts that work as one claim to be many.

Null      The members are openly one customer: of each further account, at most every second shows a value of
          its own (payment, organisation, e-mail domain, telephone, network).
Evidence  Likelihood ratio of 90 % to 50 % for 'a value of its own', per field; the mean over the fields.
          It says nothing about whether the members belong together: that is the coordination axis.
Blind to  Unrelated accounts look scattered too. Country, language and time zone are not among the fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import bernoulli_product, clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

CLAIMED = {
    "payment": "payment instrument",
    "organisation": "organisation",
    "email_domain": "e-mail domain",
    "phone": "telephone number",
}
SHOWN = {"network": "network"}
OWN_IF_OPEN, OWN_IF_HIDDEN = 0.5, 0.9


@dataclass(frozen=True)
class ScatteredIdentities:
    name: str = "scattered_identities"
    axis: Axis = "evasion"
    block: Block = "registration"
    null: str = "openly one customer: at most half of the further accounts show a value of their own"
    fields: tuple[str, ...] = ("payment_fp", "org_id", "email_domain", "phone_fp", "ip")
    ceiling: float = 12.0

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        parts, told = [], []
        for field, words in {**CLAIMED, **SHOWN}.items():
            trait = group.traits.get(field)
            if trait is None or trait.known < 2 or (field == "email_domain" and trait.common):
                continue
            parts.append(
                bernoulli_product(trait.distinct - 1, trait.known - 1, OWN_IF_OPEN, OWN_IF_HIDDEN)
            )
            told.append(f"{trait.distinct} {words}s over {trait.known}")
        if not parts:
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(mean_log10(parts), self.ceiling),
            null=self.null,
            observed="; ".join(told),
            expected="half as many, or fewer, from one open customer",
            n=group.size,
            fields=self.fields,
            summary="The accounts present themselves as separate customers: " + ", ".join(told) + " accounts.",
        )


SIGNAL = ScatteredIdentities()
