"""Scattered identities: accounts that work as one claim to be many.

Null      The members are openly one customer: of the further accounts, at most `own_if_open` show a value of
          their own. A firm pays with few instruments, registers under few names, and works from more networks.
Evidence  Likelihood ratio of 90 % to that share for 'a value of its own', per field; the mean over the fields of a
          block (payment, registration, network), one piece of evidence a block.
          It says nothing about whether the members belong together: that is the coordination axis.
Blind to  Unrelated accounts look scattered too. Country, language and time zone are not among the fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import bernoulli_product, clip, mean_log10
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import TELLING, Axis, Block, Evidence

OWN_IF_HIDDEN = 0.9


@dataclass(frozen=True)
class Scattered:
    """One block of identity: the traits in it, each with its field and its name for people."""

    name: str
    block: Block
    traits: tuple[tuple[str, str, str], ...]
    own_if_open: float  # share of an open customer's further accounts that show a value of their own, at most
    axis: Axis = "evasion"
    null: str = "openly one customer: few of the further accounts show a value of their own"
    ceiling: float = 12.0

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(field for _trait, field, _words in self.traits)

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        parts, told = [], []
        for name, _field, words in self.traits:
            trait = group.traits.get(name)
            if trait is None or trait.known < 2 or trait.common:
                continue
            parts.append(
                bernoulli_product(trait.distinct - 1, trait.known - 1, self.own_if_open, OWN_IF_HIDDEN)
            )
            told.append(f"{trait.distinct} {words}s over {trait.known} accounts")
        if not parts:
            return None
        log10_e = mean_log10(parts)
        claim = "present themselves as separate customers" if log10_e >= TELLING else "hardly look scattered"
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=clip(log10_e, self.ceiling),
            null=self.null,
            observed="; ".join(told),
            expected=f"at most {self.own_if_open:.0%} as many from one open customer",
            n=group.size,
            fields=self.fields,
            summary=f"The accounts {claim}: {', '.join(told)}.",
        )


SIGNALS = (
    Scattered("scattered_payment", "payment", (("payment", "payment_fp", "payment instrument"),), 0.3),
    Scattered(
        "scattered_registration",
        "registration",
        (
            ("organisation", "org_id", "organisation"),
            ("email_domain", "email_domain", "e-mail domain"),
            ("phone", "phone_fp", "telephone number"),
        ),
        0.4,
    ),
    Scattered("scattered_network", "network", (("network", "ip", "network"),), 0.5),
)
