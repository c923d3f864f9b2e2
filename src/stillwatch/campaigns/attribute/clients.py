"""Sub-populations inside an account: work that others do too is told apart by the client that sent it.

An operator's own template is nobody else's. A public tool's template is sent by an account's customers as well, each
with a client of their own, while a harvest is sent by one program through all the accounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from ibis import _

from stillwatch.campaigns.traffic import Traffic

OWN = 0.05  # of the exchanges in private work, at least, for a print to be the operator's
COVERED = (
    0.8  # of the private exchanges, at least, by such prints: else the client is hidden and tells nothing
)
THROUGHOUT = 0.5  # of the accounts that do the work, at least, show the operator's print
UNKNOWN = 0  # stands for a missing print

Prints = Mapping[int, frozenset[int]]


def own_prints(rows: Sequence[Mapping[str, Any]], private: frozenset[tuple[int, int]]) -> Prints:
    """Return the prints of each campaign's program, by campaign; a campaign whose client tells nothing is left out.

    `rows` hold campaign, workload, print, exchanges, accounts and doing (the accounts that do the work); `private` the
    (campaign, workload) that only the campaign does. Prints are learned there; where all work is public, they are
    the ones that half of the accounts show.
    """
    by_campaign = defaultdict[int, list[Mapping[str, Any]]](list)
    for row in rows:
        by_campaign[row["campaign"]].append(row)
    found = {}
    for campaign, mine in by_campaign.items():
        inside = [row for row in mine if (campaign, row["workload"]) in private]
        prints = _learned(inside) if inside else _spread(mine)
        if prints:
            found[campaign] = prints
    return found


def _learned(rows: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    counts = defaultdict[int, int](int)
    for row in rows:
        counts[row["print"]] += row["exchanges"]
    total = sum(counts.values())
    kept = {shown: n for shown, n in counts.items() if n >= OWN * total}
    return frozenset(kept) if sum(kept.values()) >= COVERED * total else frozenset()


def _spread(rows: Sequence[Mapping[str, Any]]) -> frozenset[int]:
    return frozenset(row["print"] for row in rows if row["accounts"] >= THROUGHOUT * row["doing"])


def by_client(traffic: Traffic, claimed: ir.Table, private: frozenset[tuple[int, int]]) -> ir.Table:
    """Return the claimed exchanges, less those in public work that another client sent.

    `claimed` has exchange_key, campaign, rank, workload, account_key and client_key, one row an exchange and claim.
    """
    shown = claimed.mutate(print=_.client_key.fill_null(UNKNOWN))
    doing = shown.group_by("campaign", "workload").agg(doing=_.account_key.nunique())
    counts = shown.group_by("campaign", "workload", "print").agg(
        exchanges=_.count(), accounts=_.account_key.nunique()
    )
    rows = traffic.session.fetch(counts.inner_join(doing, ["campaign", "workload"])).to_pylist()
    prints = own_prints(rows, private)
    others = [
        (row["campaign"], row["workload"], row["print"])
        for row in rows
        if row["campaign"] in prints
        and (row["campaign"], row["workload"]) not in private
        and row["print"] not in prints[row["campaign"]]
    ]
    names = ("campaign", "workload", "print")
    columns = list(zip(*sorted(others), strict=True)) or [(), (), ()]
    table = pa.table({n: pa.array(column, pa.int64()) for n, column in zip(names, columns, strict=True)})
    return shown.anti_join(traffic.session.load("other_clients", table), list(names))
