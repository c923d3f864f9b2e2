"""Contents: who sent what in a workload, and on what two accounts met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Traffic, among, rows_by

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Contents:
    """Who sent what in one workload, of what was answered: parallel arrays, one entry a content and account."""

    content: Ints
    account: Ints
    sends: Ints


NOTHING_SENT = Contents(*(np.zeros(0, dtype=np.int64) for _field in range(3)))


def contents_of(traffic: Traffic, workloads: Iterable[int]) -> dict[int, Contents]:
    """Return who sent what in the given workloads, of what was answered."""
    wanted = sorted(set(workloads))
    if not wanted:
        return {}
    chosen = traffic.session.load("proposed_workloads", pa.table({"workload": pa.array(wanted, pa.int64())}))
    # what failed is sent again, elsewhere by a relay: that is no repeat
    sent = traffic.exchanges.filter(_.content_key.notnull() & _.answered).semi_join(chosen, "workload")
    sent = sent.group_by("workload", "content_key", "account_key").agg(sends=_.count())
    sent = sent.inner_join(traffic.session.table("account_index"), "account_key")
    table = traffic.session.fetch(
        sent.select("workload", "content_key", "account", "sends").order_by(
            "workload", "content_key", "account"
        )
    )
    content, account, sends = (table[name].to_numpy() for name in ("content_key", "account", "sends"))
    rows = rows_by(table["workload"].to_numpy())
    return {workload: Contents(content[at], account[at], sends[at]) for workload, at in rows.items()}


def contents_part(sent: Contents, members: Ints) -> dict[str, Any]:
    """Return the part of a use that rests on who sent the same content."""
    mine = among(members, sent.account)
    contents, at, senders = np.unique(sent.content[mine], return_inverse=True, return_counts=True)
    others, other_senders = np.unique(sent.content[~mine], return_counts=True)
    _both, in_mine, in_others = np.intersect1d(contents, others, assume_unique=True, return_indices=True)
    return {
        "contents": len(contents),
        "repeated": int(sent.sends[mine][senders[at] > 1].sum()),
        "collisions": int((senders * (senders - 1) // 2).sum()),
        "draws": np.unique(sent.account[mine], return_counts=True)[1],
        "outside_draws": int((~mine).sum()),
        "shared_contents": len(in_mine),
        "meetings": int((senders[in_mine] * other_senders[in_others]).sum()),
    }
