"""Rows, truths and results of trials; a test says only what matters to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.model import Campaign, Member, ScanResult
from stillwatch.ranges import Population
from stillwatch.ranges.scenarios.population import part
from stillwatch.ranges.trials.ladder import Row
from stillwatch.ranges.trials.leak_sights import Prefix, Sight
from stillwatch.ranges.trials.leak_truth import LeakTruth
from stillwatch.report.writers import ACCOUNTS_SCHEMA, EXCHANGES_SCHEMA, WORKLOADS_SCHEMA
from tests.report import makers as report

START = datetime(2026, 6, 1, tzinfo=UTC)
HOUR = 3_600_000_000
START_US = int(START.timestamp()) * 1_000_000


def small(*_: object) -> Population:
    """A few people, and a campaign `rung` of four accounts among them."""
    parts = (part("chat_users", 20, 60), part("dedicated_pool", 4, 60, "rung"))
    return Population("small", parts, 1.0)


def honest(*_: object) -> Population:
    """A few people and no campaign."""
    return Population("honest", (part("chat_users", 20, 60),), 1.0)


def row(**said: Any) -> Row:
    """One step of the ladder, found in full."""
    plain: dict[str, Any] = {
        "name": "L2 20x50 at 10x", "level": 2, "accounts": 20, "each": 50, "share": None, "background": 10, "seed": 0,
        "exchanges": 11_000, "harvested": 1000, "attributed": 900, "holding": 1000, "holding_own": 900,
        "workers": 20, "accused": 18, "found": True, "verdict": "distillation_campaign", "false_campaigns": 0,
        "cost": 46.0, "cost_per_thousand": 46.0, "cost_multiple": 1.5, "seconds": 3.0, "baselines": {},
    }  # fmt: skip
    return Row(**(plain | said))


def truth(hours: dict[str, list[tuple[float, str]]], **said: Any) -> LeakTruth:
    """Return a truth of campaigns whose exchanges are (hours after the start, account), 10 tokens each, x0, x1 …"""
    names = tuple(sorted(hours))
    rows = sorted((h, a, names.index(n)) for n, sent in hours.items() for h, a in sent)
    accounts = sorted({a for _, a, _ in rows})
    plain: dict[str, Any] = {
        "campaigns": names,
        "campaign": np.array([c for _, _, c in rows], dtype=np.int32),
        "time": np.array([START_US + round(h * HOUR) for h, _, _ in rows], dtype=np.int64),
        "tokens": np.full(len(rows), 10, dtype=np.int64),
        "answered": np.ones(len(rows), dtype=bool),
        "exchange_id": pa.array([f"x{i}" for i in range(len(rows))]),
        "account": np.array([accounts.index(a) for _, a, _ in rows], dtype=np.int32),
        "accounts": pa.array(accounts),
        "first": START_US,
        "last": START_US + round(max(h for h, _, _ in rows) * HOUR),
    }
    return LeakTruth(**(plain | said))


def campaign(name: str, accounts: list[str], verdict: str = "distillation_campaign") -> Campaign:
    """Return a reported campaign of these accounts."""
    members = tuple(Member(a, 10, 10, 0.9, 3.0) for a in accounts)
    return replace(report.campaign(campaign_id=name, verdict=verdict), accounts=members)


def result(campaigns: list[Campaign], exchanges: dict[str, str], seen: int = 100) -> ScanResult:
    """Return what a scan would: `exchanges` maps an exchange to its campaign."""
    rows = [{"exchange_id": x, "account_id": "a", "campaign_id": c} for x, c in exchanges.items()]
    return ScanResult(
        tuple(campaigns),
        pa.Table.from_pylist(rows, schema=EXCHANGES_SCHEMA),
        ACCOUNTS_SCHEMA.empty_table(),
        WORKLOADS_SCHEMA.empty_table(),
        run={"exchanges": seen},
    )


def prefix(hours: float, *sights: Sight) -> Prefix:
    """Return a scan of the first hours."""
    return Prefix(START + timedelta(hours=hours), 100, sights)


def sight(exchanges: int, accused: int = 0, reported_as: str | None = None, **said: Any) -> Sight:
    """Return how campaign `copper`, of four accounts, stands."""
    plain: dict[str, Any] = {"campaign": "copper", "tokens": 10 * exchanges, "accounts": 4}
    return Sight(exchanges=exchanges, accused=accused, reported_as=reported_as, **(plain | said))
