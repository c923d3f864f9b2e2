"""Address churn: accounts that come from more networks than nearly all others of like load.

Null      The members are openly one customer, whose accounts change networks as others of like load do, all alike or
          each by itself.
Evidence  Likelihood ratio on the number of members beyond nineteen in twenty outsiders of their load, with the customer
          as its sampling unit. Networks are counted, not addresses, which change inside a household's own range.
          What kind of network it is, and where, is not looked at.
Blind to  One steady exit for each account; accounts of few requests; rotation that the whole population shares.
Source    Design notes: churn against the population's own distribution, never the use of a VPN.
"""

from __future__ import annotations

from stillwatch.evidence.marks import MarkSignal

SIGNAL = MarkSignal(
    name="address_churn",
    block="network",
    null="openly one customer, whose accounts change networks as often as others of like load",
    fields=("ip",),
    mark="churning",
    does="come from more networks than nearly all accounts of like load",
    ceiling=1.5,
)
