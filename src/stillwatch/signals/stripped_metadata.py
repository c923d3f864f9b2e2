"""Stripped metadata: fields that nearly all users of the same client send are missing.

Null      The members are openly one customer, whose clients leave fields out at the rate of everybody else's, all
          alike or each by itself.
Evidence  Likelihood ratio on the number of members that lack the session, the user's id or the device in most of their
          exchanges though at least nineteen in twenty others with the same user agent send it, with the customer as
          its sampling unit.
Blind to  Clients that few others use; fields that are optional in practice; relays that fill in fields of their own.
Source    Design notes: metadata stripped, against what the same client usually sends.
"""

from __future__ import annotations

from stillwatch.evidence.marks import MarkSignal

SIGNAL = MarkSignal(
    name="stripped_metadata",
    block="client",
    null="openly one customer, whose clients leave fields out as often as those of everybody else",
    fields=("user_agent", "session_id", "end_user_id", "device_id"),
    mark="stripping",
    does="lack a field that nearly all others with the same user agent send",
    ceiling=1.0,
)
