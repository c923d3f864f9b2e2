"""From findings to what a scan returns: campaigns in full, and the tables of the results contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _

from stillwatch.campaigns.attribute import HARVESTS, Membership, attribute, harvested, membership, share_lower
from stillwatch.campaigns.judging import Finding, Outcome
from stillwatch.campaigns.lasting.identity import Identified, key_of, name_campaigns
from stillwatch.campaigns.model import (
    VERDICTS,
    Campaign,
    CapabilityShare,
    Examined,
    Member,
    ValueAtRisk,
    WorkloadShown,
)
from stillwatch.campaigns.telling.grounds import of_finding, present_fields
from stillwatch.campaigns.telling.innocent import examined
from stillwatch.campaigns.telling.members import member_grounds
from stillwatch.campaigns.telling.respond import ATLAS, confidence, lowered, recommend
from stillwatch.campaigns.telling.retrial import court_of
from stillwatch.campaigns.telling.show import ties, timelines
from stillwatch.campaigns.telling.tables import account_table, exchange_table, workload_id, workload_table
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.evalues import per_family_cut

MONTH = 30 * 24 * 3600.0
TOKENS = ("input_tokens", "output_tokens", "reasoning_tokens")


@dataclass(frozen=True)
class Assembled:
    campaigns: tuple[Campaign, ...]
    exchanges: pa.Table
    accounts: pa.Table
    workloads: pa.Table
    examined: tuple[Examined, ...]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _serious(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(
        findings,
        key=lambda f: (VERDICTS.index(f.verdict), -round(f.log10_e, 9), f.judged.group.accounts.tobytes()),
    )


def _totals(traffic: Traffic, attributed: ir.Table) -> dict[int, dict[str, Any]]:
    marked = traffic.exchanges.inner_join(attributed, "exchange_key")
    totals = marked.group_by("campaign").agg(
        exchanges=_.count(),
        first=_.time.min(),
        last=_.time.max(),
        first_key=_.exchange_key.argmin(_.time.epoch_seconds() * (1 << 20) + (_.exchange_key % (1 << 20))),
        **{name: _[name].sum().fill_null(0) for name in TOKENS},
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


def _members(
    traffic: Traffic,
    number: int,
    finding: Finding,
    counts: Mapping[tuple[int, int], int],
    held: Membership,
) -> list[tuple[int, Member]]:
    members = []
    for account, weight in zip(finding.judged.group.accounts.tolist(), held.weights.tolist(), strict=True):
        taken, whole = counts.get((number, account), 0), int(traffic.population.loads[account])
        if not taken and finding.verdict in HARVESTS:
            continue
        name = traffic.account_ids[account].as_py()
        members.append((account, Member(name, whole, taken, share_lower(taken, whole), float(weight))))
    return members


def _shown(
    traffic: Traffic, finding: Finding, workloads: Mapping[int, dict[str, Any]]
) -> tuple[WorkloadShown, ...]:
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


def _by_capability(
    traffic: Traffic, attributed: ir.Table, workloads: Mapping[int, dict[str, Any]]
) -> dict[int, tuple[CapabilityShare, ...]]:
    """Return what each finding's exchanges are after, most first, with what was taken there."""
    named = pa.table(
        {
            "workload": pa.array(list(workloads), pa.int64()),
            "capability": pa.array([str(row["capability"]) for row in workloads.values()], pa.string()),
        }
    )
    marked = traffic.exchanges.inner_join(attributed, "exchange_key")
    marked = marked.inner_join(traffic.session.load("workload_capabilities", named), "workload")
    sums = marked.group_by("campaign", "capability").agg(
        exchanges=_.count(),
        distinct_prompts=_.content_key.nunique(),
        **{name: _[name].sum().fill_null(0) for name in TOKENS},
    )
    found: dict[int, list[dict[str, Any]]] = {}
    for row in traffic.session.fetch(sums).to_pylist():
        found.setdefault(row.pop("campaign"), []).append(row)
    return {campaign: _shares(rows) for campaign, rows in found.items()}


def _shares(rows: Sequence[dict[str, Any]]) -> tuple[CapabilityShare, ...]:
    total = sum(row["exchanges"] for row in rows)
    ordered = sorted(rows, key=lambda row: (-row["exchanges"], row["capability"]))
    return tuple(CapabilityShare(share=row["exchanges"] / total, **row) for row in ordered)


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
    held = {i: membership(traffic, findings[i]) for i in findings_kept}
    members = {i: _members(traffic, i, findings[i], counts, held[i]) for i in findings_kept}
    accused = [f.judged.group.accounts for f in findings] or [np.zeros(0, dtype=np.int64)]
    workloads = workload_table(traffic, np.unique(np.concatenate(accused)))
    by_workload = {row["workload"]: row for row in workloads.drop(["workload_id"]).to_pylist()}
    names = _names(traffic, findings, findings_kept, totals, earlier)
    lines = timelines(traffic, findings, attributed)
    sought = _by_capability(traffic, attributed, by_workload)
    campaigns = [
        _campaign(
            traffic,
            findings[i],
            names[i],
            members[i],
            totals.get(i),
            lines[i],
            by_workload,
            sought.get(i, ()),
            wrong_per_million_months,
        )
        for i in findings_kept
    ]
    campaigns = _with_grounds(
        traffic, outcome, [findings[i] for i in findings_kept], campaigns, list(held.values())
    )
    return Assembled(
        campaigns=tuple(campaigns),
        exchanges=exchange_table(
            traffic, attributed, [names.get(i, "") for i in range(len(findings))], workloads
        ),
        accounts=account_table(traffic, campaigns, [members[i] for i in findings_kept]),
        workloads=workloads.drop(["workload"]),
        examined=examined(outcome, traffic),
    )


def _with_grounds(
    traffic: Traffic,
    outcome: Outcome,
    findings: Sequence[Finding],
    campaigns: Sequence[Campaign],
    held: Sequence[Membership],
) -> list[Campaign]:
    court, present = court_of(outcome, traffic.population), present_fields(traffic)
    return [
        replace(
            campaign,
            grounds=of_finding(finding, court, present),
            member_grounds=member_grounds(traffic, finding, each, [m.account_id for m in campaign.accounts]),
        )
        for finding, campaign, each in zip(findings, campaigns, held, strict=True)
    ]


def _not_in(bulk: Sequence[Finding], findings: Sequence[Finding]) -> list[Finding]:
    """Leave out single accounts that are part of a larger finding already; one finding an account."""
    larger = [f for f in findings if f.verdict != "related_accounts"]
    known = {int(account) for f in larger for account in f.judged.group.accounts}
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
    totals: Mapping[int, dict[str, Any]],
    earlier: Mapping[str, frozenset[str]],
) -> dict[int, str]:
    identified = []
    for i in kept:
        accounts = findings[i].judged.group.accounts
        members = frozenset(traffic.account_ids.take(pa.array(accounts)).to_pylist())
        if i in totals:
            key = int(totals[i]["first_key"])
        else:  # nothing attributed: the member that was active first stays so as the data grow
            earliest = accounts[int(np.lexsort((accounts, traffic.population.starts[accounts]))[0])]
            key = key_of(traffic.account_ids[int(earliest)].as_py())
        identified.append(Identified(key, members))
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
    total: Mapping[str, Any] | None,
    timeline: tuple[tuple[str, datetime, int, int], ...],
    workloads: Mapping[int, dict[str, Any]],
    sought: tuple[CapabilityShare, ...],
    wrong_per_million_months: float,
) -> Campaign:
    judged, group = finding.judged, finding.judged.group
    reasons = lowered(finding, traffic.population)
    sure = confidence(finding, reasons)
    shown = _shown(traffic, finding, workloads)
    facts: Mapping[str, Any] = total or {}
    span = (traffic.population.starts[group.accounts].min(), traffic.population.ends[group.accounts].max())
    first, last = (datetime.fromtimestamp(float(moment), UTC) for moment in span)
    exchanges = int(facts.get("exchanges", 0))
    return Campaign(
        campaign_id=name,
        verdict=finding.verdict,
        confidence=sure,
        log10_e=finding.log10_e,
        axes=dict(judged.axes),
        capabilities=sought if finding.verdict in HARVESTS else (),
        accounts=tuple(sorted((m for _a, m in members), key=lambda m: (-m.campaign_exchanges, m.account_id))),
        exchanges=exchanges,
        first_seen=_utc(facts.get("first") or first),
        last_seen=_utc(facts.get("last") or last),
        models=tuple(m for m in facts.get("models") or () if m),
        platforms=tuple(p for p in facts.get("platforms") or () if p),
        value_at_risk=ValueAtRisk(*(int(facts.get(key, 0)) for key in (*TOKENS, "distinct_prompts"))),
        evidence=tuple(sorted(judged.evidence, key=lambda r: (-r.log10_e, r.signal))),
        counter_evidence=tuple(sorted(judged.counter, key=lambda r: (r.log10_e, r.signal))),
        recommended=recommend(finding, sure, _enforceable(traffic, members, wrong_per_million_months)),
        atlas=ATLAS[finding.verdict],
        ties=ties(traffic, finding),
        workloads=shown,
        timeline=timeline,
        caps=reasons,
    )
