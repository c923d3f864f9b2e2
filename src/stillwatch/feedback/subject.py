"""The subject of a word: a campaign, an account or a near finding of some results, with what was held of it then."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from stillwatch.campaigns.model import Campaign, Examined, ScanResult
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.groups import Key, key_of
from stillwatch.feedback.ledger import Finding
from stillwatch.report.record import axes_record, evidence_record, most_serious_first
from stillwatch.report.words import rfc3339

NEAR = "near-"


@dataclass(frozen=True)
class Subject:
    """What a word is on. `key` finds the group as measured; None where no group stands for the subject alone."""

    name: str
    about: str
    found: Finding
    key: Key | None
    why_no_group: str = ""


def find_subject(result: ScanResult, name: str) -> Subject:
    """Return the campaign (by id, its start or its place in the list), near-N (by its place) or account meant.

    An account that is all of a campaign stands for it. Raises FeedbackError where the results hold no such thing.
    """
    campaigns = most_serious_first(result.campaigns)
    campaign = _campaign(campaigns, name)
    if campaign is not None:
        return _of_campaign(result, campaign.campaign_id, campaign)
    if name.startswith(NEAR):
        return _of_near(result, name)
    return _of_account(result, name, campaigns)


def _campaign(campaigns: Sequence[Campaign], name: str) -> Campaign | None:
    if name.isdecimal() and 1 <= int(name) <= len(campaigns):
        return campaigns[int(name) - 1]
    exact = [c for c in campaigns if c.campaign_id == name]
    started = exact or [c for c in campaigns if name.startswith("C-") and c.campaign_id.startswith(name)]
    return started[0] if len(started) == 1 else None


def _cut(result: ScanResult) -> float | None:
    cut = result.run.get("cut_log10_e")
    return None if cut is None else float(cut)


def _finding(result: ScanResult, campaign: Campaign) -> Finding:
    return Finding(
        verdict=campaign.verdict,
        confidence=campaign.confidence,
        log10_e=round(campaign.log10_e, 4),
        cut=_cut(result),
        axes=axes_record(campaign.axes),
        evidence=tuple(evidence_record(row) for row in campaign.evidence),
        counter_evidence=tuple(evidence_record(row) for row in campaign.counter_evidence),
        accounts=len(campaign.accounts),
    )


def _of_campaign(result: ScanResult, name: str, campaign: Campaign) -> Subject:
    key = key_of(campaign.campaign_id, campaign.verdict, campaign.axes)
    return Subject(name, campaign.campaign_id, _finding(result, campaign), key)


def _of_near(result: ScanResult, name: str) -> Subject:
    number = name.removeprefix(NEAR)
    if not number.isdecimal() or not 1 <= int(number) <= len(result.examined):
        raise FeedbackError(
            f"no near finding {name!r}: {len(result.examined)} groups were examined and not named\n"
            f"  fix: count them in the report's list, the first is {NEAR}1"
        )
    group: Examined = result.examined[int(number) - 1]
    found = Finding(
        verdict=None,
        confidence=None,
        log10_e=round(min(group.axes.values(), default=0.0), 4),
        cut=_cut(result),
        axes=axes_record(group.axes),
        evidence=tuple(evidence_record(row) for row in group.evidence),
        counter_evidence=tuple(evidence_record(row) for row in group.counter_evidence),
        accounts=group.accounts,
    )
    # its place in one list is no name over scans: the end of the scan's data goes with it
    about = f"{name} of {event_time(result)[:19] or 'an undated scan'}"
    return Subject(name, about, found, key_of(name, None, group.axes))


def _of_account(result: ScanResult, name: str, campaigns: Sequence[Campaign]) -> Subject:
    holding = [c for c in campaigns if any(member.account_id == name for member in c.accounts)]
    alone = next((c for c in holding if len(c.accounts) == 1), None)
    if alone is not None:
        return _of_campaign(result, name, alone)
    if holding:
        found = _finding(result, holding[0])
        others = len(holding[0].accounts) - 1
        why = (
            f"the group that was measured, {holding[0].campaign_id}, holds {others} other accounts; "
            "name the campaign if the word is on all of them"
        )
        return Subject(name, name, found, None, why)
    if not pc.any(pc.equal(result.accounts["account_id"], name)).as_py():
        raise FeedbackError(_unknown(name, campaigns))
    nothing = Finding(None, None, 0.0, _cut(result), {}, (), (), 1)
    return Subject(
        name, name, nothing, None, "nothing was found on this account, so no group of it was measured"
    )


def _unknown(name: str, campaigns: Sequence[Campaign]) -> str:
    known = [*(c.campaign_id for c in campaigns), *(m.account_id for c in campaigns for m in c.accounts)]
    near = difflib.get_close_matches(name, known, n=3)
    fix = f"did you mean {', '.join(near)}?" if near else "see `stillwatch explain RESULTS` for the campaigns"
    return f"no campaign and no account {name!r} in these results\n  fix: {fix}"


def event_time(result: ScanResult) -> str:
    """Return the last event time of a scan, RFC 3339; empty where its tables are."""
    latest = pc.max(result.workloads["last_seen"]).as_py() if result.workloads.num_rows else None
    seen = [c.last_seen for c in result.campaigns] + ([latest] if latest else [])
    return rfc3339(max(seen)) if seen else ""


def origin(run: Mapping[str, Any]) -> tuple[str, str]:
    """Return the version that scanned and the id of its secret, as run.json has them; empty where it has not."""
    return str(run.get("version", "")), str(run.get("seed_id") or run.get("secret_id") or "")
