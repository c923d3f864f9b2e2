"""Carried over: groups that earlier scans proposed or named, looked up in this scan and weighed again.

Their members were chosen by earlier data, so all of this scan's data may speak, where it is later data. Where
the scan covers again what was counted, only what a proposal of its own would show does, and nothing is added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.judging import Judged, judge
from stillwatch.campaigns.lasting.ledger import add_scan, carry, over_scans, with_tallies
from stillwatch.campaigns.lasting.records import Candidate, Known, Ledger
from stillwatch.campaigns.measuring import Bench, measure
from stillwatch.campaigns.proposing.propose import Proposal
from stillwatch.campaigns.traffic import Ints, Traffic


@dataclass(frozen=True)
class Carried:
    """A group of earlier scans in this one."""

    record: Candidate | Known
    proposal: Proposal  # of those members that are there
    later: bool  # whether this scan's data begin after what was counted


@dataclass(frozen=True)
class Weighed:
    """A carried group, judged by all scans, and its ledger after this one."""

    carried: Carried
    judged: Judged
    ledger: Ledger | None


def moment(seconds: float) -> datetime:
    """Return epoch seconds as an instant, to the microsecond."""
    return datetime.fromtimestamp(round(seconds, 6), UTC)


def span_of(traffic: Traffic) -> tuple[datetime, datetime]:
    """Return the first and last event time of a scan's data."""
    return moment(float(traffic.population.starts.min())), moment(float(traffic.population.ends.max()))


def numbers_of(traffic: Traffic, members: Iterable[str]) -> Ints:
    """Return the account numbers of those members that the scan saw, sorted."""
    at = pc.index_in(pa.array(sorted(members), pa.string()), traffic.account_ids).drop_null()
    return np.sort(at.to_numpy(zero_copy_only=False).astype(np.int64))


def look_up(traffic: Traffic, records: Iterable[Candidate | Known]) -> list[Carried]:
    """Return the groups of which at least two members are in this scan."""
    first, _last = span_of(traffic)
    found = []
    for record in records:
        members = numbers_of(traffic, record.members)
        if len(members) < 2:
            continue
        picked = isinstance(record, Candidate) and record.picked_by_start
        proposal = Proposal(members, record.origin, record.source, picked_by_start=picked)
        later = record.ledger is not None and first > record.ledger.until
        found.append(Carried(record, proposal, later))
    return found


def weigh(bench: Bench, carried: Carried) -> Weighed:
    """Judge a carried group: by all scans where the data are later, by this one alone where they are not."""
    traffic, ledger = bench.traffic, carried.record.ledger
    if not carried.later or ledger is None:
        return Weighed(carried, judge(measure(bench, carried.proposal), traffic.population), ledger)
    group = measure(bench, carried.proposal)
    tallies = add_scan(ledger.passed, traffic, group)
    judged = judge(with_tallies(group, tallies, len(carried.record.members)), traffic.population)
    _first, last = span_of(traffic)
    after = carry(ledger, judged, tallies, last)
    return Weighed(carried, over_scans(judged, after), after)
