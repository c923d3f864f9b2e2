"""Proposals of single accounts that ask a lot of one thing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stillwatch.campaigns.proposing.proposal import FORM, Proposal
from stillwatch.campaigns.traffic import Traffic
from stillwatch.workloads import CELLS

BULK = 50  # prompts of a single account worth a look


def bulk_proposals(traffic: Traffic) -> Iterator[Proposal]:
    """Yield single accounts that sent many different prompts of one form."""
    account, workload = (traffic.streams[name].to_numpy() for name in ("account", "workload"))
    big = (workload < CELLS) & (traffic.streams["contents"].to_numpy() >= BULK)
    for row in np.flatnonzero(big):
        alone = account[row : row + 1]
        yield Proposal(
            alone,
            "account",
            "one account's bulk work",
            int(workload[row]),
            formed_by=frozenset({FORM}),
        )
