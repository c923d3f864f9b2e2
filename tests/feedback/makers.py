"""Makers of entries, recorded groups and results; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import orjson
import pyarrow as pa

from stillwatch.campaigns.judging import judge
from stillwatch.campaigns.model import Campaign, Examined, Member, ScanResult, ValueAtRisk
from stillwatch.evidence.group import Group, Population
from stillwatch.feedback import counting
from stillwatch.feedback.fixtures import keep
from stillwatch.feedback.groups import GROUPS, Measured, Scan
from stillwatch.feedback.ledger import Entry, append
from stillwatch.feedback.packing import pack
from stillwatch.report.writers import ACCOUNTS_SCHEMA, EXCHANGES_SCHEMA, WORKLOADS_SCHEMA
from tests.report.makers import START, evidence
from tests.signals.makers import group, population, use

SEED = "aa11"
WHEN = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
REASONING = {
    "classified": 400,
    "asked": {"reasoning_elicitation": 390},
    "given": {"reasoning_elicitation": 380},
}


def clock() -> datetime:
    """Return the time at which every word of the tests is said."""
    return WHEN


def harvest(size: int = 10, **said: Any) -> Group:
    """Return accounts that take reasoning, all of a harvest's shape."""
    work = use(holding=np.arange(size), loads=[40] * size, **REASONING)
    return group(accounts=np.arange(size), uses=(work,), **said)


def measured(
    held: Group | None = None, everybody: Population | None = None, name: str = "C-1", **said: Any
) -> Measured:
    """Return a group as a scan recorded it: named, with a cut one order of ten below what it reached."""
    held, everybody = held or harvest(), everybody or population()
    axes = {axis: float(value) for axis, value in judge(held, everybody).axes.items()}
    plain: dict[str, Any] = {
        "campaign_id": name,
        "verdict": "distillation_campaign",
        "log10_e": min(axes.values()),
        "cut": min(axes.values()) - 1,
        "cuts": {axis: value - 1 for axis, value in axes.items()},
        "axes": axes,
        "added": dict.fromkeys(axes, 0.0),
        "accounts": held.size,
        "owners": [name],
        "group": pack(held),
    }
    return Measured(**plain | said)


def scan(everybody: Population | None = None, **said: Any) -> Scan:
    """Return the scan that recorded them."""
    plain: dict[str, Any] = {
        "seed_id": SEED,
        "stillwatch": "0.1",
        "until": "2026-11-05T00:00:00+00:00",
        "false_discovery_rate": 0.05,
        "min_accounts": 5,
        "cut": 1.0,
        "population": pack(everybody or population()),
    }
    return Scan(**plain | said)


def entry(name: str = "F-0001", about: str = "C-1", **said: Any) -> Entry:
    """Return a word on a campaign."""
    plain: dict[str, Any] = {
        "id": name,
        "recorded": "2026-11-20T12:00:00+00:00",
        "by": "ada",
        "because": "looked at it",
        "subject": about,
        "about": about,
        "says": None if "retracts" in said else "honest",
        "seed_id": SEED,
    }
    return Entry(**plain | said)


def say(state: Path, about: str = "C-1", held: Measured | None = None, **said: Any) -> Entry:
    """Append a word to a ledger, with a fixture where a measured group is given."""

    def make(name: str, _ledger: object) -> Entry:
        if held is not None:
            keep(state, name, scan(), held)
        return entry(name, about, fixture=held is not None, **said)

    return append(state, make)


def piece(name: str, kind: counting.Kind = ("clear", "vision"), **said: Any) -> counting.Labelled:
    """Return one labelled piece of work of an operator of its own."""
    plain: dict[str, Any] = {"label": "honest", "by": "ada", "owners": frozenset({name}), "kinds": (kind,)}
    return counting.Labelled(name, **plain | said)


def campaign(name: str = "C-1", members: Sequence[str] = ("a0", "a1"), **said: Any) -> Campaign:
    """Return a campaign as results have it."""
    plain: dict[str, Any] = {
        "campaign_id": name,
        "verdict": "distillation_campaign",
        "confidence": "likely",
        "log10_e": 3.0,
        "axes": {"coordination": 9.0, "extraction": 3.0, "evasion": 5.0},
        "capabilities": (),
        "accounts": tuple(Member(m, 50, 40, 0.7, 3.0) for m in members),
        "exchanges": 80,
        "first_seen": START,
        "last_seen": START,
        "models": (),
        "platforms": (),
        "value_at_risk": ValueAtRisk(0, 0, 0, 0),
        "evidence": (evidence(),),
        "counter_evidence": (),
        "recommended": (),
        "atlas": (),
    }
    return Campaign(**plain | said)


def results(*campaigns: Campaign, accounts: Sequence[str] = (), **said: Any) -> ScanResult:
    """Return a result with these campaigns; accounts named beside their members were found in nothing."""
    rows = [
        {"account_id": m.account_id, "verdict": c.verdict, "campaign_id": c.campaign_id}
        for c in campaigns
        for m in c.accounts
    ] + [{"account_id": name, "verdict": "none", "campaign_id": None} for name in accounts]
    table = ACCOUNTS_SCHEMA.empty_table()
    if rows:
        table = pa.Table.from_pylist(rows, schema=ACCOUNTS_SCHEMA)
    plain: dict[str, Any] = {
        "campaigns": campaigns,
        "exchanges": EXCHANGES_SCHEMA.empty_table(),
        "accounts": table,
        "workloads": WORKLOADS_SCHEMA.empty_table(),
        "run": {"version": "0.1", "seed_id": SEED, "cut_log10_e": 1.5},
    }
    return ScanResult(**plain | said)


def near(**said: Any) -> Examined:
    """Return a group that was examined and not named."""
    plain: dict[str, Any] = {
        "name": "7 accounts: things passed",
        "accounts": 7,
        "exchanges": 300,
        "axes": {"coordination": 4.0, "extraction": 0.5, "evasion": 2.0},
        "reason": "not shaped like training data",
    }
    return Examined(**plain | said)


def recorded(
    state: Path, *groups: Measured, held: Scan | None = None, name: str = "20261105T000000Z-00"
) -> Path:
    """Write what a scan recorded to a state folder."""
    path = state / GROUPS / f"{name}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [orjson.dumps(msgspec.to_builtins(line)) for line in (held or scan(), *groups)]
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path
