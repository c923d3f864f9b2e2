"""What ties each member to the rest of its group: by kind of trace, and by how many independent things."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stillwatch.campaigns.attribute.membership import by_block, chance_floor, events
from stillwatch.campaigns.attribute.ties import count_ties
from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.model import MemberGrounds
from stillwatch.campaigns.traffic import Traffic


def member_grounds(traffic: Traffic, finding: Finding, shown: Sequence[str]) -> tuple[MemberGrounds, ...]:
    """Return the grounds of the members named in `shown`, in that order; empty for a single account."""
    group = finding.judged.group
    if group.size < 2:
        return ()
    ties = count_ties(traffic, group, chance_floor(traffic))
    blocks = by_block(ties)
    counted = np.broadcast_to(events(ties, blocks), (traffic.size,))
    place = {traffic.account_ids[int(account)].as_py(): int(account) for account in group.accounts}
    return tuple(
        MemberGrounds(
            account_id=name,
            blocks={
                block: float(np.broadcast_to(held, (traffic.size,))[place[name]])
                for block, held in sorted(blocks.items())
            },
            ties=int(counted[place[name]]),
        )
        for name in shown
        if name in place
    )
