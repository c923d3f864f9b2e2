"""Attribution: which exchanges are the campaign's, and how surely an account is part of it.

Exchanges, not accounts: a resold account has customers too.
"""

from __future__ import annotations

from stillwatch.campaigns.attribute.exchanges import HARVESTS, attribute, harvested
from stillwatch.campaigns.attribute.membership import Membership, membership
from stillwatch.campaigns.attribute.shares import CONFIDENCE, share_lower, share_of

__all__ = [
    "CONFIDENCE",
    "HARVESTS",
    "Membership",
    "attribute",
    "harvested",
    "membership",
    "share_lower",
    "share_of",
]
