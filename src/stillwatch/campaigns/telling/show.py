"""What a report shows of a campaign beside its numbers: when its accounts worked, and what ties them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import pairwise

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from stillwatch.campaigns.judging import Finding
from stillwatch.campaigns.model import Tie
from stillwatch.campaigns.proposing.propose import LINKING_TRAITS, MAX_HOLDERS
from stillwatch.campaigns.traffic import Ints, Traffic, among, rows_of
from stillwatch.evidence.group import Use

MOST_TIES = 2_000
BUCKETS = 48
UNITS = (5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600)  # seconds a bucket may have

Timeline = tuple[tuple[str, datetime, int, int], ...]


Pairs = dict[tuple[int, int, str], set[int]]  # (account, account, signal) ► what they have in common


def _passed(traffic: Traffic, members: Ints) -> Pairs:
    moved, pairs = traffic.handovers, defaultdict[tuple[int, int, str], set[int]](set)
    for at in np.flatnonzero(among(members, moved.giver) & among(members, moved.taker)):
        a, b = sorted((int(moved.giver[at]), int(moved.taker[at])))
        pairs[a, b, traffic.signals[moved.signal[at]]].add(int(moved.unit[at]))
    return pairs


def _shared(traffic: Traffic, members: Ints) -> Pairs:
    """Return the artefact values members share, as a star around the first holder of each: enough to draw."""
    pairs: Pairs = defaultdict(set)
    for trait in LINKING_TRAITS:
        if trait not in traffic.traits:
            continue
        shown = traffic.traits[trait]
        mine = rows_of(shown.account, members)
        order = mine[np.argsort(shown.value[mine], kind="stable")]
        for rows in np.split(order, np.flatnonzero(np.diff(shown.value[order])) + 1):
            if 2 <= len(rows) <= MAX_HOLDERS:
                first, *others = (int(account) for account in shown.account[rows])
                for other in others:
                    pairs[first, other, f"shared_{trait}"].add(int(shown.value[rows[0]]))
    return pairs


def _started(use: Use, holders: Ints) -> Pairs:
    """Return each member with the one that started next, where nothing passed between them."""
    line = holders[np.argsort(use.starts, kind="stable")]
    return {(min(a, b), max(a, b), "joint_window"): {0} for a, b in pairwise(map(int, line))}


def ties(traffic: Traffic, finding: Finding) -> tuple[Tie, ...]:
    """Return what ties pairs of members, strongest first: hand-overs, artefacts, else the common window."""
    group = finding.judged.group
    passed, shared = _passed(traffic, group.accounts), _shared(traffic, group.accounts)
    pairs, holders = passed | shared, _holders(traffic, shared)
    if not pairs and group.main is not None:
        pairs = _started(group.main, group.main.holding)
    weight = {row.signal: row.log10_e for row in finding.judged.evidence}
    ids, chance = traffic.account_ids, _chance(traffic)
    found = [
        Tie(
            ids[a].as_py(),
            ids[b].as_py(),
            signal,
            len(units),
            weight.get(signal, 0.0) / len(pairs),
            expected=chance(a, b, signal) if (a, b, signal) in passed else None,
            holders=holders.get((a, b, signal)),
        )
        for (a, b, signal), units in pairs.items()
    ]
    return tuple(sorted(found, key=lambda tie: (-tie.events, tie.a, tie.b, tie.signal))[:MOST_TIES])


def _chance(traffic: Traffic) -> Callable[[int, int, str], float]:
    """Return how many things of a signal pass between two accounts by chance.

    The log's own number of such things, spread over pairs of accounts in proportion to their traffic.
    """
    loads = traffic.population.loads.astype(np.float64)
    total = max(float(loads.sum()), 1.0)
    units = dict(zip(traffic.signals, traffic.units.sum(axis=1).tolist(), strict=True))

    def of_pair(a: int, b: int, signal: str) -> float:
        return float(units[signal] * 2 * loads[a] * loads[b] / total**2)

    return of_pair


def _holders(traffic: Traffic, shared: Pairs) -> dict[tuple[int, int, str], int]:
    """Return how many accounts of the log show the rarest of the values that two accounts share."""
    counted = {}
    for trait in sorted({signal for _a, _b, signal in shared}):
        values = traffic.traits[trait.removeprefix("shared_")].value
        each, times = np.unique(values, return_counts=True)
        counted[trait] = dict(zip(each.tolist(), times.tolist(), strict=True))
    return {key: min(counted[key[2]][value] for value in values) for key, values in shared.items()}


def bucket_seconds(span: float) -> int:
    """Return the width of a timeline bucket for a span in seconds, so that few buckets are needed."""
    return next((unit for unit in UNITS if span / unit <= BUCKETS), UNITS[-1])


def timelines(traffic: Traffic, findings: Sequence[Finding], attributed: ir.Table) -> list[Timeline]:
    """Return for each finding its rows (account id, bucket start, campaign exchanges, other exchanges)."""
    population, number, account, width = traffic.population, [], [], []
    for i, finding in enumerate(findings):
        members = finding.judged.group.accounts
        span = float(population.ends[members].max() - population.starts[members].min())
        number += [i] * len(members)
        account += members.tolist()
        width += [bucket_seconds(span)] * len(members)
    columns = {"finding": number, "account": account, "width": width}
    shown = traffic.session.load(
        "shown_members", pa.table({name: pa.array(values, pa.int64()) for name, values in columns.items()})
    )
    members = shown.inner_join(traffic.session.table("account_index"), "account")
    mine = traffic.exchanges.select("exchange_key", "account_key", "account_id", "time")
    marked = mine.inner_join(members, "account_key").left_join(attributed, "exchange_key")
    bucket = (marked.time.epoch_seconds() // marked.width).cast("int64") * marked.width
    own = (marked.campaign == marked.finding).fill_null(False)
    rows = marked.group_by("finding", "account_id", bucket=bucket).agg(campaign=own.sum(), other=(~own).sum())
    table = traffic.session.fetch(rows.order_by("finding", "account_id", "bucket"))
    moments = table["bucket"].cast(pa.timestamp("s", tz="UTC")).to_pylist()
    lines: list[list[tuple[str, datetime, int, int]]] = [[] for _finding in findings]
    names = ("finding", "account_id", "campaign", "other")
    for at, (i, name, taken, other) in zip(
        moments, zip(*(table[n].to_pylist() for n in names), strict=True), strict=True
    ):
        lines[i].append((name, at, taken, other))
    return [tuple(line) for line in lines]
