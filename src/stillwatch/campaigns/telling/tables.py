"""The tables of a scan's result: workloads, attributed exchanges, accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.model import Campaign, Member
from stillwatch.campaigns.traffic import Traffic
from stillwatch.intents import CAPABILITIES
from stillwatch.workloads import CELLS, asks, capability, is_public
from stillwatch.workloads.streams import exact_sum

ACCOUNTS = pa.schema(
    [
        ("account_id", pa.string()),
        ("verdict", pa.string()),
        ("campaign_id", pa.string()),
        ("exchanges", pa.int64()),
        ("campaign_exchanges", pa.int64()),
        ("share_lower", pa.float64()),
        ("log10_e", pa.float64()),
    ]
)


def workload_id(workload: int) -> str:
    """Return the name of a workload: templates `W…`, shape cells `S…`."""
    return f"S{workload - CELLS:x}" if workload >= CELLS else f"W{workload:x}"


def workload_table(traffic: Traffic, accused: NDArray[np.int64]) -> pa.Table:
    """Return one row a workload; it is public where enough accounts outside all findings use it."""
    streams = traffic.session.load("streams_in_order", traffic.streams)
    members = traffic.session.load("accused", pa.table({"account": pa.array(accused, pa.int64())}))
    outside = streams.anti_join(members, "account").group_by("workload").agg(others=_.count())
    table = streams.group_by("workload").agg(
        exchanges=_.exchanges.sum(),
        accounts=_.count(),
        first_seen=_["first"].min(),
        last_seen=_["last"].max(),
        with_tools=_.with_tools.sum(),
        classified=_.classified.sum(),
        **{asks(label.slug): _[asks(label.slug)].sum() for label in CAPABILITIES},
        code_share=exact_sum(_.code_share * _.exchanges) / _.exchanges.sum(),
        templated=_.templated.any(),
    )
    table = table.left_join(outside, "workload").drop("workload_right").order_by("workload")
    rows = traffic.session.fetch(table.mutate(others=_.others.fill_null(0)))
    public = [
        templated and is_public(others, traffic.size)
        for templated, others in zip(rows["templated"].to_pylist(), rows["others"].to_pylist(), strict=True)
    ]
    return pa.table(
        {
            "workload": rows["workload"],
            "workload_id": [workload_id(workload) for workload in rows["workload"].to_pylist()],
            "exchanges": rows["exchanges"],
            "accounts": rows["accounts"],
            "first_seen": rows["first_seen"],
            "last_seen": rows["last_seen"],
            "capability": _capabilities(rows),
            "public": pa.array(public, pa.bool_()),
        }
    )


def _capabilities(rows: pa.Table) -> list[str]:
    asked = {label.slug: rows[asks(label.slug)].to_pylist() for label in CAPABILITIES}
    numbers = [rows[name].to_pylist() for name in ("exchanges", "classified", "with_tools", "code_share")]
    return [
        capability(n, classified, {slug: counts[at] for slug, counts in asked.items()}, tools, code or 0.0)
        for at, (n, classified, tools, code) in enumerate(zip(*numbers, strict=True))
    ]


def exchange_table(
    traffic: Traffic, attributed: ir.Table, names: Sequence[str], workloads: pa.Table
) -> pa.Table:
    """Return one row an attributed exchange; `names` are the campaign ids by the finding's number."""
    session = traffic.session
    numbers = pa.table(
        {"campaign": pa.array(range(len(names)), pa.int64()), "campaign_id": pa.array(names, pa.string())}
    )
    named = attributed.inner_join(session.load("campaign_names", numbers), "campaign")
    known = session.load("workload_names", workloads.select(["workload", "workload_id", "capability"]))
    rows = traffic.exchanges.inner_join(named, "exchange_key").inner_join(known, "workload")
    return session.fetch(
        rows.select("exchange_id", "account_id", "campaign_id", "workload_id", "capability").order_by(
            "exchange_id"
        )
    )


def account_table(
    traffic: Traffic, campaigns: Sequence[Campaign], members: Sequence[Sequence[tuple[int, Member]]]
) -> pa.Table:
    """Return one row an account seen; an account in several campaigns has one for each."""
    rows = [
        {"verdict": campaign.verdict, "campaign_id": campaign.campaign_id, **asdict(member)}
        for campaign, part in zip(campaigns, members, strict=True)
        for _account, member in part
    ]
    found = pa.Table.from_pylist(rows, schema=ACCOUNTS)
    named = {account for part in members for account, _member in part}
    others = np.setdiff1d(np.arange(traffic.size), np.array(sorted(named), dtype=np.int64))
    count = len(others)
    innocent = pa.table(
        {
            "account_id": traffic.account_ids.take(pa.array(others)),
            "verdict": pa.array(["none"] * count, pa.string()),
            "campaign_id": pa.nulls(count, pa.string()),
            "exchanges": pa.array(traffic.population.loads[others], pa.int64()),
            "campaign_exchanges": pa.array(np.zeros(count, np.int64)),
            "share_lower": pa.array(np.zeros(count)),
            "log10_e": pa.array(np.zeros(count)),
        }
    )
    return pa.concat_tables([found, innocent.cast(ACCOUNTS)])
