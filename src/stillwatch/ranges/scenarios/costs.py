"""What a campaign costs the attacker: unit prices stated in one table, and the bill of a step of the ladder.

The prices are assumptions of ours, of the order reported for the grey market (accounts, cards and numbers sold in
bulk, residential exits by the gigabyte, resale at a tenth of the list price); what matters is how the bill
grows from rung to rung. Give others where you know better.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.ranges.scenarios.ladder import Step, campaign


@dataclass(frozen=True)
class Prices:
    """Unit prices in US dollars."""

    account: float = 0.3  # with a disposable address and a shared card
    own_card: float = 4.0  # a virtual card and a rented number for one account
    aged: float = 18.0  # an account bought with age and history
    exit_gb: float = 4.0  # residential exits, by gigabyte
    relay_month: float = 40.0
    exchange: float = 0.03  # list price of one harvested exchange of about 3,000 tokens
    resale: float = 0.1  # what customers of a relay pay, as a share of the list price
    paraphrase: float = 0.002  # a small model's rewording of one prompt


USUAL: Final = Prices()
_GB_AN_EXCHANGE: Final = 3e-5


@dataclass(frozen=True)
class Bill:
    """Dollars for one campaign and for each thousand of its useful exchanges."""

    accounts: float
    tokens: float
    customers: float  # what customers' requests cost beyond what they pay
    infrastructure: float
    useful: int

    @property
    def total(self) -> float:
        return self.accounts + self.tokens + self.customers + self.infrastructure

    @property
    def per_thousand(self) -> float:
        return 1000.0 * self.total / max(self.useful, 1)


def bill(step: Step, prices: Prices = USUAL) -> Bill:
    """Return what a step costs; duplicates are paid for and not useful."""
    options, made = step.options, campaign(step)
    identity = str(options.get("identity", ""))
    each = {
        "careless": prices.account,
        "virtual_cards": prices.account + prices.own_card,
        "aged": prices.aged,
    }
    useful = round(step.harvested * (1 - float(options.get("duplicates", 0.0))))
    carried = made.exchanges - step.harvested
    exits = made.exchanges * _GB_AN_EXCHANGE * prices.exit_gb if options.get("egress") == "rotating" else 0.0
    wording = step.harvested * prices.paraphrase if options.get("harvest") == "paraphrased" else 0.0
    relay = prices.relay_month / 4 if step.level >= 2 else 0.0
    return Bill(
        accounts=made.accounts * each.get(identity, prices.account),
        tokens=step.harvested * prices.exchange,
        customers=carried * prices.exchange * (1 - prices.resale),
        infrastructure=exits + wording + relay,
        useful=useful,
    )
