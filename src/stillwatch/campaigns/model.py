"""The campaign and what a scan returns: typed, immutable, ready to be written or shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

import pyarrow as pa

from stillwatch.evidence.composition import Part
from stillwatch.evidence.row import Axis, Block, Evidence

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
STEPS = (0.0, 2.0, 4.0, 6.0)  # orders of ten above the cut at which each of them begins


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
    expected: float | None = None  # of what passed: events by chance between two accounts of their traffic
    holders: int | None = None  # of an artefact: accounts of the log that show the rarest value they share


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
class Without:
    """What a group would be without some of its rows: the same judging, the same cuts."""

    of: Literal[
        "row", "block", "smallest", "against"
    ]  # one row, one kind of trace, the fewest rows that decide
    signals: tuple[str, ...]
    verdict: Verdict | None  # None: it would not be named
    confidence: Confidence | None = None
    block: Block | None = None


@dataclass(frozen=True, slots=True)
class Lack:
    """What a group lacked for a verdict: so much on an axis, or something that numbers cannot make up for."""

    verdict: Verdict
    what: Literal["axis", "size", "tie", "work"]
    axis: Axis | None = None
    log10_e: float = 0.0  # orders of ten short


@dataclass(frozen=True, slots=True)
class Enough:
    """Evidence that by itself would have made the difference: one row of a signal, of so many orders of ten."""

    signal: str
    axis: Axis
    block: Block
    log10_e: float
    silent: bool  # the signal said nothing; else it spoke, with less


@dataclass(frozen=True, slots=True)
class InnocentReading:
    """An honest explanation held against a group's rows; the signals are named, the report has their words."""

    slug: str
    title: str
    says: str
    fit: float  # orders of ten for it, less what it leaves unexplained; for ordering, no probability
    left: dict[Axis, float]  # what would speak on each axis without the rows it explains
    explains: tuple[str, ...]
    speaks_for: tuple[str, ...]  # rows against the finding that this reading predicts
    unexplained: tuple[str, ...]  # rows for the finding that it does not
    missing: tuple[str, ...]  # rows it predicts, whose fields are there, and which are not
    check: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why a group was named or not, as the judging has it, and what would have had to be different."""

    needed: dict[Axis, float]  # what each axis had to reach for the verdict, or for the one it came nearest
    steps_from: float  # the cut that confidence is counted from
    composition: dict[Axis, Part]
    without: tuple[Without, ...] = ()
    lacks: tuple[Lack, ...] = ()
    enough: tuple[Enough, ...] = ()  # named: for the next word of confidence; not named: for the verdict
    readings: tuple[InnocentReading, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberGrounds:
    """What ties one account to the rest of its campaign."""

    account_id: str
    blocks: dict[Block, float]  # log10 e by kind of trace, before the two-ties rule and the group's own bound
    ties: int  # independent things that tie it: parties it exchanged with, and other telling kinds of trace


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
    grounds: Grounds | None = None
    member_grounds: tuple[MemberGrounds, ...] = ()


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
    grounds: Grounds | None = None


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
