"""Declared organisation: the accounts say openly that they belong together. Counter-evidence.

Null      The members hide that they are one: of a hidden pool at most one member in ten shows the same
          declared organisation, payment instrument or own e-mail domain as the next.
Evidence  The inverse likelihood ratio: log10 e of the evasion axis falls by it. A field in which
          the members contradict each other does not count as an open tie, and where declared organisations
          differ, a shared payment is no declaration.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import bernoulli_product
from stillwatch.evidence.group import Group, Population, Trait
from stillwatch.evidence.row import Axis, Block, Evidence

OPEN_SHARE = 0.7
WORDS = {
    "organisation": "declared organisation",
    "payment": "payment instrument",
    "email_domain": "e-mail domain",
}


def _common(group: Group, field: str) -> Trait | None:
    trait = group.traits.get(field)
    if trait is None or trait.known < max(2, 0.5 * group.size) or trait.common:
        return None
    return trait if trait.top >= OPEN_SHARE * trait.known else None


def _contradicts(group: Group, field: str) -> bool:
    trait = group.traits.get(field)
    return trait is not None and trait.known >= 2 and not trait.common and trait.distinct > 0.5 * trait.known


def open_tie(group: Group) -> str | None:
    """Return the field in which the members openly are one customer, or None."""
    if _common(group, "organisation"):
        return "organisation"
    if _contradicts(group, "organisation"):
        return None
    for field, other in (("payment", "email_domain"), ("email_domain", "payment")):
        if _common(group, field) and not _contradicts(group, other):
            return field
    return None


@dataclass(frozen=True)
class DeclaredOrganisation:
    name: str = "declared_organisation"
    axis: Axis = "evasion"
    block: Block = "registration"
    null: str = "the members hide that they are one customer"
    fields: tuple[str, ...] = ("org_id", "payment_fp", "email_domain")

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        field = open_tie(group)
        if field is None:
            return None
        trait = group.traits[field]
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=-1.0 - bernoulli_product(trait.top - 1, max(trait.known - 1, 1), 0.5, 0.9),
            null=self.null,
            observed=f"{trait.top} of {trait.known} members show one {WORDS[field]}",
            expected="different ones",
            n=trait.known,
            fields=self.fields,
            summary=f"{trait.top} of {trait.known} members openly share one {WORDS[field]}: "
            "they do not hide that they are one customer.",
        )


SIGNAL = DeclaredOrganisation()
