"""Makers of days: ordinary accounts and a pool that passes little on a day, under one deployment's secret."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.lasting.look import Dials, first_look, look
from stillwatch.campaigns.lasting.records import Candidate, Known, Ledger, State
from stillwatch.campaigns.lasting.remember import remember
from stillwatch.campaigns.model import Campaign
from stillwatch.campaigns.telling.assemble import assemble
from stillwatch.campaigns.traffic import Traffic
from tests.campaigns.makers import Passed, accounts_table, names, sent, traffic
from tests.workloads.makers import NOON, SECRET

START = datetime(2026, 3, 2, tzinfo=UTC)
PASSED = "conversation_carried"
OTHER_WORK = 1_000  # workloads of ordinary accounts, one each
FORM = [7_001, 7_002, 7_003, 7_004]  # shingles of the pool's request form


def pool(letter: str = "p", count: int = 10) -> list[str]:
    return names(letter, count)


def _at(number: int, i: int, count: int) -> datetime:
    return NOON.replace(hour=0) + timedelta(days=number, seconds=86_000 * (i + 0.5) / count)


def some_day(
    number: int,
    members: Sequence[str] = (),
    passed: int = 0,
    honest: int = 120,
    seed: int = 1,
    each: int = 6,
    within: Sequence[str] = (),
    **shown: Any,
) -> tuple[list[dict[str, Any]], list[Passed]]:
    """Return the sketches of one day, and what passed: so many conversations between members at random.

    With `within`, between those of them alone.
    """
    chance = np.random.default_rng([seed, number])
    who = [name for name in members for _turn in range(each)]
    who += [name for name in names("h", honest) for _turn in range(4)]
    order = chance.permutation(len(who)).tolist()
    rows, mine = [], set(members)
    for i, at in enumerate(order):
        account = who[at]
        key = number * 100_000 + i
        own = account in mine
        work = 2 if own else 2 * (OTHER_WORK + int(account[1:]))
        known = {"user_shingles": FORM} | shown if own else {}
        rows.append(sent(key, account, work, time=_at(number, i, len(order)), **known))
    events: list[Passed] = []
    among = within or members
    for i in range(passed):
        giver, taker = (among[at] for at in chance.choice(len(among), 2, replace=False).tolist())
        at = next(r["exchange_key"] for r in rows if r["account_id"] == taker)
        events.append((PASSED, (number * 1_000 + i + 1) * 0x9E3779B97F4A7C15 % (1 << 62), giver, taker, at))
    return rows, events


def register(members: Sequence[str], suspended: Sequence[str] = (), at: datetime | None = None) -> pa.Table:
    """Return an accounts table: every pool account has papers of its own; some are suspended."""
    ids = sorted({*members, *names("h", 120)})
    return accounts_table(
        ids,
        payment_fp=lambda a: f"card-{a}",
        email_fp=lambda a: f"mail-{a}",
        phone_fp=lambda a: f"call-{a}",
        email_domain="mail.example",
        status=lambda a: "suspended" if a in suspended else "active",
        status_at=lambda a: at if a in suspended else None,
    )


@contextmanager
def day(number: int, members: Sequence[str] = (), passed: int = 0, **said: Any) -> Iterator[Traffic]:
    """Yield the traffic of one day."""
    accounts = said.pop("accounts", None)
    rows, events = some_day(number, members, passed, **said)
    with traffic(rows, events, register(members) if accounts is None else accounts) as held:
        yield held


def ledger(until: datetime = START, scans: int = 1, **said: Any) -> Ledger:
    return Ledger(scans, until, **said)


def candidate(members: Sequence[str], **said: Any) -> Candidate:
    plain: dict[str, Any] = {
        "origin": "handover", "source": "the test", "picked_by_start": False, "scan": 1, "among": 10,
        "coordination": 1.0, "first_seen": START, "last_seen": START, "ledger": ledger(),
    }  # fmt: skip
    return Candidate(sorted(members), **plain | said)


def known(name: str, members: Sequence[str], **said: Any) -> Known:
    plain: dict[str, Any] = {
        "verdict": "resale_pool",
        "first_seen": START,
        "last_seen": START,
        "log10_e": 5.0,
    }
    return Known(name, sorted(members), **plain | said)


def scan_day(
    held: Traffic, state: State, accounts: pa.Table | None = None
) -> tuple[tuple[Campaign, ...], State]:
    """Scan a day with what earlier days left; return the campaigns and what it leaves."""
    looked = look(held, Dials(0.05, 5), state, accounts, SECRET)
    campaigns = assemble(held, looked.outcome, looked.bulk, looked.earlier, 1.0).campaigns
    return campaigns, remember(state, held, looked, campaigns, SECRET)


def alone(held: Traffic) -> tuple[Campaign, ...]:
    """Scan a day as if there were no other."""
    looked = first_look(held, Dials(0.05, 5))
    return assemble(held, looked.outcome, looked.bulk, looked.earlier, 1.0).campaigns
