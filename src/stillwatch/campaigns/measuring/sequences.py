"""Sequences: what the accounts of proposals sent in a workload, in the order of time, bounded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Traffic, among, rows_by, seconds
from stillwatch.evidence.sequence import NO_CONTENT, Sequence

Ints = NDArray[np.int64]

MOST = 10_000  # exchanges of a workload that are fetched
SPELL = 6 * 3600  # seconds: a spell is fetched whole, or not at all


@dataclass(frozen=True, eq=False)
class Sent:
    """What accounts sent in one workload; `whose` holds the accounts themselves, not positions in a group."""

    whose: Ints
    sequence: Sequence


def model_names(traffic: Traffic) -> list[str]:
    """Return the models of the log in the order of their names: a model's code is its place here."""
    known = traffic.session.fetch(traffic.exchanges.filter(_.model.notnull()).select("model").distinct())
    return sorted(known["model"].to_pylist())


def spells_kept(counts: Ints, most: int = MOST) -> NDArray[np.bool_]:
    """Return which spells to fetch: all, or evenly spread ones that hold about `most` exchanges together.

    `counts` holds the exchanges of each spell, in the order of time, shape (s,). One at least is kept.
    """
    step = max(1, -(-int(counts.sum()) // most))
    kept = np.zeros(len(counts), dtype=bool)
    kept[::step] = True
    kept[kept] = np.cumsum(counts[kept]) <= most
    kept[:1] |= not kept.any()
    return kept


def sequences_of(traffic: Traffic, wanted: Mapping[int, Iterable[Ints]]) -> dict[int, Sent]:
    """Return what accounts sent in each workload; `wanted` maps a workload to the members of its proposals.

    Of a workload, at most MOST exchanges come back, in whole spells.
    """
    accounts = {w: np.unique(np.concatenate(list(groups))) for w, groups in sorted(wanted.items())}
    if not accounts:
        return {}
    rows = _kept(traffic, _sent(traffic, accounts))
    number = ibis.row_number().over(group_by="workload", order_by=["time", "account", "exchange_key"])
    rows = rows.mutate(number=number).filter(_.number < MOST)
    table = traffic.session.fetch(
        rows.order_by("workload", "time", "account", "exchange_key").select(
            "workload", "time", "account", "content_key", "model", "failed", "opening"
        )
    )
    names = pa.array(model_names(traffic), pa.string())
    model = pc.fill_null(pc.index_in(table["model"].combine_chunks(), names), -1)
    account = table["account"].to_numpy()
    whole = Sequence(
        time=seconds(table["time"]),
        member=account,
        content=pc.fill_null(table["content_key"], NO_CONTENT).to_numpy(),
        model=np.asarray(model).astype(np.int64),
        failed=table["failed"].to_numpy(),
        opening=table["opening"].to_numpy(),
    )
    places = rows_by(table["workload"].to_numpy())
    return {workload: Sent(account[at], whole.take(at)) for workload, at in places.items()}


def _sent(traffic: Traffic, accounts: Mapping[int, Ints]) -> ir.Table:
    pairs = pa.table(
        {
            "workload": pa.array(np.repeat(list(accounts), [len(a) for a in accounts.values()]), pa.int64()),
            "account": pa.array(np.concatenate(list(accounts.values())), pa.int64()),
        }
    )
    chosen = traffic.session.load("sequence_pairs", pairs)
    rows = traffic.exchanges.inner_join(traffic.session.table("account_index"), "account_key")
    rows = rows.select(
        "workload", "account", "time", "exchange_key", "content_key", "model", "failed", "opening"
    )
    return rows.semi_join(chosen, ["workload", "account"]).mutate(
        spell=(_.time.epoch_seconds().cast("int64") // SPELL).cast("int64")
    )


def _kept(traffic: Traffic, rows: ir.Table) -> ir.Table:
    counted = traffic.session.fetch(
        rows.group_by("workload", "spell").agg(n=_.count()).order_by("workload", "spell")
    )
    counts = counted["n"].to_numpy()
    kept = np.zeros(len(counts), dtype=bool)
    for at in rows_by(counted["workload"].to_numpy()).values():
        kept[at] = spells_kept(counts[at])
    chosen = traffic.session.load(
        "sequence_spells", counted.select(["workload", "spell"]).filter(pa.array(kept))
    )
    return rows.semi_join(chosen, ["workload", "spell"])


def sequence_part(sent: Sent | None, members: Ints) -> Sequence | None:
    """Return the members' part of a workload's sequence, with positions in `members`, which is sorted."""
    if sent is None:
        return None
    mine = np.flatnonzero(among(members, sent.whose))
    part = sent.sequence.take(mine)
    positions = np.searchsorted(members, sent.whose[mine]).astype(np.int64)
    return Sequence(part.time, positions, part.content, part.model, part.failed, part.opening)
