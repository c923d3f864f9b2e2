"""What ties each member to the rest of its group: by kind of trace, and by how many independent things."""

from __future__ import annotations

from collections.abc import Sequence

from stillwatch.campaigns.attribute import Membership
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.model import MemberGrounds
from stillwatch.campaigns.traffic import Traffic


def member_grounds(
    traffic: Traffic, finding: Finding, held: Membership, shown: Sequence[str]
) -> tuple[MemberGrounds, ...]:
    """Return the grounds of the members named in `shown`, in that order; empty for a single account."""
    accounts = finding.judged.group.accounts
    if len(accounts) < 2:
        return ()
    place = {traffic.account_ids[int(account)].as_py(): i for i, account in enumerate(accounts)}
    return tuple(
        MemberGrounds(
            account_id=name,
            blocks={block: float(values[place[name]]) for block, values in held.blocks.items()},
            ties=int(held.ties[place[name]]),
        )
        for name in shown
        if name in place
    )
