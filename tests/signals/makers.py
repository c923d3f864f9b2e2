"""Plausible groups, uses and populations; a test says only what matters to it. All figures are invented."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np

from stillwatch.evidence.group import Group, Handovers, Population, Trait, Use
from stillwatch.evidence.row import Evidence
from stillwatch.signals import HANDOVERS
from tests.signals.lives import lifecycle
from tests.signals.mixes import mixes

HOUR = 3600.0
NOON = 1_793_620_800.0  # a Monday in 2026, epoch seconds
MEMBERS = 10


def use(**said: Any) -> Use:
    """One workload of ten members with 40 exchanges each; what is not said follows from the loads.

    Times not said give every holder a part of its own of the log's thirty days, so nothing is joint.
    """
    loads = np.asarray(said.pop("loads", [40] * said.get("holders", MEMBERS)), dtype=np.int64)
    outside = np.asarray(said.pop("outside_loads", [25, 31, 18]), dtype=np.int64)
    n = int(loads.sum())
    spread = np.arange(len(loads)) * 60 * HOUR + NOON
    spread_outside = np.arange(len(outside)) * 55 * HOUR + NOON
    plausible: dict[str, Any] = {
        "workload": 1,
        "templated": True,
        "holders": len(loads),
        "exchanges": n,
        "answered": n,
        "openings": n,
        "long_answers": n,
        "generated": n,
        "short_prompts": n,
        "refused": 0,
        "tool_answers": 0,
        "with_tools": 0,
        "many_samples": 0,
        "contents": n,
        "repeated": 0,
        "collisions": 0,
        "outputs": n,
        "skeletons": 3,
        "classified": 0,
        "asked": {},
        "given": {},
        "user_form": True,
        "user_spread": 0.2,
        "holding": np.arange(len(loads)),
        "loads": loads,
        "starts": spread,
        "ends": spread + 30 * HOUR,
        "halves": np.arange(len(loads)) % 2,
        "outside_loads": outside,
        "outside_starts": spread_outside,
        "outside_ends": spread_outside + 30 * HOUR,
        "outside_halves": np.arange(len(outside)) % 2,
        "draws": loads,
        "outside_draws": int(outside.sum()),
        "shared_contents": 12,
        "meetings": 12,
    }
    known = {field.name for field in fields(Use)}
    return Use(**{name: value for name, value in plausible.items() if name in known} | said)


def trait(**said: Any) -> Trait:
    """Ten members with a value each, none of them shared, in a population of 290 others."""
    plausible: dict[str, Any] = {
        "known": MEMBERS,
        "distinct": MEMBERS,
        "top": 1,
        "outside_known": 290,
        "outside_top": 0,
        "values": 300,
    }
    return Trait(**plausible | said)


def handovers(**said: Any) -> Handovers:
    """Six things passed, three of them in the halves that did not form the group; chance makes a tenth."""
    plausible: dict[str, Any] = {"units": 6, "tested": (2, 1), "expected": (0.05, 0.05)}
    return Handovers(**plausible | said)


TRAITS = (
    *("payment", "organisation", "email_domain", "email", "phone", "signup_ip"),
    *("device", "connection", "address", "network", "client"),
)


def group(**said: Any) -> Group:
    """Ten accounts that links proposed, with every field a signal could ask for."""
    accounts = said.get("accounts", np.arange(MEMBERS))
    uses = said.get("uses", (use(),))
    plausible: dict[str, Any] = {
        "accounts": accounts,
        "origin": "handover",
        "source": "things passed between accounts",
        "uses": uses,
        "handovers": {name: handovers() for name in HANDOVERS},
        "traits": {name: trait(top=4, distinct=7) for name in TRAITS},
        "exchanges": sum(each.exchanges for each in uses),
        "openings": sum(each.openings for each in uses),
        "workloads": max(len(uses), 1),
        "lifecycle": lifecycle(len(accounts)),
        "mixes": mixes(len(accounts)),
    }
    return Group(**plausible | said)


def bare_group(**said: Any) -> Group:
    """Ten accounts of which nothing is known but that they are ten."""
    known: dict[str, Any] = {"accounts": np.arange(MEMBERS), "origin": "handover", "source": "nothing"}
    return Group(**known | said)


def population(**said: Any) -> Population:
    """300 accounts; each is active on a day or two of its own out of thirty."""
    size = said.pop("size", 300)
    random = np.random.default_rng(said.pop("seed", 1))
    starts = NOON + random.uniform(0, 28 * 24 * HOUR, size)
    plausible: dict[str, Any] = {
        "loads": random.integers(5, 200, size),
        "starts": starts,
        "ends": starts + random.uniform(HOUR, 48 * HOUR, size),
        "work_starts": said.get("starts", starts),
        "work_ends": said.get("ends", starts + random.uniform(HOUR, 48 * HOUR, size)),
        "has_accounts_table": True,
        "present": frozenset(("messages", "output", "time", "account_id")),
        "main_shares": random.uniform(0.2, 1.0, size),
    }
    return Population(**plausible | said)


def upper_bound(e_values: Any) -> float:
    """Return an upper confidence bound (three standard errors) of the mean of simulated e-values."""
    e = np.asarray(e_values, dtype=float)
    return float(e.mean() + 3.0 * e.std() / np.sqrt(len(e)))


def plain(row: Evidence | None) -> float:
    """Return the e-value of a row; no row is no evidence, one."""
    return 1.0 if row is None else float(10.0**row.log10_e)
