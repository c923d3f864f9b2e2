"""Verified identity: most members are verified as a person or a business. Counter-evidence.

Null      The members hide: of a hidden pool at most one account in ten has passed a check of identity or business.
Evidence  The inverse likelihood ratio, where most of all members passed: log10 e of the evasion axis falls by it, and
          by no more than `MOST_OFF`, as verified accounts are bought, too. A few verified members change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.evidence.evalues import bernoulli_product
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

MOST_SHARE = 0.7  # of all members; one that nothing is known of is not verified
MOST_OFF = 2.0
HIDDEN = 0.1
OPEN = 0.9


@dataclass(frozen=True)
class VerifiedIdentity:
    name: str = "verified_identity"
    axis: Axis = "evasion"
    block: Block = "registration"
    null: str = "the members hide: few of them have passed a check of identity or business"
    fields: tuple[str, ...] = ("verification",)

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        lives = group.lifecycle
        if lives is None or group.size < 2 or lives.identified < MOST_SHARE * group.size:
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=max(-MOST_OFF, -bernoulli_product(lives.identified, group.size, HIDDEN, OPEN)),
            null=self.null,
            observed=f"{lives.identified} of {group.size} members are verified as a person or a business",
            expected=f"at most {HIDDEN:.0%} of a hidden pool",
            n=group.size,
            fields=self.fields,
            summary=f"{lives.identified} of {group.size} members are verified as a person or a business: "
            "somebody can be asked.",
        )


SIGNAL = VerifiedIdentity()
