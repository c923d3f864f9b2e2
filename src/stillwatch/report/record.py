"""Campaigns as `campaigns.json` holds them, and what `details.json` adds for the report.

`campaigns.json` is the contract other tools read; it holds the fixed keys, and `caps` and each evidence
row's `block` beside them. `details.json` holds what only a report needs: ties, workloads and activity of
each campaign, the groups that were examined and found innocent, and field coverage.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Any

from stillwatch.campaigns.model import CONFIDENCES, VERDICTS, Campaign, Examined, ScanResult
from stillwatch.evidence.row import AXES, Evidence
from stillwatch.report.words import rfc3339

# JSON has no infinity; an e-value of zero or beyond every float is written as ±this.
UNBOUNDED = 1_000_000.0


def tokens_at_risk(campaign: Campaign) -> int:
    """Return the tokens asked and answered; reasoning is part of a provider's output count."""
    return campaign.value_at_risk.input_tokens + campaign.value_at_risk.output_tokens


def most_serious_first(campaigns: Iterable[Campaign]) -> tuple[Campaign, ...]:
    """Return campaigns by verdict, confidence (high first), tokens at risk (most first) and id."""
    return tuple(
        sorted(
            campaigns,
            key=lambda c: (
                VERDICTS.index(c.verdict),
                -CONFIDENCES.index(c.confidence),
                -tokens_at_risk(c),
                c.campaign_id,
            ),
        )
    )


def decimal(x: float) -> float:
    """Return x at four decimals, without negative zero.

    Raises ValueError for NaN: evidence that is not a number is a mistake upstream, not a finding.
    """
    if math.isnan(x):
        raise ValueError("a figure of the result is not a number (NaN); a signal returned no e-value")
    return max(-UNBOUNDED, min(UNBOUNDED, round(x, 4))) + 0.0


def evidence_record(row: Evidence) -> dict[str, Any]:
    """Return an evidence row with the fixed keys in their order, and `block`."""
    return {**row.as_dict(), "log10_e": decimal(row.log10_e), "n": int(row.n)}


def axes_record(axes: dict[Any, float]) -> dict[str, float]:
    """Return log10 e of all three axes; an axis nobody tested has e = 1."""
    return {axis: decimal(axes.get(axis, 0.0)) for axis in AXES}


def rounded(value: Any) -> Any:
    """Return a dataclass as plain values, every figure in it at four decimals."""
    if isinstance(value, float):
        return decimal(value)
    if isinstance(value, dict):
        return {key: rounded(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(each) for each in value]
    return rounded(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value


def campaign_record(campaign: Campaign) -> dict[str, Any]:
    """Return a campaign as `campaigns.json` holds it."""
    return {
        "campaign_id": campaign.campaign_id,
        "verdict": campaign.verdict,
        "confidence": campaign.confidence,
        "log10_e": decimal(campaign.log10_e),
        "axes": axes_record(campaign.axes),
        "capabilities": [{**asdict(c), "share": decimal(c.share)} for c in campaign.capabilities],
        "accounts": [
            {**asdict(m), "share_lower": decimal(m.share_lower), "log10_e": decimal(m.log10_e)}
            for m in campaign.accounts
        ],
        "exchanges": campaign.exchanges,
        "first_seen": rfc3339(campaign.first_seen),
        "last_seen": rfc3339(campaign.last_seen),
        "models": list(campaign.models),
        "platforms": list(campaign.platforms),
        "value_at_risk": asdict(campaign.value_at_risk),
        "evidence": [evidence_record(row) for row in campaign.evidence],
        "counter_evidence": [evidence_record(row) for row in campaign.counter_evidence],
        "recommended": [asdict(r) for r in campaign.recommended],
        "atlas": list(campaign.atlas),
        "caps": list(campaign.caps),
    }


def examined_record(group: Examined) -> dict[str, Any]:
    """Return a group that was tested and not reported."""
    return {
        "name": group.name,
        "accounts": group.accounts,
        "exchanges": group.exchanges,
        "axes": axes_record(group.axes),
        "reason": group.reason,
        "evidence": [evidence_record(row) for row in group.evidence],
        "counter_evidence": [evidence_record(row) for row in group.counter_evidence],
        "grounds": rounded(group.grounds),
    }


def details_record(result: ScanResult) -> dict[str, Any]:
    """Return what `details.json` holds: everything of a result that no other file carries."""
    return {
        "campaigns": {
            c.campaign_id: {
                "ties": rounded(c.ties),
                "workloads": [asdict(w) for w in c.workloads],
                "timeline": [[who, rfc3339(at), ours, other] for who, at, ours, other in c.timeline],
                "grounds": rounded(c.grounds),
                "member_grounds": rounded(c.member_grounds),
            }
            for c in most_serious_first(result.campaigns)
        },
        "examined": [examined_record(group) for group in result.examined],
        "coverage": [{**asdict(f), "share": decimal(f.share)} for f in result.coverage],
    }
