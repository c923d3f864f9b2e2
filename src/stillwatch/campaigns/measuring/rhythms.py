"""Rhythms: at which hours of the day each account was at a workload."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Traffic, among, rows_by
from stillwatch.evidence.lifecycle import Rhythm

Ints = NDArray[np.int64]

HOURS = 24
# workload -> (accounts, their hours of shape (accounts, 24), their days); accounts ascend
Hours = dict[int, tuple[Ints, Ints, Ints]]


def hours_of(traffic: Traffic, workloads: Iterable[int]) -> Hours:
    """Return for each of the workloads in how many hours each account was at it, by hour of the day."""
    wanted = sorted(set(workloads))
    if not wanted:
        return {}
    chosen = traffic.session.load("workloads_by_hour", pa.table({"workload": pa.array(wanted, pa.int64())}))
    at = traffic.exchanges.semi_join(chosen, "workload")
    at = at.mutate(day=_.time.epoch_seconds() // 86_400, hour=_.time.epoch_seconds() % 86_400 // 3_600)
    slots = at.group_by("workload", "account_key", "hour").agg(slots=_.day.nunique())
    days = at.group_by("workload", "account_key").agg(days=_.day.nunique())
    slots = slots.inner_join(days, ["workload", "account_key"])
    slots = slots.inner_join(traffic.session.table("account_index"), "account_key")
    table = traffic.session.fetch(
        slots.select("workload", "account", "hour", "slots", "days").order_by("workload", "account", "hour")
    )
    account, hour, count, known = (
        table[name].to_numpy().astype(np.int64) for name in ("account", "hour", "slots", "days")
    )
    found: Hours = {}
    for workload, rows in rows_by(table["workload"].to_numpy()).items():
        who, first, place = np.unique(account[rows], return_index=True, return_inverse=True)
        hours = np.zeros((len(who), HOURS), dtype=np.int64)
        hours[place, hour[rows]] = count[rows]
        found[workload] = (who, hours, known[rows][first])
    return found


def rhythm_of(hours: Hours, workload: int, members: Ints) -> Rhythm | None:
    """Return the members' hours at a workload, or None if nobody looked at it."""
    if workload not in hours:
        return None
    who, counts, days = hours[workload]
    mine = among(members, who)
    return Rhythm(counts[mine], days[mine])
