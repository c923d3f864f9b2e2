"""Disposable registration: accounts made shortly before the work, hardly verified, on mail that is thrown away.

Null      The members are openly one customer, whose accounts are disposable at the rate of everybody else, all alike
          or each by itself.
Evidence  Likelihood ratio on the number of disposable members, with the customer as its sampling unit. A domain is
          thrown away if nearly all of its other users are new: no list of names decides, and neither does rarity, as a
          firm's own domain is rarer still.
Blind to  Aged accounts, bought or farmed; mailboxes at the large services; logs without an accounts table.
Source    Sign-up features of fake-account detection: Yuan et al., "Detecting Fake Accounts in Online Social Networks
          at the Time of Registrations" (CCS 2019); the test is our own.
"""

from __future__ import annotations

from stillwatch.evidence.marks import MarkSignal

SIGNAL = MarkSignal(
    name="disposable_registration",
    block="registration",
    null="openly one customer, whose accounts are disposable at the rate of everybody else",
    fields=("created_at", "verification", "email_domain"),
    mark="disposable",
    does="were made shortly before their first request, hardly verified, on a mail domain that nobody stays on",
    ceiling=1.5,
)
