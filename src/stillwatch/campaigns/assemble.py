"""From findings to what a scan returns: campaigns in full, and the tables of the results contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _

from stillwatch.campaigns.attribute import HARVESTS, attribute, harvested, member_weights, share_lower
from stillwatch.campaigns.identity import Identified, name_campaigns
from stillwatch.campaigns.judge import Finding, Judged, Outcome
from stillwatch.campaigns.model import (
    VERDICTS,
    Campaign,
    CapabilityShare,
    Examined,
    Member,
    ValueAtRisk,
    WorkloadShown,
)
from stillwatch.campaigns.respond import ATLAS, confidence, lowered, recommend
from stillwatch.campaigns.show import timelines, ties
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.evalues import per_family_cut
from stillwatch.workloads import CELLS, capability, is_public

MOST_EXAMINED = 25
MONTH = 30 * 24 * 3600.0


@dataclass(frozen=True)
class Assembled:
    campaigns: tuple[Campaign, ...]
    exchanges: pa.Table
    accounts: pa.Table
    workloads: pa.Table
    examined: tuple[Examined, ...]


def workload_id(workload: int) -> str:
    """Return the name of a workload: templates `W…`, shape cells `S…`."""
    return f"S{workload - CELLS:x}" if workload >= CELLS else f"W{workload:x}"


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _serious(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda f: (VERDICTS.index(f.verdict), -round(f.log10_e, 9), f.judged.group.accounts.tobytes()),
    )


def _totals(traffic: Traffic, attributed: ir.Table) -> dict[int, dict[str, object]]:
    marked = traffic.exchanges.inner_join(attributed, "exchange_key")
    totals = marked.group_by("campaign").agg(
        exchanges=_.count(),
        first=_.time.min(),
        last=_.time.max(),
        first_key=_.exchange_key.argmin(_.time.epoch_seconds() * (1 << 20) + (_.exchange_key % (1 << 20))),
        input_tokens=_.input_tokens.sum().fill_null(0),
        output_tokens=_.output_tokens.sum().fill_null(0),
        reasoning_tokens=_.reasoning_tokens.sum().fill_null(0),
        distinct_prompts=_.content_key.nunique(),
        models=_.model.collect(distinct=True, order_by=_.model),
        platforms=_.platform.collect(distinct=True, order_by=_.platform),
    )
    return {row["campaign"]: row for row in traffic.session.fetch(totals).to_pylist()}


def _per_account(traffic: Traffic, attributed: ir.Table) -> dict[tuple[int, int], int]:
    marked = traffic.exchanges.inner_join(attributed, "exchange_key")
    marked = marked.inner_join(traffic.session.table("account_index"), "account_key")
    counts = marked.group_by("campaign", "account").agg(n=_.count())
    return {(row["campaign"], row["account"]): row["n"] for row in traffic.session.fetch(counts).to_pylist()}


def workload_table(traffic: Traffic, accused: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pa.Table:
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
        code_share=(_.code_share * _.exchanges).sum() / _.exchanges.sum(),
        templated=_.templated.any(),
    )
    table = table.left_join(outside, "workload").drop("workload_right").order_by("workload")
    rows = traffic.session.fetch(table.mutate(others=_.others.fill_null(0)))
    uses = zip(*(rows[name].to_pylist() for name in ("exchanges", "with_tools", "code_share")), strict=True)
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
            "capability": [capability(n, tools, code or 0.0) for n, tools, code in uses],
            "public": pa.array(public, pa.bool_()),
        }
    )


def _exchange_table(traffic: Traffic, attributed: ir.Table, names: Sequence[str], workloads: pa.Table) -> pa.Table:
    session = traffic.session
    numbers = pa.table(
        {"campaign": pa.array(range(len(names)), pa.int64()), "campaign_id": pa.array(names, pa.string())}
    )
    named = attributed.inner_join(session.load("campaign_names", numbers), "campaign")
    known = session.load("workload_names", workloads.select(["workload", "workload_id", "capability"]))
    rows = traffic.exchanges.inner_join(named, "exchange_key").inner_join(known, "workload")
    return session.fetch(
        rows.select("exchange_id", "account_id", "campaign_id", "workload_id", "capability").order_by("exchange_id")
    )


def _members(
    traffic: Traffic, number: int, finding: Finding, counts: Mapping[tuple[int, int], int]
) -> list[tuple[int, Member]]:
    weights = member_weights(traffic, finding)
    members = []
    for account, weight in zip(finding.judged.group.accounts.tolist(), weights.tolist(), strict=True):
        taken, whole = counts.get((number, account), 0), int(traffic.population.loads[account])
        if not taken and finding.verdict in HARVESTS:
            continue
        name = traffic.account_ids[account].as_py()
        members.append((account, Member(name, whole, taken, share_lower(taken, whole), float(weight))))
    return members


def _shown(traffic: Traffic, finding: Finding, workloads: Mapping[int, dict[str, object]]) -> tuple[WorkloadShown, ...]:
    uses = harvested(finding) or list(finding.judged.group.uses[:5])
    return tuple(
        WorkloadShown(
            workload_id=workload_id(use.workload),
            exchanges=use.exchanges,
            accounts=use.holders,
            public=bool(workloads[use.workload]["public"]),
            capability=str(workloads[use.workload]["capability"]),
            skeleton=None,
        )
        for use in uses
    )


def _reason(judged: Judged, cut: float) -> str:
    if judged.counter:
        strongest = min(judged.counter, key=lambda row: row.log10_e)
        return strongest.summary
    axis, value = min(judged.axes.items(), key=lambda item: item[1])
    lacking = {
        "coordination": "nothing of weight shows that these accounts are one operator",
        "extraction": "what they take is not shaped like training data",
        "evasion": "they do not present themselves as strangers to each other",
    }[axis]
    return f"{lacking} (log10 e {value:.1f}, needed {cut:.1f})"


def examined(outcome: Outcome, findings: Sequence[Finding]) -> tuple[Examined, ...]:
    """Return the groups that came closest and were not reported, with the reason."""
    ordered = sorted(
        outcome.innocent, key=lambda j: (-j.axes["coordination"], -j.group.size, j.group.accounts.tobytes())
    )
    return tuple(
        Examined(
            name=f"{judged.group.size} accounts: {judged.group.source}",
            accounts=judged.group.size,
            exchanges=judged.group.exchanges,
            axes=dict(judged.axes),
            reason=_reason(judged, outcome.cut),
            evidence=judged.evidence,
            counter_evidence=judged.counter,
        )
        for judged in ordered[:MOST_EXAMINED]
    )


def _account_table(
    traffic: Traffic, campaigns: Sequence[Campaign], members: Sequence[Sequence[tuple[int, Member]]]
) -> pa.Table:
    rows: dict[str, list[object]] = {
        name: []
        for name in ("account_id", "verdict", "campaign_id", "exchanges", "campaign_exchanges", "share_lower", "log10_e")
    }
    named = set()
    for campaign, part in zip(campaigns, members, strict=True):
        for account, member in part:
            named.add(account)
            values = (member.account_id, campaign.verdict, campaign.campaign_id, member.exchanges)
            values = (*values, member.campaign_exchanges, member.share_lower, member.log10_e)
            for name, value in zip(rows, values, strict=True):
                rows[name].append(value)
    others = np.setdiff1d(np.arange(traffic.size), np.array(sorted(named), dtype=np.int64))
    found = pa.table({name: pa.array(values, _ACCOUNT_TYPES[name]) for name, values in rows.items()})
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
    return pa.concat_tables([found, innocent])


_ACCOUNT_TYPES = {
    "account_id": pa.string(),
    "verdict": pa.string(),
    "campaign_id": pa.string(),
    "exchanges": pa.int64(),
    "campaign_exchanges": pa.int64(),
    "share_lower": pa.float64(),
    "log10_e": pa.float64(),
}


def _capabilities(uses: Sequence[WorkloadShown], exchanges: int) -> tuple[CapabilityShare, ...]:
    counts: dict[str, int] = {}
    for use in uses:
        slug = use.capability or "general"
        counts[slug] = counts.get(slug, 0) + use.exchanges
    total = max(sum(counts.values()), 1)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(CapabilityShare(slug, min(n, exchanges), n / total) for slug, n in ordered)


def assemble(
    traffic: Traffic,
    outcome: Outcome,
    bulk: Sequence[Finding],
    earlier: Mapping[str, frozenset[str]],
    wrong_per_million_months: float,
) -> Assembled:
    """Return campaigns and tables for the findings of several accounts and of single ones.

    `earlier` maps campaign ids of earlier scans to their members; `wrong_per_million_months` is the dial of
    wrong enforcements, in accounts per million account-months.
    """
    findings = _serious([*outcome.findings, *_not_in(bulk, outcome.findings)])
    attributed = attribute(traffic, findings)
    totals, counts = _totals(traffic, attributed), _per_account(traffic, attributed)
    findings_kept = [i for i, f in enumerate(findings) if i in totals or f.verdict not in HARVESTS]
    members = {i: _members(traffic, i, findings[i], counts) for i in findings_kept}
    accused = [f.judged.group.accounts for f in findings] or [np.zeros(0, dtype=np.int64)]
    workloads = workload_table(traffic, np.unique(np.concatenate(accused)))
    by_workload = {row["workload"]: row for row in workloads.drop(["workload_id"]).to_pylist()}
    names = _names(traffic, findings, findings_kept, totals, earlier)
    lines = timelines(traffic, findings, attributed)
    campaigns = [
        _campaign(traffic, findings[i], names[i], members[i], totals.get(i), lines[i], by_workload, wrong_per_million_months)
        for i in findings_kept
    ]
    return Assembled(
        campaigns=tuple(campaigns),
        exchanges=_exchange_table(traffic, attributed, [names.get(i, "") for i in range(len(findings))], workloads),
        accounts=_account_table(traffic, campaigns, [members[i] for i in findings_kept]),
        workloads=workloads.drop(["workload"]),
        examined=examined(outcome, findings),
    )


def _not_in(bulk: Sequence[Finding], findings: Sequence[Finding]) -> list[Finding]:
    """Leave out single accounts that are part of a larger finding already; one finding an account."""
    known = {int(account) for f in findings for account in f.judged.group.accounts}
    best: dict[int, Finding] = {}
    for finding in bulk:
        account = int(finding.judged.group.accounts[0])
        if account not in known and (account not in best or finding.log10_e > best[account].log10_e):
            best[account] = finding
    return list(best.values())


def _names(
    traffic: Traffic,
    findings: Sequence[Finding],
    kept: Sequence[int],
    totals: Mapping[int, dict[str, object]],
    earlier: Mapping[str, frozenset[str]],
) -> dict[int, str]:
    identified = []
    for i in kept:
        accounts = findings[i].judged.group.accounts
        members = frozenset(traffic.account_ids.take(pa.array(accounts)).to_pylist())
        key = totals[i]["first_key"] if i in totals else int(accounts[0])
        identified.append(Identified(int(str(key)), members))
    return dict(zip(kept, name_campaigns(identified, dict(earlier)), strict=True))


def _enforceable(traffic: Traffic, members: Sequence[tuple[int, Member]], per_million: float) -> int:
    """Return how many members reach m/c: m accounts seen, c wrong ones allowed for their account-months."""
    population = traffic.population
    months = population.size * max(float(population.ends.max() - population.starts.min()), 1.0) / MONTH
    cut = per_family_cut(population.size, per_million * months / 1e6)
    return sum(member.log10_e >= cut for _account, member in members)


def _campaign(
    traffic: Traffic,
    finding: Finding,
    name: str,
    members: Sequence[tuple[int, Member]],
    total: Mapping[str, object] | None,
    timeline: tuple[tuple[str, datetime, int, int], ...],
    workloads: Mapping[int, dict[str, object]],
    wrong_per_million_months: float,
) -> Campaign:
    judged, group = finding.judged, finding.judged.group
    reasons = lowered(finding, traffic.population)
    sure = confidence(finding, reasons)
    shown = _shown(traffic, finding, workloads)
    facts = total or {}
    span = (traffic.population.starts[group.accounts].min(), traffic.population.ends[group.accounts].max())
    first, last = (datetime.fromtimestamp(float(moment), UTC) for moment in span)
    first, last = facts.get("first") or first, facts.get("last") or last
    exchanges = int(str(facts.get("exchanges", 0)))
    return Campaign(
        campaign_id=name,
        verdict=finding.verdict,
        confidence=sure,
        log10_e=finding.log10_e,
        axes=dict(judged.axes),
        capabilities=_capabilities(shown, exchanges) if finding.verdict in HARVESTS else (),
        accounts=tuple(sorted((m for _a, m in members), key=lambda m: (-m.campaign_exchanges, m.account_id))),
        exchanges=exchanges,
        first_seen=_utc(first),  # type: ignore[arg-type]
        last_seen=_utc(last),  # type: ignore[arg-type]
        models=tuple(m for m in facts.get("models") or () if m),  # type: ignore[attr-defined]
        platforms=tuple(p for p in facts.get("platforms") or () if p),  # type: ignore[attr-defined]
        value_at_risk=ValueAtRisk(
            *(
                int(str(facts.get(key, 0)))
                for key in ("input_tokens", "output_tokens", "reasoning_tokens", "distinct_prompts")
            )
        ),
        evidence=tuple(sorted(judged.evidence, key=lambda r: (-r.log10_e, r.signal))),
        counter_evidence=tuple(sorted(judged.counter, key=lambda r: (r.log10_e, r.signal))),
        recommended=recommend(finding, sure, _enforceable(traffic, members, wrong_per_million_months)),
        atlas=ATLAS[finding.verdict],
        ties=ties(traffic, finding),
        workloads=shown,
        timeline=timeline,
        caps=reasons,
    )
