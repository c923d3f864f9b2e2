"""What a scan leaves for the next: campaigns named and their history, groups to look at again, and what was spent.

Memory is bounded: the strongest candidates are kept, by coordination, and none longer than a few weeks of event
time after it was last seen; of a campaign, what it would be known again by.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from stillwatch.campaigns.judging import Finding, Judged
from stillwatch.campaigns.judging.distinct import CONTAINED, SAME_GROUP
from stillwatch.campaigns.lasting.carried import Weighed, moment, span_of
from stillwatch.campaigns.lasting.echoes import learn
from stillwatch.campaigns.lasting.history import changes, merged_into, split_from
from stillwatch.campaigns.lasting.ledger import DIGITS, open_ledger
from stillwatch.campaigns.lasting.look import BULK, Look
from stillwatch.campaigns.lasting.records import Candidate, Echo, Known, Ledger, State
from stillwatch.campaigns.lasting.seen import account_keys, with_keys
from stillwatch.campaigns.model import VERDICTS, Campaign
from stillwatch.campaigns.traffic import Ints, Traffic
from stillwatch.sketches import Secret

MOST_CANDIDATES = 200
KEPT = timedelta(weeks=8)  # after a candidate was last seen
KEPT_FORMS = 12  # of a campaign: those learned last
KEPT_CHANGES = 2_000  # the latest
NEAR = 0.5  # log10 e of coordination at which a group is looked at again


@dataclass(frozen=True)
class _Scan:
    """What this scan saw, for the records made of it."""

    traffic: Traffic
    looked: Look
    secret: Secret | None
    until: datetime


def forget_keys(state: State, secret_id: str | None) -> State:
    """Return the state without what was keyed by another secret; ids and members stay."""
    if state.secret_id == secret_id:
        return state
    campaigns = [msgspec.structs.replace(known, echo=None) for known in state.campaigns]
    return msgspec.structs.replace(state, secret_id=secret_id, campaigns=campaigns, seen=b"")


def remember(
    state: State, traffic: Traffic, looked: Look, campaigns: Sequence[Campaign], secret: Secret | None
) -> State:
    """Return the state after a scan. `campaigns` are what it reports, named.

    Deterministic, and by event time alone: `until` of the new state is the last moment of all data so far.
    """
    first, last = span_of(traffic)
    scan = _Scan(traffic, looked, secret, last)
    before = {known.campaign_id: known for known in state.campaigns}
    now = {
        campaign.campaign_id: _known(scan, campaign, before.get(campaign.campaign_id))
        for campaign in campaigns
    }
    merged, split = merged_into(looked.earlier, now), split_from(before, now)
    events = changes(before, now, merged, split, {s.known.campaign_id for s in looked.successors}, last)
    rest = {
        name: _left(scan, known, now, split) for name, known in before.items() if name not in now | merged
    }
    found = dict(state.found)
    for finding in looked.discoveries:
        found[finding.verdict] = found.get(finding.verdict, 0) + 1
    return State(
        secret_id=secret.id if secret is not None else None,
        scans=state.scans + 1,
        since=min(first, state.since or first),
        until=max(last, state.until or last),
        found={verdict: found[verdict] for verdict in VERDICTS if verdict in found},
        seen=with_keys(state.seen, account_keys(traffic)) if secret is not None else b"",
        campaigns=[known for _name, known in sorted((rest | _absorbed(now, merged, before)).items())],
        candidates=_candidates(scan, state, [*now.values(), *rest.values()]),
        history=[*state.history, *events][-KEPT_CHANGES:],
    )


def finding_of(findings: Iterable[Finding], campaign: Campaign, traffic: Traffic) -> Finding | None:
    """Return the finding that a reported campaign was made of: of its verdict and numbers, with its members."""
    members = {member.account_id for member in campaign.accounts}
    alike = (f for f in findings if f.verdict == campaign.verdict and f.log10_e == campaign.log10_e)
    holding = [f for f in alike if members <= set(_ids(traffic, f.judged.group.accounts))]
    return min(holding, key=lambda f: f.judged.group.size, default=None)


def _ids(traffic: Traffic, accounts: Ints) -> list[str]:
    return [traffic.account_ids[int(account)].as_py() for account in accounts]


def _known(scan: _Scan, campaign: Campaign, before: Known | None) -> Known:
    """Return the record of a reported campaign, with what was known of it before."""
    finding = finding_of(scan.looked.findings, campaign, scan.traffic)
    members = {member.account_id for member in campaign.accounts}
    members |= set(before.members) if before is not None else set()
    first = before.first_seen if before is not None and before.first_seen else campaign.first_seen
    upgraded = before is None or before.verdict is None or before.verdict != campaign.verdict
    last = before.last_seen if before is not None and before.last_seen else campaign.last_seen
    return Known(
        campaign_id=campaign.campaign_id,
        members=sorted(members),
        verdict=campaign.verdict,
        first_seen=min(first, campaign.first_seen),
        last_seen=max(last, campaign.last_seen),
        log10_e=round(campaign.log10_e, DIGITS) if upgraded or before is None else before.log10_e,
        cut=round(finding.cut, DIGITS)
        if finding and (upgraded or before is None)
        else before.cut
        if before
        else 0.0,
        origin=finding.judged.group.origin if finding else before.origin if before else "handover",
        source=finding.judged.group.source if finding else before.source if before else "",
        ledger=_ledger(scan, campaign, finding, before),
        echo=_echo(scan, finding, before),
        suspended=scan.looked.suspended.get(campaign.campaign_id, {}),
        judgement=before.judgement if before is not None else None,
    )


def _ledger(scan: _Scan, campaign: Campaign, finding: Finding | None, before: Known | None) -> Ledger | None:
    if campaign.verdict == BULK:
        return None
    for weighed in scan.looked.weighed:
        record = weighed.carried.record
        if isinstance(record, Known) and record.campaign_id == campaign.campaign_id and weighed.ledger:
            return weighed.ledger
    if before is not None and before.ledger is not None:
        return before.ledger
    if finding is None:
        return None
    return open_ledger(scan.traffic, finding.judged, scan.until)


def _echo(scan: _Scan, finding: Finding | None, before: Known | None) -> Echo | None:
    """Return what the campaign would be known again by: as learned now, else as before; the higher rate of both."""
    old = before.echo if before is not None else None
    if finding is None or scan.secret is None:
        return old
    new = learn(scan.traffic, finding.judged.group, scan.secret)
    if new is None or old is None:
        return new or old
    forms = [*new.forms, *(form for form in old.forms if form not in new.forms)][:KEPT_FORMS]
    marks = {
        trait: sorted({*new.marks.get(trait, []), *old.marks.get(trait, [])})
        for trait in sorted(new.marks.keys() | old.marks.keys())
    }
    return Echo(forms, marks, max(new.rate, old.rate))


def _left(scan: _Scan, known: Known, now: Mapping[str, Known], split: Mapping[str, str]) -> Known:
    """Return a campaign that this scan does not report: as it was, without members that split off."""
    gone = {
        member
        for name, parent in split.items()
        if parent == known.campaign_id
        for member in now[name].members
    }
    members = [member for member in known.members if member not in gone] or known.members
    suspended = scan.looked.suspended.get(known.campaign_id, known.suspended)
    return msgspec.structs.replace(known, members=members, suspended=suspended)


def _absorbed(
    now: Mapping[str, Known], merged: Mapping[str, str], before: Mapping[str, Known]
) -> dict[str, Known]:
    """Return the reported campaigns with the members of those that merged into them."""
    found = dict(now)
    for name, into in sorted(merged.items()):
        members = sorted({*found[into].members, *before[name].members})
        suspended = dict(sorted((before[name].suspended | found[into].suspended).items()))
        found[into] = msgspec.structs.replace(found[into], members=members, suspended=suspended)
    return found


def _candidates(scan: _Scan, state: State, campaigns: Iterable[Known]) -> list[Candidate]:
    """Return the groups to look at again: those carried that are still nothing else, then the new ones."""
    named = [frozenset(known.members) for known in campaigns]
    seen = {id(w.carried.record): w for w in scan.looked.weighed}
    kept = [_renewed(scan, candidate, seen.get(id(candidate))) for candidate in state.candidates]
    kept = [c for c in kept if c.last_seen >= scan.until - KEPT and c.coordination > 0]
    groups = [*named, *(frozenset(candidate.members) for candidate in kept)]
    for judged in scan.looked.outcome.innocent:
        if judged.group.size >= 2 and judged.axes["coordination"] > NEAR:
            candidate = _candidate(scan, state, judged)
            if not any(_alike(frozenset(candidate.members), other) for other in groups):
                kept.append(candidate)
                groups.append(frozenset(candidate.members))
    kept = [c for c in kept if not any(_alike(frozenset(c.members), members) for members in named)]
    strongest = sorted(kept, key=lambda c: (-c.coordination, c.scan, c.members))[:MOST_CANDIDATES]
    return sorted(strongest, key=lambda c: (c.scan, c.members))


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    shared = len(a & b)
    return shared >= SAME_GROUP * len(a | b) or shared >= CONTAINED * len(a)


def _candidate(scan: _Scan, state: State, judged: Judged) -> Candidate:
    group = judged.group
    starts, ends = scan.traffic.population.starts, scan.traffic.population.ends
    return Candidate(
        members=sorted(_ids(scan.traffic, group.accounts)),
        origin=group.origin,
        source=group.source,
        picked_by_start=group.picked_by_start,
        scan=state.scans + 1,
        among=scan.looked.proposals,
        coordination=round(judged.axes["coordination"], DIGITS),
        first_seen=moment(float(starts[group.accounts].min())),
        last_seen=moment(float(ends[group.accounts].max())),
        ledger=open_ledger(scan.traffic, judged, scan.until),
    )


def _renewed(scan: _Scan, candidate: Candidate, weighed: Weighed | None) -> Candidate:
    """Return a carried candidate after this scan; as it was where its members are not in it."""
    if weighed is None or weighed.ledger is None:
        return candidate
    ends = scan.traffic.population.ends[weighed.carried.proposal.accounts]
    return msgspec.structs.replace(
        candidate,
        coordination=round(weighed.judged.axes["coordination"], DIGITS),
        last_seen=max(candidate.last_seen, moment(float(ends.max()))),
        ledger=weighed.ledger,
    )
