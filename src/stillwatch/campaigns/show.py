"""What a report shows of a campaign beside its numbers: when its accounts worked, and what ties them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from stillwatch.campaigns.judge import Finding
from stillwatch.campaigns.model import Tie
from stillwatch.campaigns.propose import LINKING_TRAITS, MAX_HOLDERS
from stillwatch.campaigns.traffic import Traffic

MOST_TIES = 2_000
BUCKETS = 48
UNITS = (60, 300, 900, 3600, 4 * 3600, 24 * 3600, 7 * 24 * 3600)  # seconds a bucket may have

Timeline = tuple[tuple[str, datetime, int, int], ...]


def ties(traffic: Traffic, finding: Finding) -> tuple[Tie, ...]:
    """Return what ties pairs of members, strongest first: hand-overs, artefacts, else the common window."""
    group, moved = finding.judged.group, traffic.handovers
    weight = {row.signal: row.log10_e for row in finding.judged.evidence}
    counts: dict[tuple[int, int, str], set[int]] = defaultdict(set)
    inside = np.isin(moved.giver, group.accounts) & np.isin(moved.taker, group.accounts)
    for at in np.flatnonzero(inside):
        a, b = sorted((int(moved.giver[at]), int(moved.taker[at])))
        counts[a, b, traffic.signals[moved.signal[at]]].add(int(moved.unit[at]))
    for trait in LINKING_TRAITS:
        if trait in traffic.traits:
            shown = traffic.traits[trait]
            mine = np.isin(shown.account, group.accounts)
            for value in np.unique(shown.value[mine]):
                holders = np.unique(shown.account[mine & (shown.value == value)])
                if 2 <= len(holders) <= MAX_HOLDERS:  # a star is enough to draw
                    for other in holders[1:]:
                        counts[int(holders[0]), int(other), f"shared_{trait}"].add(int(value))
    use = group.main
    if not counts and use is not None:  # nothing passed: those who started one after the other
        order = np.isin(traffic.streams["workload"].to_numpy(), [use.workload])
        account = traffic.streams["account"].to_numpy()[order]
        start = traffic.streams["start"].to_numpy()[order]
        mine = np.isin(account, group.accounts)
        line = account[mine][np.argsort(start[mine], kind="stable")]
        for a, b in pairwise(line):
            counts[min(int(a), int(b)), max(int(a), int(b)), "joint_window"].add(0)
    ids = traffic.account_ids
    found = [
        Tie(ids[a].as_py(), ids[b].as_py(), signal, len(units), weight.get(signal, 0.0) / max(len(counts), 1))
        for (a, b, signal), units in counts.items()
    ]
    return tuple(sorted(found, key=lambda tie: (-tie.events, tie.a, tie.b, tie.signal))[:MOST_TIES])


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
