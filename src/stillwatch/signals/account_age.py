"""Account age: members that had long paid for work of their own. Counter-evidence.

Null      The members are throwaway accounts: at most one in ten is older than most accounts are, has an instrument of
          payment, and mostly does other work than the group's.
Evidence  The inverse likelihood ratio against one in two: log10 e of the evasion axis falls by it, and by no more than
          `MOST_OFF`, as old accounts are bought and taken over. Age alone is not enough: an old account that does
          nothing but the group's work is not counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stillwatch.evidence.evalues import bernoulli_product
from stillwatch.evidence.group import Group, Population
from stillwatch.evidence.row import Axis, Block, Evidence

OWN_WORK = 0.5  # of an account's exchanges at least
MOST_OFF = 1.0
THROWAWAY = 0.1
HONEST = 0.5


@dataclass(frozen=True)
class AccountAge:
    name: str = "account_age"
    axis: Axis = "evasion"
    block: Block = "registration"
    null: str = "the members are throwaway accounts: few are old, paying and busy with work of their own"
    fields: tuple[str, ...] = ("created_at", "payment_fp")

    def weigh(self, group: Group, population: Population) -> Evidence | None:
        lives = group.lifecycle
        if lives is None or group.size < 2 or math.isnan(lives.usual_age):
            return None
        settled = (lives.ages > lives.usual_age) & lives.paying & (lives.elsewhere >= OWN_WORK)
        count = int(settled.sum())
        log10_e = -bernoulli_product(count, group.size, THROWAWAY, HONEST)
        if log10_e >= 0:
            return None
        return Evidence(
            signal=self.name,
            axis=self.axis,
            block=self.block,
            log10_e=max(-MOST_OFF, log10_e),
            null=self.null,
            observed=f"{count} of {group.size} members are older than {lives.usual_age:.0f} days, pay, and mostly do "
            "work of their own",
            expected=f"at most {THROWAWAY:.0%} of throwaway accounts",
            n=group.size,
            fields=self.fields,
            summary=f"{count} of {group.size} members are old, paying accounts that mostly do work of their own.",
        )


SIGNAL = AccountAge()
