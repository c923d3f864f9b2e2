"""Shared artefacts: payment, registration, device, connection and address values that members share.

Null      A member shows the group's commonest value at the rate at which outsiders do (u of Fellegi & Sunter
          1969, from the population's own frequencies, term-frequency adjusted).
Evidence  Binomial mixture likelihood ratio, divided by the number of values in the population: any of them
          might have stood out. One piece of evidence a field; fields of one block are averaged later.
Blind to  Pools with clean artefacts. An office or a company gateway shares an address or a connection too,
          so those claims are cut off low.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

MIN_KNOWN = 2


@dataclass(frozen=True)
class SharedArtefact:
    """One identifying field; `ceiling` is what the sharing of it alone may claim, in orders of ten."""

    trait: str
    block: Block
    fields: tuple[str, ...]
    words: str
    ceiling: float
    axis: Axis = "coordination"
    null: str = "members share a value at the rate at which unrelated accounts do"

    @property
    def name(self) -> str:
        return f"shared_{self.trait}"

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        trait = group.traits.get(self.trait)
        if trait is None or trait.known < MIN_KNOWN or trait.top < 2:
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(trait.log10_excess, self.ceiling),
            null=self.null,
            observed=f"{trait.top} of {trait.known} members share one {self.words}",
            expected=f"{trait.rate:.2%} of members, as among others",
            n=trait.known,
            fields=self.fields,
            summary=f"{trait.top} of {trait.known} members share one {self.words}, which "
            f"{trait.outside_top} of {trait.outside_known} other accounts have.",
        )


SIGNALS = (
    SharedArtefact("payment", "payment", ("payment_fp",), "payment instrument", 8.0),
    SharedArtefact("email", "registration", ("email_fp",), "e-mail address", 8.0),
    SharedArtefact("phone", "registration", ("phone_fp",), "telephone number", 8.0),
    SharedArtefact("signup_ip", "network", ("signup_ip",), "sign-up address", 1.0),
    SharedArtefact("device", "client", ("device_id",), "device", 6.0),
    SharedArtefact("connection", "network", ("conn_id",), "network connection", 2.0),
    SharedArtefact("address", "network", ("ip",), "network address", 1.0),
)
