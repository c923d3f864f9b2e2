"""The scan's traffic as the campaign stage sees it: accounts, streams, hand-overs and traits in arrays.

Everything of the size of the exchanges stays in the engine; what is fetched here is of the size of the
accounts and their streams. Accounts are numbered in the order of their ids, so that row order never matters.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _
from numpy.typing import NDArray

from stillwatch.engines import Session
from stillwatch.evidence.group import MIN_WORK, Population
from stillwatch.evidence.sequence import Pace
from stillwatch.workloads import label_exchanges, sum_accounts, sum_streams

logger = logging.getLogger(__name__)

Ints = NDArray[np.int64]
Find = Callable[[ir.Table], ir.Table]

MISSING = -1  # code of an absent trait value

# trait -> column of the sketches that shows it; several values an account are possible
SHOWN_TRAITS = {
    "device": "device_key",
    "connection": "conn_key",
    "address": "ip_key",
    "network": "prefix_key",
    "client": "client_key",
}
# trait -> column of the accounts table; one value an account
DECLARED_TRAITS = {
    "payment": "payment_fp",
    "organisation": "org_id",
    "email_domain": "email_domain",
    "email": "email_fp",
    "phone": "phone_fp",
    "signup_ip": "signup_ip",
}
COMMON_DOMAIN = 0.02  # of accounts: beyond it an e-mail domain is a public mail service, not an own one


@dataclass(frozen=True)
class Incidence:
    """Which account shows which value of a trait: parallel arrays, sorted, without repeats."""

    account: Ints
    value: Ints
    uses: Ints


@dataclass(frozen=True)
class Handover:
    """One thing that passed: `signal` indexes the names given, `half` is 0 or 1 by a hash of the unit."""

    signal: Ints
    unit: Ints
    giver: Ints
    taker: Ints
    half: Ints


@dataclass(frozen=True)
class Traffic:
    session: Session
    exchanges: ir.Table  # sketches with their workload
    account_ids: pa.Array  # sorted
    population: Population
    streams: pa.Table  # one row a stream, `account` and epoch seconds `start`, `end` added; sorted
    handovers: Handover
    signals: tuple[str, ...]
    traits: Mapping[str, Incidence]
    accounts: pa.Table | None  # the accounts table, aligned with account_ids (nulls where unknown)
    halves: Ints  # 0 or 1 per account, by its keyed hash

    @property
    def size(self) -> int:
        return len(self.account_ids)

    @cached_property
    def units(self) -> Ints:
        """Return how many things passed in the whole log, by signal and half; shape (signals, 2)."""
        moved = self.handovers
        each = np.unique(np.stack([moved.signal, moved.half, moved.unit]), axis=1)
        counts = np.bincount(2 * each[0] + each[1], minlength=2 * len(self.signals))
        return np.asarray(counts.reshape(len(self.signals), 2))


def among(members: Ints, accounts: Ints) -> NDArray[np.bool_]:
    """Return which of `accounts`, in any order, are members; `members` is sorted."""
    if not len(members):
        return np.zeros(len(accounts), dtype=bool)
    at = np.minimum(np.searchsorted(members, accounts), len(members) - 1)
    return np.asarray(members[at] == accounts)


def rows_of(accounts: Ints, members: Ints) -> Ints:
    """Return the rows of `accounts`, which is sorted, that belong to members, without looking at the others."""
    starts, ends = np.searchsorted(accounts, members), np.searchsorted(accounts, members, side="right")
    counts = ends - starts
    offsets = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.asarray(np.repeat(starts, counts) + offsets)


def rows_by(values: Ints) -> dict[int, Ints]:
    """Return the rows of each value."""
    order = np.argsort(values, kind="stable")
    edges = np.flatnonzero(np.diff(values[order])) + 1
    return {int(values[rows[0]]): rows for rows in np.split(order, edges) if len(rows)}


def seconds(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """Return instants as seconds since the epoch."""
    return np.asarray(column.cast(pa.int64()).to_numpy().astype(np.float64) / 1e6)


def _fold(values: Ints) -> Ints:
    """Return 0 or 1 per key, mixing all its bits (the keys are keyed hashes)."""
    mixed = (values.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(63)
    return np.asarray(mixed).astype(np.int64)


def pace_of(session: Session, exchanges: ir.Table) -> Pace:
    """Return how many exchanges each minute of the log holds."""
    minutes = exchanges.group_by(minute=(_.time.epoch_seconds().cast("int64") // 60).cast("int64"))
    table = session.fetch(minutes.agg(n=_.count()).order_by("minute"))
    return Pace(table["minute"].to_numpy(), table["n"].to_numpy())


def _handovers(
    session: Session, exchanges: ir.Table, finders: Mapping[str, Find], index: ir.Table
) -> Handover:
    parts = [
        find(exchanges).mutate(signal=ibis.literal(code, "int64"))
        for code, find in enumerate(finders.values())
    ]
    moved = ibis.union(*parts)
    moved = moved.inner_join(index.rename(giver="account_key", a="account"), "giver")
    moved = moved.inner_join(index.rename(taker="account_key", b="account"), "taker")
    passed = session.save("handovers", moved.select("signal", "unit", "a", "b", "exchange_key"))
    table = session.fetch(passed.drop("exchange_key").distinct().order_by("signal", "unit", "a", "b"))
    unit = table["unit"].to_numpy()
    return Handover(
        table["signal"].to_numpy(), unit, table["a"].to_numpy(), table["b"].to_numpy(), _fold(unit)
    )


def _shown(session: Session, exchanges: ir.Table, index: ir.Table, column: str) -> Incidence:
    seen = exchanges.filter(_[column].notnull()).group_by("account_key", value=_[column]).agg(uses=_.count())
    joined = seen.inner_join(index, "account_key").select("account", "value", "uses")
    table = session.fetch(joined.order_by("account", "value"))
    return Incidence(*(table[name].to_numpy() for name in ("account", "value", "uses")))


def _declared(column: pa.ChunkedArray) -> Incidence:
    codes = column.combine_chunks().dictionary_encode()
    values = codes.dictionary.to_pylist()
    rank = np.empty(len(values), dtype=np.int64)
    rank[sorted(range(len(values)), key=values.__getitem__)] = np.arange(len(values))
    indices = codes.indices.fill_null(MISSING).to_numpy(zero_copy_only=False).astype(np.int64)
    known = np.flatnonzero(indices != MISSING)
    return Incidence(known, rank[indices[known]], np.ones(len(known), dtype=np.int64))


def align_accounts(accounts: pa.Table | None, account_ids: pa.Array, seen: pa.Table) -> pa.Table | None:
    """Return the accounts table in the order of `account_ids`; the log's own org_id fills what it lacks."""
    if accounts is None:
        return None
    at = pc.index_in(account_ids, accounts["account_id"].combine_chunks())
    known = len(at) - at.null_count
    if known < len(at) / 2:
        logger.warning(
            "accounts table: it holds %s of the %s accounts in the log; check that both use the same account_id",
            f"{known:,}",
            f"{len(at):,}",
        )
    aligned = accounts.take(at)
    org = pc.coalesce(aligned["org_id"], seen["org_id"])
    return aligned.set_column(aligned.schema.get_field_index("org_id"), "org_id", org)


def main_shares(streams: pa.Table, loads: Ints) -> NDArray[np.float64]:
    """Return the share of the main workload, for accounts with at least 20 exchanges."""
    account, exchanges = streams["account"].to_numpy(), streams["exchanges"].to_numpy()
    largest = np.zeros(len(loads), dtype=np.int64)
    np.maximum.at(largest, account, exchanges)
    busy = loads >= 20
    return np.asarray(largest[busy] / loads[busy], dtype=np.float64)


def _population(
    seen: pa.Table, streams: pa.Table, has_accounts_table: bool, present: frozenset[str], pace: Pace
) -> Population:
    loads = seen["exchanges"].to_numpy()
    worked = streams["exchanges"].to_numpy() >= MIN_WORK
    return Population(
        loads=loads,
        starts=seconds(seen["first"]),
        ends=seconds(seen["last"]),
        work_starts=streams["start"].to_numpy()[worked],
        work_ends=streams["end"].to_numpy()[worked],
        has_accounts_table=has_accounts_table,
        present=present,
        main_shares=main_shares(streams, loads),
        pace=pace,
    )


def gather(
    session: Session,
    sketches: ir.Table,
    assigned: ir.Table,
    accounts: pa.Table | None,
    finders: Mapping[str, Find],
    present: frozenset[str],
) -> Traffic:
    """Return the traffic of a scan, from sketches with workloads assigned and an optional accounts table."""
    exchanges = label_exchanges(session, sketches, assigned)
    seen = session.fetch(sum_accounts(session, exchanges).order_by("account_id"))
    account_ids = seen["account_id"].combine_chunks()
    numbers = pa.table({"account_key": seen["account_key"], "account": pa.array(np.arange(len(seen)))})
    index = session.load("account_index", numbers)
    streams = session.fetch(
        sum_streams(session, exchanges).inner_join(index, "account_key").order_by("account", "workload")
    )
    streams = streams.append_column("start", pa.array(seconds(streams["first"])))
    streams = streams.append_column("end", pa.array(seconds(streams["last"])))
    aligned = align_accounts(accounts, account_ids, seen)
    traits = {name: _shown(session, exchanges, index, column) for name, column in SHOWN_TRAITS.items()}
    source = aligned if aligned is not None else seen
    for name, column in DECLARED_TRAITS.items():
        if column in source.column_names:
            traits[name] = _declared(source[column])
    return Traffic(
        session=session,
        exchanges=exchanges,
        account_ids=account_ids,
        population=_population(seen, streams, aligned is not None, present, pace_of(session, exchanges)),
        streams=streams,
        handovers=_handovers(session, exchanges, finders, index),
        signals=tuple(finders),
        traits=traits,
        accounts=aligned,
        halves=_fold(seen["account_key"].to_numpy()),
    )
