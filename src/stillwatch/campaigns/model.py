"""The campaign and what a scan returns: typed, immutable, ready to be written or shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from stillwatch.evidence.row import Axis, Evidence

Verdict = Literal["distillation_campaign", "resale_pool", "bulk_extraction", "related_accounts"]
Confidence = Literal["suspected", "consistent_with", "likely", "high"]
Action = Literal["observe", "slow", "verify", "reduce", "refuse", "suspend"]

VERDICTS: tuple[Verdict, ...] = (
    "distillation_campaign",
    "resale_pool",
    "bulk_extraction",
    "related_accounts",
)
CONFIDENCES: tuple[Confidence, ...] = ("suspected", "consistent_with", "likely", "high")


@dataclass(frozen=True, slots=True)
class Member:
    """One account's part of a campaign."""

    account_id: str
    exchanges: int  # all of the account's exchanges in the scan
    campaign_exchanges: int  # those attributed to the campaign
    share_lower: float  # lower confidence bound of the campaign's share of the account's traffic, 0..1
    log10_e: float


@dataclass(frozen=True, slots=True)
class CapabilityShare:
    """What of a campaign is after one capability, and what it took there."""

    capability: str
    exchanges: int
    share: float  # of the campaign's exchanges, 0..1
    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    distinct_prompts: int = 0


@dataclass(frozen=True, slots=True)
class ValueAtRisk:
    input_tokens: int
    output_tokens: int
    reasoning_tokens: int
    distinct_prompts: int


@dataclass(frozen=True, slots=True)
class Recommendation:
    action: Action
    scope: str
    why: str


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties two accounts of a campaign: one line in the picture of the group."""

    a: str
    b: str
    signal: str
    events: int
    log10_e: float


@dataclass(frozen=True, slots=True)
class WorkloadShown:
    """A workload as the report shows it; `skeleton` only where text was kept."""

    workload_id: str
    exchanges: int
    accounts: int
    public: bool
    capability: str | None
    skeleton: str | None  # slots as ⟨…⟩
    told: str | None = None  # the words of one request that decide its capability, and whose they are


@dataclass(frozen=True, slots=True)
class Campaign:
    campaign_id: str
    verdict: Verdict
    confidence: Confidence
    log10_e: float
    axes: dict[Axis, float]  # log10 e of each
    capabilities: tuple[CapabilityShare, ...]
    accounts: tuple[Member, ...]
    exchanges: int
    first_seen: datetime
    last_seen: datetime
    models: tuple[str, ...]
    platforms: tuple[str, ...]
    value_at_risk: ValueAtRisk
    evidence: tuple[Evidence, ...]
    counter_evidence: tuple[Evidence, ...]
    recommended: tuple[Recommendation, ...]
    atlas: tuple[str, ...]
    # for the report, not part of campaigns.json
    ties: tuple[Tie, ...] = ()
    workloads: tuple[WorkloadShown, ...] = ()
    # activity: rows (account_id, bucket start, campaign exchanges, other exchanges)
    timeline: tuple[tuple[str, datetime, int, int], ...] = ()
    caps: tuple[str, ...] = ()  # why confidence was lowered a step, in words


@dataclass(frozen=True, slots=True)
class Examined:
    """A group that was proposed, tested and not reported as a finding, and the reason in words."""

    name: str
    accounts: int
    exchanges: int
    axes: dict[Axis, float]
    reason: str
    evidence: tuple[Evidence, ...] = ()
    counter_evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """How often a field is present, and which signals fall silent without it."""

    field: str
    share: float  # 0..1 of exchanges (or of accounts, for the accounts table)
    signals: tuple[str, ...]


@dataclass(frozen=True)
class ScanResult:
    """Everything a scan found. Tables have the columns of the results contract."""

    campaigns: tuple[Campaign, ...]
    exchanges: pa.Table  # exchange_id, account_id, campaign_id, workload_id, capability
    accounts: (
        pa.Table
    )  # account_id, verdict, campaign_id, exchanges, campaign_exchanges, share_lower, log10_e
    workloads: pa.Table  # workload_id, exchanges, accounts, first_seen, last_seen, capability, public
    examined: tuple[Examined, ...] = ()
    coverage: tuple[FieldCoverage, ...] = ()
    run: dict[str, Any] = field(default_factory=dict)  # what run.json holds
