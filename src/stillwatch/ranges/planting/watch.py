"""Watching: the log is scanned as it was and with the campaign in it, and as it grew, as a deployment would have."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.campaigns.model import Campaign, ScanResult
from stillwatch.pipeline import scan
from stillwatch.ranges.planting.merge import OPERATORS
from stillwatch.ranges.scoring.natures import ACCUSES, NATURES, nature_of
from stillwatch.ranges.trials.leak import Leak, leaks, scan_prefixes
from stillwatch.ranges.trials.leak_sights import Prefix, sighted
from stillwatch.ranges.trials.leak_times import by_growth
from stillwatch.ranges.trials.leak_truth import read_leak_truth
from stillwatch.ranges.trials.trial import write_secret
from stillwatch.report.gaps import gaps
from stillwatch.settings import InputSettings, Settings

Progress = Callable[..., None]
FOUND, DILUTED, WEAKER, MISSED = "found", "diluted", "weaker", "missed"
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Named:
    """One campaign that a scan reported, against what was planted."""

    campaign_id: str
    verdict: str
    confidence: str
    log10_e: float
    accounts: int
    planted_accounts: tuple[str, ...]
    own_accounts: tuple[str, ...]  # the operator's
    own_named_before: int  # of those, already in a reported campaign of the untouched log
    exchanges: int
    harvested: int  # planted exchanges of the campaign
    customers: int  # planted exchanges of the pool's paying customers
    own_exchanges: int
    evidence: tuple[Mapping[str, Any], ...]  # signal, axis, log10_e, summary; the strongest first


@dataclass(frozen=True, slots=True)
class Silent:
    """A signal that said nothing on this log, and the fields it lacked."""

    signal: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """A group that was examined and not named, which the untouched log does not have."""

    name: str
    accounts: int
    exchanges: int
    axes: Mapping[str, float]  # log10 e of each
    reason: str


@dataclass(frozen=True)
class Watched:
    """What the scans saw."""

    outcome: str  # found | diluted | weaker | missed
    expected: str  # the verdict that says what was planted
    accounts: int  # planted
    harvested: int  # planted exchanges of the campaign
    best: Named | None  # the reported campaign that holds most of it
    named: tuple[Named, ...]  # all that hold any of it
    elsewhere: tuple[Named, ...]  # reported beside it, all the operator's own
    before: tuple[Named, ...]  # what the scan of the untouched log says
    looked: tuple[Looked, ...]  # examined and not named, since the campaign is in
    silent: tuple[Silent, ...]
    leak: Leak | None  # None: what was planted harvests for no campaign
    prefixes: tuple[Prefix, ...] = ()


@dataclass(frozen=True)
class PlantedTruth:
    """What was planted: account ids, and whether each planted exchange harvests."""

    accounts: frozenset[str]
    harvests: dict[str, bool]
    kinds: frozenset[str]
    campaigns: frozenset[str]


@dataclass(frozen=True)
class Watch:
    """Scans of a copied log, and of what was written into `work` beside it."""

    log: Path
    work: Path
    accounts: str | Path | None
    secret: str | Path | None
    settings: Settings | None
    progress: Progress | None

    def watch(self, manifest: Mapping[str, Any], steps: int) -> Watched:
        """Scan before and after, and over at most `steps` prefixes. Raises ReadError where a file cannot be read."""
        with tempfile.TemporaryDirectory() as folder:
            secret = self.secret or write_secret(Path(folder))
            before = self._scan(self.log, self.accounts, "scan_before", secret)
            known = self.work / "accounts.parquet"
            after = self._scan(
                self.work / "exchanges.parquet", known if known.exists() else None, "scan", secret
            )
        truth = _read_truth(self.work)
        leak, prefixes = self._leak(after, steps) if truth.campaigns else (None, ())
        return judge(truth, before, after, leak, prefixes)

    def _scan(self, log: Path, accounts: str | Path | None, name: str, secret: str | Path) -> ScanResult:
        return scan(
            log,
            accounts=accounts,
            out=self.work / name,
            secret=secret,
            settings=self._canonical(),
            progress=self.progress,
        )

    def _canonical(self) -> Settings:
        """Return the settings without what was said about the original format: the copy is canonical."""
        settings = self.settings or Settings()
        reading = InputSettings(batch_rows=settings.input.batch_rows)
        return settings.model_copy(update={"input": reading})

    def _leak(self, after: ScanResult, steps: int) -> tuple[Leak, tuple[Prefix, ...]]:
        truth = read_leak_truth(self.work)
        ends = by_growth(truth.times, truth.last, max(1, steps))
        told = None if self.progress is None else self.progress
        seen = scan_prefixes(
            self.work, truth, ends[:-1], settings=self._canonical(),
            progress=None if told is None else lambda at: told("growing prefixes", at.exchanges, None),
        )  # fmt: skip
        prefixes = (*seen, sighted(truth, after, ends[-1]))
        return leaks(truth, prefixes)[0], prefixes


def _read_truth(work: Path) -> PlantedTruth:
    rows = pq.read_table(work / "truth.parquet", filters=pc.field("kind") != OPERATORS)
    # a lone harvester works for no campaign, and harvests all the same
    harvests = pc.or_(pc.is_valid(rows["campaign"]), pc.is_valid(rows["capability"])).to_pylist()
    return PlantedTruth(
        accounts=frozenset(rows["account_id"].to_pylist()),
        harvests=dict(zip(rows["exchange_id"].to_pylist(), harvests, strict=True)),
        kinds=frozenset(rows["kind"].to_pylist()),
        campaigns=frozenset(rows["campaign"].drop_null().to_pylist()),
    )


def judge(
    truth: PlantedTruth,
    before: ScanResult,
    after: ScanResult,
    leak: Leak | None,
    prefixes: tuple[Prefix, ...],
) -> Watched:
    """Return what both scans saw of what was planted."""
    earlier = {m.account_id for c in before.campaigns for m in c.accounts}
    all_named = [_named(c, after.exchanges, truth, earlier) for c in after.campaigns]
    named = tuple(n for n in all_named if n.planted_accounts or n.harvested or n.customers)
    harvested = sum(truth.harvests.values())
    expected = _expected(truth)
    holders = [n for n in named if _holds(n, truth, harvested)]
    best = min(
        holders,
        key=lambda n: (n.verdict != expected, NATURES.index(n.verdict), -len(n.planted_accounts)),
        default=None,
    )
    return Watched(
        outcome=_outcome(best, expected),
        expected=expected,
        accounts=len(truth.accounts),
        harvested=harvested,
        best=best,
        named=named,
        elsewhere=tuple(n for n in all_named if n not in named),
        before=tuple(_named(c, before.exchanges, truth, earlier) for c in before.campaigns),
        looked=_looked(before, after),
        silent=tuple(
            Silent(g.signal, tuple(f for f, s in g.fields if s == 0))
            for g in gaps(after.coverage)
            if g.silent
        ),
        leak=leak,
        prefixes=prefixes,
    )


def _looked(before: ScanResult, after: ScanResult) -> tuple[Looked, ...]:
    """Return the groups that only the planted log has, the largest first."""
    old = {(e.name, e.accounts, e.exchanges) for e in before.examined}
    new = [e for e in after.examined if (e.name, e.accounts, e.exchanges) not in old]
    found = [
        Looked(e.name, e.accounts, e.exchanges, {str(axis): v for axis, v in e.axes.items()}, e.reason)
        for e in new
    ]
    return tuple(sorted(found, key=lambda e: -e.exchanges))


def _expected(truth: PlantedTruth) -> str:
    """Return the verdict that says what was planted; one account alone coordinates with nobody."""
    if truth.campaigns:
        return ACCUSES if len(truth.accounts) > 1 else "bulk_extraction"
    natures = [nature_of(kind) for kind in sorted(truth.kinds)]
    return next((n for n in natures if n is not None), ACCUSES)


def _holds(named: Named, truth: PlantedTruth, harvested: int) -> bool:
    accounts = len(named.planted_accounts) >= _HALF * len(truth.accounts)
    return accounts or (harvested > 0 and named.harvested >= _HALF * harvested)


def _outcome(best: Named | None, expected: str) -> str:
    if best is None:
        return MISSED
    if best.verdict != expected:
        return WEAKER
    return FOUND if len(best.planted_accounts) > len(best.own_accounts) else DILUTED


def _named(campaign: Campaign, exchanges: pa.Table, truth: PlantedTruth, earlier: set[str]) -> Named:
    members = [m.account_id for m in campaign.accounts]
    own = tuple(sorted(a for a in members if a not in truth.accounts))
    rows = exchanges.filter(pc.equal(exchanges["campaign_id"], campaign.campaign_id))
    planted = [truth.harvests.get(e) for e in rows["exchange_id"].to_pylist()]
    strongest = sorted(campaign.evidence, key=lambda e: -e.log10_e)
    return Named(
        campaign_id=campaign.campaign_id,
        verdict=campaign.verdict,
        confidence=campaign.confidence,
        log10_e=campaign.log10_e,
        accounts=len(members),
        planted_accounts=tuple(sorted(a for a in members if a in truth.accounts)),
        own_accounts=own,
        own_named_before=sum(a in earlier for a in own),
        exchanges=len(planted),
        harvested=sum(p is True for p in planted),
        customers=sum(p is False for p in planted),
        own_exchanges=sum(p is None for p in planted),
        evidence=tuple(
            {"signal": e.signal, "axis": e.axis, "log10_e": round(e.log10_e, 4), "summary": e.summary}
            for e in strongest
        ),
    )
