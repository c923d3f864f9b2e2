"""What new accounts took up of a campaign whose accounts were suspended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Succession:
    """Accounts that were first seen after a suspension, and how many show what the suspended had shown.

    What they are held against was learned in earlier scans, before any of them was seen.
    """

    campaign: str  # id
    suspended: int  # accounts
    newcomers: int  # accounts first seen after it
    takers: int  # newcomers that show any of it: the group
    by_form: int  # takers that send a request form of the campaign
    by_mark: int  # takers that show a rare value of its members
    rate: float  # upper estimate of the share of unrelated accounts that show any of it
    hours: float  # median from the suspension to a taker's first exchange
