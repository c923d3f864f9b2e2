"""Client contradiction: client strings beside a TLS or header print that is another program's.

Null      The members are openly one customer, whose clients contradict themselves at the rate of everybody else's, all
          alike or each by itself.
Evidence  Likelihood ratio on the number of members most of whose exchanges carry such a pair, with the customer as its
          sampling unit. What belongs together is learned from the other accounts of the log: the print is hardly seen
          with the string, of which many accounts are known, and is seen with other strings.
Blind to  Relays that show a print of their own; forged prints; strings that few others send.
Source    JA4+ (FoxIO 2023) for the prints; the test is our own.
"""

from __future__ import annotations

from stillwatch.evidence.marks import MarkSignal

SIGNAL = MarkSignal(
    name="client_contradiction",
    block="client",
    null="openly one customer, whose clients contradict themselves as often as those of everybody else",
    fields=("user_agent", "sdk", "ja4", "header_hash"),
    mark="contradicting",
    does="send client strings beside a TLS or header print of another program",
    ceiling=2.0,
)
