"""Adoptions: which accounts moved to a model that came out within the log, and when."""

from __future__ import annotations

from datetime import datetime

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.sequences import model_names
from stillwatch.campaigns.traffic import Traffic, among, seconds
from stillwatch.evidence.adoption import BIN, BINS, Adoption, Release

Ints = NDArray[np.int64]

QUIET = 0.2  # of the log, from its start, in which nobody used a model that counts as released later
LEFT = 6 * 3600.0  # seconds of log that must follow a release
ADOPTERS = 20  # accounts that used it
BEFORE = 3  # exchanges of an account before the release: fewer do not show what it used
MOST = 4  # releases that are looked at: those with the most adopters


def releases_of(traffic: Traffic) -> tuple[Release, ...]:
    """Return the models released within the log, the one with the most adopters first."""
    everybody = traffic.population
    if not everybody.size:
        return ()
    begin, end = float(everybody.starts.min()), float(everybody.ends.max())
    used = traffic.exchanges.filter(_.model.notnull()).group_by("model")
    found = traffic.session.fetch(used.agg(first=_.time.min(), accounts=_.account_key.nunique()))
    first, adopters = seconds(found["first"]), found["accounts"].to_numpy()
    late = (first >= begin + QUIET * (end - begin)) & (first <= end - LEFT) & (adopters >= ADOPTERS)
    names, moments = found["model"].to_pylist(), found["first"].to_pylist()
    chosen = sorted(np.flatnonzero(late), key=lambda i: (-adopters[i], names[i]))[:MOST]
    codes = model_names(traffic) if chosen else []
    return tuple(_release(traffic, names[i], moments[i], float(first[i]), codes) for i in chosen)


def _release(traffic: Traffic, name: str, moment: datetime, time: float, codes: list[str]) -> Release:
    came, size = ibis.literal(moment, traffic.exchanges.time.type()), traffic.size
    rows = traffic.exchanges.inner_join(traffic.session.table("account_index"), "account_key")
    counted = rows.group_by("account", "model").agg(before=(_.time < came).sum(), first=_.time.min())
    table = traffic.session.fetch(counted.order_by("account", "model"))
    account, before = table["account"].to_numpy(), table["before"].to_numpy()
    code = np.asarray(pc.fill_null(pc.index_in(table["model"].combine_chunks(), pa.array(codes)), -1))
    moved = np.full(size, np.inf)
    new = code == codes.index(name)
    moved[account[new]] = seconds(table["first"])[new]
    main = np.full(size, -1, dtype=np.int64)
    order = np.lexsort((-code, before))  # the most used last; of several, the first by name
    main[account[order]] = code[order]
    counts = _counts(traffic, rows, time)
    worked = np.bincount(account, before, size) >= BEFORE
    kept = np.flatnonzero(worked & (counts.sum(axis=1) >= 1))
    return Release(name, time, kept, moved[kept], main[kept], traffic.halves[kept], counts[kept])


def _counts(traffic: Traffic, rows: ir.Table, time: float) -> Ints:
    """Return the exchanges of each account in each bin since a release, shape (accounts, BINS)."""
    at = ((_.time.epoch_seconds().cast("int64") - int(time)) / BIN).floor().cast("int64")
    rows = rows.mutate(at=at).filter((_.at >= 0) & (_.at < BINS))
    table = traffic.session.fetch(rows.group_by("account", "at").agg(n=_.count()).order_by("account", "at"))
    counts = np.zeros((traffic.size, BINS), dtype=np.int64)
    counts[table["account"].to_numpy(), table["at"].to_numpy()] = table["n"].to_numpy()
    return counts


def adoption_part(releases: tuple[Release, ...], members: Ints, workers: Ints) -> tuple[Adoption, ...]:
    """Return how a group met the releases; `workers`, sorted, are all accounts that do its main work."""
    found = []
    for release in releases:
        mine = among(members, release.account)
        beside = among(workers, release.account) & ~mine
        found.append(Adoption(release, np.flatnonzero(mine), np.flatnonzero(beside)))
    return tuple(found)
