"""One look at a scan's traffic: proposals made, weighed and decided, with what earlier scans left if there is a state.

A scan spends its share of the dial on new discoveries (`evidence/online.py`): on its own proposals, and on the
groups that earlier scans proposed and did not name. All that an earlier scan proposed counts as carried over, though
only the strongest are: of the budget, its own m proposals take one half, and the carried the other, so a carried
group's coordination is lowered by the ratio of all that were proposed then to m (weighted e-BH, Wang & Ramdas 2022,
JRSS-B 84(3)). Which groups are carried rests on coordination alone, never on what they take.

A campaign that was named before is continued, not discovered anew: whether a proposal is its present shape is tested at
the plain dial of one scan, and where no proposal is, those of its members that are there stand for it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
import pyarrow as pa

from stillwatch.campaigns.judging import Earlier, Finding, Judged, Outcome, decide, decide_bulk, judge
from stillwatch.campaigns.judging.decide import NEEDED
from stillwatch.campaigns.judging.distinct import overlap
from stillwatch.campaigns.lasting.carried import Weighed, look_up, numbers_of, span_of, weigh
from stillwatch.campaigns.lasting.kin import Kin, kin_of
from stillwatch.campaigns.lasting.records import Candidate, Known, State
from stillwatch.campaigns.lasting.successors import Succeeded, find_successors, with_suspensions
from stillwatch.campaigns.measuring import Bench, measure, set_up
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.campaigns.proposing.propose import bulk_proposals, propose
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.evalues import e_benjamini_hochberg
from stillwatch.evidence.group import Population
from stillwatch.evidence.online import share_of_scan
from stillwatch.evidence.succession import Succession
from stillwatch.signals.succession import SIGNAL
from stillwatch.sketches import Secret

BULK: Verdict = "bulk_extraction"
CLEARED = -1.0  # log10 e of today's counter-evidence, at which a known campaign is not carried on by itself
FEWEST = 2  # members there, for a known campaign to be carried on


@dataclass(frozen=True)
class Look:
    """What one scan found, and what of it the state has to know."""

    outcome: Outcome
    bulk: tuple[Finding, ...]
    discoveries: tuple[Finding, ...] = ()  # of both, those that no earlier scan named with this verdict
    weighed: tuple[Weighed, ...] = ()
    successors: tuple[Succeeded, ...] = ()  # that were accepted
    suspended: dict[str, dict[str, datetime]] = field(default_factory=dict)
    earlier: dict[str, frozenset[str]] = field(default_factory=dict)  # members by id, of those there
    proposals: int = 0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was found of several accounts and of single ones."""
        return (*self.outcome.findings, *self.bulk)


@dataclass(frozen=True)
class Dials:
    """What the operator set."""

    rate: float  # false-discovery rate
    min_accounts: int


def first_look(traffic: Traffic, dials: Dials) -> Look:
    """Return what a scan finds by itself, without a state."""
    proposals, single = propose(traffic), list(bulk_proposals(traffic))
    bench = set_up(traffic, [*proposals, *single])
    judged = [judge(measure(bench, p), traffic.population) for p in proposals]
    outcome = decide(judged, dials.rate, dials.min_accounts)
    bulk = decide_bulk([judge(measure(bench, p), traffic.population) for p in single], dials.rate)
    return Look(outcome, tuple(bulk), (*outcome.findings, *bulk), proposals=len(proposals))


def look(
    traffic: Traffic, dials: Dials, state: State, accounts: pa.Table | None, secret: Secret | None
) -> Look:
    """Return what a scan finds with what earlier ones left.

    `accounts` is the whole accounts table: a banned account sends nothing more. Without a `secret` that stays
    the same, nobody can be known again by what they took up.
    """
    _first, until = span_of(traffic)
    suspended = {k.campaign_id: with_suspensions(k, accounts, until) for k in state.campaigns}
    named = [k for k in state.campaigns if k.verdict is not None]
    tried = find_successors(traffic, named, suspended, state.seen, secret) if secret is not None else []
    proposals, single = propose(traffic), list(bulk_proposals(traffic))
    groups = [k for k in named if k.verdict != BULK]
    carried = look_up(traffic, [*state.candidates, *groups])
    made = [
        *proposals,
        *single,
        *(c.proposal for c in carried),
        *(p for s in tried for p in (s.proposal, s.whole)),
    ]
    bench = set_up(traffic, made)
    accepted = _accepted(bench, tried, dials.rate)
    weighed = [weigh(bench, c) for c in carried]
    everybody = traffic.population
    kin = kin_of(traffic, groups, {s.known.campaign_id: s.proposal.accounts for s, _judged in accepted})
    own = [judge(measure(bench, p), everybody) for p in proposals]
    outcome, discoveries = _campaigns(own, weighed, accepted, kin, dials, state)
    facts = {one.known.campaign_id: one.facts for one, _judged in accepted}
    told = tuple(_told(finding, kin, facts, everybody) for finding in outcome.findings)
    outcome = replace(outcome, findings=told)
    alone = [judge(measure(bench, p), everybody) for p in single]
    bulk, first = _bulk(alone, traffic, named, dials.rate, state)
    return Look(
        outcome=outcome,
        bulk=bulk,
        discoveries=(*discoveries, *first),
        weighed=tuple(weighed),
        successors=tuple(s for s, _judged in accepted),
        suspended=suspended,
        earlier=_earlier(traffic, state, kin),
        proposals=len(proposals),
    )


def _told(finding: Finding, kin: Kin, facts: Mapping[str, Succession], everybody: Population) -> Finding:
    """Return the finding with what shows that it succeeds a suspended campaign, where it does."""
    known = kin.of(finding.judged)
    if known is None or known.campaign_id not in facts or finding.judged.group.succession is not None:
        return finding
    group = replace(finding.judged.group, succession=facts[known.campaign_id])
    return replace(finding, judged=judge(group, everybody))


def _accepted(bench: Bench, tried: Sequence[Succeeded], rate: float) -> list[tuple[Succeeded, Judged]]:
    """Return whose succession is shown, by e-BH on that alone, with the campaign's group as it is now.

    That the new accounts belong to each other would not make them this campaign's.
    """
    everybody = bench.traffic.population
    rows = [
        SIGNAL.weigh(replace(measure(bench, one.proposal), succession=one.facts), everybody) for one in tried
    ]
    scores = np.array([row.log10_e if row is not None else 0.0 for row in rows], dtype=np.float64)
    passed, _cut = e_benjamini_hochberg(scores, rate)
    accepted = []
    for at in np.flatnonzero(passed):
        one = tried[int(at)]
        whole = replace(measure(bench, one.whole), succession=one.facts)
        accepted.append((one, judge(whole, everybody)))
    return accepted


def _campaigns(
    own: Sequence[Judged],
    weighed: Sequence[Weighed],
    accepted: Sequence[tuple[Succeeded, Judged]],
    kin: Kin,
    dials: Dials,
    state: State,
) -> tuple[Outcome, list[Finding]]:
    """Return the findings of several accounts, new and continued, and which of them are new."""
    candidates = [w for w in weighed if isinstance(w.carried.record, Candidate)]
    share = dials.rate * share_of_scan(state.scans + 1)
    toll = _toll(state.candidates, len(own))
    tested = [*own, *(_lowered(w.judged, toll) for w in candidates)]
    earlier = Earlier(
        found={verdict: state.found.get(verdict, 0) for verdict in VERDICTS},
        untold=len(own) if state.candidates else 0,
        known=kin.known_as,
    )
    outcome = decide(tested, share, dials.min_accounts, earlier)
    new = list(outcome.findings)
    continued = _continued(own, weighed, accepted, kin, dials, new)
    groups = [finding.judged.group for finding in (*new, *continued)]
    near = tuple(j for j in outcome.innocent if not any(overlap(j.group, group) for group in groups))
    coordinated = outcome.coordinated + len(continued)
    return replace(outcome, findings=(*new, *continued), innocent=near, coordinated=coordinated), new


def _toll(candidates: Sequence[Candidate], proposals: int) -> float:
    """Return by what carried groups are lowered: log10 of all that were proposed with them, to this scan's."""
    among = sum({candidate.scan: candidate.among for candidate in candidates}.values())
    return max(0.0, math.log10(max(among, 1) / max(proposals, 1)))


def _lowered(judged: Judged, toll: float) -> Judged:
    return replace(judged, axes=judged.axes | {"coordination": judged.axes["coordination"] - toll})


def _continued(
    own: Sequence[Judged],
    weighed: Sequence[Weighed],
    accepted: Sequence[tuple[Succeeded, Judged]],
    kin: Kin,
    dials: Dials,
    new: Sequence[Finding],
) -> list[Finding]:
    """Return the known campaigns as they are now: by proposals, by successors, or by their members alone."""
    again = [j for j in own if _goes_on(kin.of(j))]
    taken = [finding.judged.group for finding in new]
    found: list[Finding] = []
    for finding in decide(again, dials.rate, dials.min_accounts).findings:
        known = kin.of(finding.judged)
        if known is not None and known.verdict is not None:
            found.append(_as_known(finding, known))
    found = [f for f in found if not any(overlap(f.judged.group, group) for group in taken)]
    shown = {k.campaign_id for f in (*new, *found) if (k := kin.of(f.judged)) is not None}
    for one, judged in accepted:
        if one.known.campaign_id not in shown:
            found.append(_standing(one.known, judged))
            shown.add(one.known.campaign_id)
    for one_more in weighed:
        known = one_more.carried.record if isinstance(one_more.carried.record, Known) else None
        if known is None or not _goes_on(known) or known.campaign_id in shown or not _stands(one_more):
            continue
        rivals = (*taken, *(f.judged.group for f in found))
        if not any(overlap(one_more.judged.group, group) for group in rivals):
            found.append(_standing(known, one_more.judged))
    return found


def _goes_on(known: Known | None) -> bool:
    return known is not None and known.judgement != "dismissed"


def _stands(weighed: Weighed) -> bool:
    """Return whether a known campaign goes on by itself: members are there, and nothing new speaks for them."""
    against = sum(min(row.log10_e, 0.0) for row in weighed.judged.counter)
    return weighed.judged.group.size >= FEWEST and against > CLEARED


def _as_known(finding: Finding, known: Known) -> Finding:
    """Return what a known campaign is now, under the verdict that passed its test over all scans."""
    verdict = known.verdict
    if verdict is None or finding.verdict == verdict:
        return finding
    if VERDICTS.index(finding.verdict) > VERDICTS.index(verdict):  # it showed more before
        return _standing(known, finding.judged)
    reached = min(finding.judged.axes[axis] for axis in NEEDED[verdict])
    return replace(finding, verdict=verdict, log10_e=reached, cut=known.cut)


def _standing(known: Known, judged: Judged) -> Finding:
    """Return the finding of a campaign that passed its test in an earlier scan, with the evidence it passed by."""
    assert known.verdict is not None
    return Finding(judged, known.verdict, known.log10_e, known.cut)


def _bulk(
    alone: Sequence[Judged], traffic: Traffic, named: Sequence[Known], rate: float, state: State
) -> tuple[tuple[Finding, ...], list[Finding]]:
    """Return the findings of single accounts, and which of them are new."""
    known = [k for k in named if k.verdict == BULK]
    before = {int(n) for k in known for n in numbers_of(traffic, k.members)}
    fresh = [j for j in alone if int(j.group.accounts[0]) not in before]
    going_on = {int(n) for k in known if _goes_on(k) for n in numbers_of(traffic, k.members)}
    again = [j for j in alone if int(j.group.accounts[0]) in going_on]
    share = rate * share_of_scan(state.scans + 1)
    new = decide_bulk(fresh, share, state.found.get(BULK, 0))
    return (*new, *decide_bulk(again, rate)), new


def _earlier(traffic: Traffic, state: State, kin: Kin) -> dict[str, frozenset[str]]:
    """Return, for naming, the members by id: of a known campaign those that are there, with its successors."""
    found = {}
    for known in state.campaigns:
        there = kin.there.get(known.campaign_id)
        if there is None:
            there = numbers_of(traffic, known.members)
        found[known.campaign_id] = frozenset(traffic.account_ids.take(pa.array(there)).to_pylist())
    return {name: members for name, members in found.items() if members}
