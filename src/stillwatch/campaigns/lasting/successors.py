"""Successors: accounts that begin after a named campaign's accounts were suspended, and take up what was theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.lasting.carried import numbers_of
from stillwatch.campaigns.lasting.echoes import rate_of, shows
from stillwatch.campaigns.lasting.records import Known
from stillwatch.campaigns.lasting.seen import account_keys, unseen
from stillwatch.campaigns.proposing.propose import Proposal
from stillwatch.campaigns.traffic import Ints, Traffic, among
from stillwatch.evidence.succession import Succession
from stillwatch.sketches import Secret

REPLACED_WITHIN = timedelta(days=30)  # of the last suspension
MIN_TAKERS = 2


@dataclass(frozen=True)
class Succeeded:
    """New accounts held against one campaign."""

    known: Known
    proposal: Proposal  # the takers
    facts: Succession
    whole: Proposal  # the takers with the campaign's members that are still there


def suspensions(accounts: pa.Table | None, members: Sequence[str], until: datetime) -> dict[str, datetime]:
    """Return which members were suspended by `until` (event time), and when.

    A suspension without a time is left out: who came after it cannot be said.
    """
    if accounts is None or not members:
        return {}
    mine = accounts.filter(pc.is_in(accounts["account_id"], pa.array(sorted(members), pa.string())))
    mine = mine.filter(pc.equal(mine["status"], "suspended")).select(["account_id", "status_at"])
    rows = [row for row in mine.to_pylist() if row["status_at"] is not None and row["status_at"] <= until]
    return {
        row["account_id"]: row["status_at"] for row in sorted(rows, key=lambda row: str(row["account_id"]))
    }


def with_suspensions(known: Known, accounts: pa.Table | None, until: datetime) -> dict[str, datetime]:
    """Return the suspensions known before, with those that this scan's accounts table adds."""
    return dict(sorted((suspensions(accounts, known.members, until) | known.suspended).items()))


def find_successors(
    traffic: Traffic,
    campaigns: Sequence[Known],
    suspended: Mapping[str, dict[str, datetime]],
    seen: bytes,
    secret: Secret,
) -> list[Succeeded]:
    """Return for each campaign with suspended accounts the new accounts that show its forms or rare values.

    New is who began after the suspension and was `seen` by no earlier scan.
    """
    found = []
    new = unseen(seen, account_keys(traffic)) if any(suspended.values()) else np.zeros(0, dtype=bool)
    for known in campaigns:
        since = suspended.get(known.campaign_id)
        if not since or known.echo is None or known.judgement == "dismissed":
            continue
        starts = traffic.population.starts
        begun = new & (starts > min(since.values()).timestamp())
        begun &= starts <= (max(since.values()) + REPLACED_WITHIN).timestamp()
        members = numbers_of(traffic, known.members)
        begun[members] = False
        if begun.any():
            succeeded = _held_against(traffic, known, since, np.flatnonzero(begun), members, secret)
            if len(succeeded.proposal.accounts) >= MIN_TAKERS:
                found.append(succeeded)
    return found


def _held_against(
    traffic: Traffic, known: Known, since: dict[str, datetime], newcomers: Ints, members: Ints, secret: Secret
) -> Succeeded:
    assert known.echo is not None
    shown = shows(traffic, known.echo, secret)
    takers = np.intersect1d(shown.any, newcomers)
    # who was there before, in this scan: the form may have become popular since the campaign was named
    control = np.setdiff1d(np.arange(traffic.size), np.union1d(newcomers, members))
    now = (
        rate_of(int(among(shown.any, control).sum()), len(control)) if len(control) >= len(newcomers) else 0.0
    )
    first = min(since.values())
    waits = (traffic.population.starts[takers] - first.timestamp()) / 3600.0
    facts = Succession(
        campaign=known.campaign_id,
        suspended=len(since),
        newcomers=len(newcomers),
        takers=len(takers),
        by_form=len(np.intersect1d(shown.by_form, takers)),
        by_mark=len(np.intersect1d(shown.by_mark, takers)),
        rate=max(known.echo.rate, now),
        hours=float(np.median(waits)) if len(takers) else 0.0,
    )
    source = f"new accounts that took up what was {known.campaign_id}'s"
    whole = np.union1d(takers, members)
    return Succeeded(known, Proposal(takers, "workload", source), facts, Proposal(whole, "workload", source))
