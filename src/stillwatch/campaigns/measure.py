"""Measuring: from a proposal to the group that signals weigh. Counting only; no judgement here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.propose import Proposal, link_clusters
from stillwatch.campaigns.traffic import COMMON_DOMAIN, MISSING, Incidence, Traffic, among, rows_of
from stillwatch.evidence.group import Group, Handovers, Trait, Use
from stillwatch.intents import CAPABILITIES
from stillwatch.workloads import CELLS, asks, given, has_user_form

Ints = NDArray[np.int64]

USED_BY = 0.3  # of the members at least, for a workload to be the group's
MIN_USERS = 3
MIN_EXCHANGES = 20
CHANCE_FLOOR = 0.05  # hand-overs per half: honest accounts with a lasting relation pass things now and then
COVERED = 0.8  # of the members at least, by the cluster that hand-overs are counted in
SUMS = (
    "exchanges", "answered", "openings", "long_answers", "generated", "short_prompts", "refused",
    "tool_answers", "with_tools", "many_samples", "outputs", "skeletons", "classified",
)  # fmt: skip
MOMENTS = ("log_user", "log_user_squared")


@dataclass(frozen=True)
class Contents:
    """Who sent what in one workload, of what was answered: parallel arrays, one entry a content and account."""

    content: Ints
    account: Ints
    sends: Ints


NOTHING_SENT = Contents(*(np.zeros(0, dtype=np.int64) for _field in range(3)))


@dataclass(frozen=True)
class TraitValues:
    """One value of a trait for each account (a code, or MISSING), and the number of accounts by code."""

    of_account: Ints
    holders: Ints


@dataclass(frozen=True)
class Bench:
    """What measuring needs beside the traffic, computed once for all proposals."""

    traffic: Traffic
    columns: Mapping[str, NDArray[Any]]
    by_workload: Mapping[int, Ints]  # workload -> rows of its streams
    traits: Mapping[str, TraitValues]
    contents: Mapping[int, Contents]
    half_clusters: tuple[Ints, Ints]  # labels from the hand-overs of half 0 and of half 1
    declared_use: list[str | None]
    permitted: NDArray[np.bool_]
    suspended: NDArray[np.bool_]


def _rows_by(values: Ints) -> dict[int, Ints]:
    order = np.argsort(values, kind="stable")
    edges = np.flatnonzero(np.diff(values[order])) + 1
    return {int(values[rows[0]]): rows for rows in np.split(order, edges) if len(rows)}


def _contents(traffic: Traffic, workloads: Iterable[int]) -> dict[int, Contents]:
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
    rows = _rows_by(table["workload"].to_numpy())
    return {workload: Contents(content[at], account[at], sends[at]) for workload, at in rows.items()}


def _flags(column: pa.ChunkedArray | None, size: int) -> NDArray[np.bool_]:
    if column is None:
        return np.zeros(size, dtype=bool)
    return np.array([bool(value) for value in column.to_pylist()])


def set_up(traffic: Traffic, proposals: list[Proposal]) -> Bench:
    """Return the bench on which the given proposals can be measured."""
    streams, accounts = traffic.streams, traffic.accounts
    asked = [count(label.slug) for count in (asks, given) for label in CAPABILITIES]
    columns = {
        name: streams[name].to_numpy() for name in (*SUMS, *asked, *MOMENTS, "contents", "start", "end")
    }
    columns["account"], columns["workload"] = streams["account"].to_numpy(), streams["workload"].to_numpy()
    by_workload = _rows_by(columns["workload"])
    wanted = {p.workload for p in proposals if p.workload is not None}
    for proposal in proposals:
        if proposal.workload is None:
            wanted |= {workload for workload, _users in _weighty(columns, proposal.accounts)}
    status = accounts["status"].to_pylist() if accounts is not None else [None] * traffic.size
    return Bench(
        traffic=traffic,
        columns=columns,
        by_workload=by_workload,
        traits={name: _main_values(shown, traffic.size) for name, shown in traffic.traits.items()},
        contents=_contents(traffic, wanted),
        half_clusters=(link_clusters(traffic, 0), link_clusters(traffic, 1)),
        declared_use=accounts["declared_use"].to_pylist() if accounts is not None else [None] * traffic.size,
        permitted=_flags(accounts["distillation_permitted"] if accounts is not None else None, traffic.size),
        suspended=np.array([value == "suspended" for value in status], dtype=bool),
    )


def _weighty(columns: Mapping[str, NDArray[Any]], members: Ints) -> list[tuple[int, int]]:
    """Return (workload, members using it) for the request forms that are the group's, heaviest first."""
    mine = rows_of(columns["account"], members)
    mine = mine[columns["workload"][mine] < CELLS]
    found = []
    for workload, rows in _rows_by(columns["workload"][mine]).items():
        exchanges = int(columns["exchanges"][mine[rows]].sum())
        if len(rows) >= max(MIN_USERS, USED_BY * len(members)) and exchanges >= MIN_EXCHANGES:
            found.append((exchanges, workload, len(rows)))
    return [(workload, users) for _exchanges, workload, users in sorted(found, key=lambda f: (-f[0], f[1]))]


def _spread(total: float, squares: float, n: int) -> float:
    """Return the standard deviation of n numbers from their sum and their sum of squares."""
    mean = total / max(n, 1)
    return float(np.sqrt(max(squares / max(n, 1) - mean * mean, 0.0)))


def _contents_part(sent: Contents, members: Ints) -> dict[str, Any]:
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


def _by_label(
    column: Mapping[str, NDArray[Any]], inside: NDArray[np.bool_], name: Callable[[str], str]
) -> dict[str, int]:
    counts = {label.slug: int(column[name(label.slug)][inside].sum()) for label in CAPABILITIES}
    return {slug: count for slug, count in counts.items() if count}


def measure_use(bench: Bench, members: Ints, workload: int) -> Use:
    """Return the group's part of a workload and what the others did with it."""
    rows = bench.by_workload[workload]
    account = bench.columns["account"][rows].astype(np.int64)
    inside = among(members, account)
    column = {name: values[rows] for name, values in bench.columns.items()}
    sums: dict[str, Any] = {name: int(column[name][inside].sum()) for name in SUMS}
    asked, given_to = (_by_label(column, inside, count) for count in (asks, given))
    log_user, squared = (float(column[name][inside].sum()) for name in MOMENTS)
    halves, loads = bench.traffic.halves[account], column["exchanges"].astype(np.int64)
    return Use(
        workload=workload,
        templated=workload < CELLS,
        holders=int(inside.sum()),
        user_form=has_user_form(workload),
        user_spread=_spread(log_user, squared, sums["exchanges"]),
        asked=asked,
        given=given_to,
        holding=account[inside],
        loads=loads[inside],
        starts=column["start"][inside],
        ends=column["end"][inside],
        halves=halves[inside],
        outside_loads=loads[~inside],
        outside_starts=column["start"][~inside],
        outside_ends=column["end"][~inside],
        outside_halves=halves[~inside],
        **sums,
        **_contents_part(bench.contents.get(workload, NOTHING_SENT), members),
    )


def _handovers(bench: Bench, members: Ints) -> dict[str, Handovers]:
    moved, loads = bench.traffic.handovers, bench.traffic.population.loads
    total = max(int(loads.sum()), 1)
    formed = []
    for labels in bench.half_clusters:  # the cluster of each half that covers most of the members
        values, counts = np.unique(labels[members], return_counts=True)
        formed.append(np.flatnonzero(labels == values[counts.argmax()]))
    within = among(members, moved.giver) & among(members, moved.taker)
    found = {}
    for code, name in enumerate(bench.traffic.signals):
        mine = moved.signal == code
        units = len(np.unique(moved.unit[mine & within]))
        if not units:
            continue
        tested, expected = [], []
        for half in (0, 1):
            cluster = np.intersect1d(formed[1 - half], members)
            if len(cluster) < COVERED * len(members):  # it speaks for a part of the group only
                cluster = cluster[:0]
            of_half = mine & (moved.half == half)
            inside = of_half & among(cluster, moved.giver) & among(cluster, moved.taker)
            tested.append(len(np.unique(moved.unit[inside])) if len(cluster) > 1 else 0)
            share = float(loads[cluster].sum()) / total
            expected.append(max(CHANCE_FLOOR, len(np.unique(moved.unit[of_half])) * share**2))
        found[name] = Handovers(units, (tested[0], tested[1]), (expected[0], expected[1]))
    return found


def _main_values(incidence: Incidence, population: int) -> TraitValues:
    """Return each account's most used value of a trait as a code, and how many accounts have each code."""
    order = np.lexsort((-incidence.value, incidence.uses, incidence.account))
    values, codes = np.unique(incidence.value, return_inverse=True)
    of_account = np.full(population, MISSING, dtype=np.int64)
    of_account[incidence.account[order]] = codes[order]  # the last written is the most used
    return TraitValues(of_account, np.bincount(of_account[of_account >= 0], minlength=len(values)))


def measure_trait(traits: TraitValues, members: Ints, *, domain: bool) -> Trait:
    """Return how a trait is spread. An account with several values counts with its most used one."""
    shown = traits.of_account[members]
    codes, counts = np.unique(shown[shown >= 0], return_counts=True)
    outside_known = int(traits.holders.sum()) - int(counts.sum())
    values = int((traits.holders > 0).sum())
    if not len(codes):
        return Trait(0, 0, 0, outside_known, 0, values)
    top = int(counts.argmax())
    outside_top = int(traits.holders[codes[top]]) - int(counts[top])
    return Trait(
        known=int(counts.sum()),
        distinct=len(codes),
        top=int(counts[top]),
        outside_known=outside_known,
        outside_top=outside_top,
        values=values,
        common=domain and outside_top > COMMON_DOMAIN * len(traits.of_account),
    )


def measure(bench: Bench, proposal: Proposal) -> Group:
    """Return the group of a proposal, measured."""
    traffic, members = bench.traffic, proposal.accounts
    if proposal.workload is not None:
        workloads = [proposal.workload]
    else:
        workloads = [workload for workload, _users in _weighty(bench.columns, members)]
    declared: dict[str, int] = {}
    for account in members:
        use = bench.declared_use[account]
        if use:
            declared[use] = declared.get(use, 0) + 1
    return Group(
        accounts=members,
        origin=proposal.origin,
        source=proposal.source,
        picked_by_start=proposal.picked_by_start,
        uses=tuple(measure_use(bench, members, workload) for workload in workloads),
        handovers=_handovers(bench, members) if len(members) > 1 else {},
        traits={
            name: measure_trait(values, members, domain=name == "email_domain")
            for name, values in bench.traits.items()
        },
        exchanges=int(traffic.population.loads[members].sum()),
        workloads=max(len(workloads), 1),
        declared=declared,
        permitted=int(bench.permitted[members].sum()),
        suspended=int(bench.suspended[members].sum()),
    )
