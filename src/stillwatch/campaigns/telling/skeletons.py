"""What a campaign's workloads ask, from text that was kept: of its own accounts' exchanges, a few each.

The skeleton that the requests share, and of one request the words that decide what it is after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import ibis
import pyarrow as pa
from ibis import _

from stillwatch.campaigns.model import Campaign, WorkloadShown
from stillwatch.campaigns.telling.tables import workload_id
from stillwatch.campaigns.traffic import Traffic
from stillwatch.intents import LABELS, explain
from stillwatch.texts import Keeping, KeptText
from stillwatch.workloads.skeleton import SAMPLES, workload_skeleton

MOST_EXPLAINED = 5  # requests of a workload
WHY = "skeletons of the workloads of reported campaigns"

Sampled = dict[tuple[int, str], list[str]]  # (place of the campaign, workload's name) ► exchange ids


def with_skeletons(campaigns: Sequence[Campaign], traffic: Traffic, texts: Keeping) -> tuple[Campaign, ...]:
    """Return the campaigns with the skeletons of their workloads; as they are where no text was kept.

    Only text of the campaign's own accounts is read, at most 20 exchanges a workload, and the reading is
    written to the access log. Two campaigns on one workload each show their own.
    """
    if not texts.on or not campaigns:
        return tuple(campaigns)
    sampled = _sample(campaigns, traffic)
    read = texts.read(sorted({name for names in sampled.values() for name in names}), WHY)
    found = {place: [read[name] for name in names if name in read] for place, names in sampled.items()}
    return tuple(
        replace(
            campaign,
            workloads=tuple(_with_text(w, found.get((i, w.workload_id), [])) for w in campaign.workloads),
        )
        for i, campaign in enumerate(campaigns)
    )


def _with_text(shown: WorkloadShown, found: Sequence[KeptText]) -> WorkloadShown:
    skeleton = workload_skeleton([(text.system, text.user) for text in found])
    return replace(shown, skeleton=skeleton, told=_told(shown, found))


def _told(shown: WorkloadShown, found: Sequence[KeptText]) -> str | None:
    """Return why the first request that is surely after the workload's capability is, None where none is."""
    if shown.capability not in LABELS:
        return None
    for text in found[:MOST_EXPLAINED]:
        asked = {"system": text.system, "messages": [{"role": "user", "content": text.user or ""}]}
        why = explain(asked, shown.capability)
        if why.given and why.span is not None:
            return f"{why.span.author}: {' '.join(why.span.text.split())}"
    return None


def _sample(campaigns: Sequence[Campaign], traffic: Traffic) -> Sampled:
    """Return up to 20 exchanges for each workload of each campaign, spread over the campaign's accounts.

    The same for the same exchanges and secret: first one exchange of each account, then a second, and so
    on, those of least key first.
    """
    numbers = {workload_id(n): n for n in traffic.streams["workload"].unique().to_pylist()}
    rows = [
        {"campaign": i, "account_id": member.account_id, "workload": numbers[shown.workload_id]}
        for i, campaign in enumerate(campaigns)
        for shown in campaign.workloads
        for member in campaign.accounts
    ]
    schema = pa.schema([("campaign", pa.int64()), ("account_id", pa.string()), ("workload", pa.int64())])
    wanted = traffic.session.load("skeletons_wanted", pa.Table.from_pylist(rows, schema))
    own = traffic.exchanges.select("exchange_key", "exchange_id", "account_id", "workload")
    own = own.inner_join(wanted, ["account_id", "workload"])
    by_account = ibis.window(group_by=["campaign", "workload", "account_id"], order_by="exchange_key")
    drawn = own.mutate(turn=ibis.row_number().over(by_account)).filter(_.turn < SAMPLES)
    by_workload = ibis.window(group_by=["campaign", "workload"], order_by=["turn", "exchange_key"])
    drawn = drawn.mutate(place=ibis.row_number().over(by_workload)).filter(_.place < SAMPLES)
    drawn = drawn.select("campaign", "workload", "place", "exchange_id")
    found: Sampled = {}
    for row in traffic.session.fetch(drawn.order_by("campaign", "workload", "place")).to_pylist():
        found.setdefault((row["campaign"], workload_id(row["workload"])), []).append(row["exchange_id"])
    return found
