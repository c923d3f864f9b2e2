"""What a person may ask a result about: a campaign, an account, two accounts, an exchange; as text or as data."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, Literal

import pyarrow.compute as pc

from stillwatch.campaigns.model import Campaign, ScanResult
from stillwatch.report import words
from stillwatch.report.explain import explain_account, explain_campaign
from stillwatch.report.innocence import told
from stillwatch.report.links import (
    explain_exchange,
    explain_link,
    member_of,
    own_ties,
    tie_rarity,
    without_strongest,
)
from stillwatch.report.reasons import what_decides, why_this_word
from stillwatch.report.record import campaign_record, most_serious_first, rounded

Kind = Literal["campaign", "account", "exchange"]

SHOWN_IDS = 4


def meant(result: ScanResult, subject: str) -> str:
    """Return the campaign meant by its place in the list (1 is the first) or the start of its id, else the id."""
    campaigns = [campaign.campaign_id for campaign in most_serious_first(result.campaigns)]
    if kind_of(result, subject) is not None:
        return subject
    if subject.isdecimal() and 1 <= int(subject) <= len(campaigns):
        return campaigns[int(subject) - 1]
    starting = [name for name in campaigns if subject and name.startswith(subject)]
    return starting[0] if len(starting) == 1 else subject


def kind_of(result: ScanResult, subject: str) -> Kind | None:
    """Return what an id names; None where it names nothing of this result."""
    if any(campaign.campaign_id == subject for campaign in result.campaigns):
        return "campaign"
    if _seen(result, subject):
        return "account"
    return "exchange" if pc.index(result.exchanges["exchange_id"], subject).as_py() >= 0 else None


def _seen(result: ScanResult, account_id: str) -> bool:
    """Return whether an account is in the table of accounts or, where another tool wrote none, in a campaign."""
    known = any(member_of(campaign, account_id) for campaign in result.campaigns)
    return known or pc.index(result.accounts["account_id"], account_id).as_py() >= 0


def explain_subject(result: ScanResult, subject: str, other: str | None = None) -> str:
    """Return what a result holds of a subject, or of the link between two accounts, in plain text.

    Raises KeyError, naming what is there, for an id it does not have.
    """
    if other is not None:
        _both_accounts(result, subject, other)
        return explain_link(result, subject, other)
    kind = _known(result, subject)
    if kind == "campaign":
        return explain_campaign(_campaign(result, subject))
    return explain_account(result, subject) if kind == "account" else explain_exchange(result, subject)


def subject_record(result: ScanResult, subject: str, other: str | None = None) -> Any:
    """Return the same as data for JSON; an account gives one record for each campaign it is in.

    Raises KeyError as `explain_subject` does.
    """
    if other is not None:
        _both_accounts(result, subject, other)
        return [_link_record(result, c, subject, other) for c in _of(result, subject, other)]
    kind = _known(result, subject)
    if kind == "campaign":
        return {**campaign_record(campaign := _campaign(result, subject)), "explained": _explained(campaign)}
    if kind == "account":
        return [_account_record(result, campaign, subject) for campaign in _of(result, subject)]
    at = pc.index(result.exchanges["exchange_id"], subject).as_py()
    return result.exchanges.slice(at, 1).to_pylist()[0]


def _known(result: ScanResult, subject: str) -> Kind:
    kind = kind_of(result, subject)
    if kind is None:
        raise KeyError(_what_is_there(result, subject))
    return kind


def _both_accounts(result: ScanResult, a: str, b: str) -> None:
    for name in (a, b):
        if kind_of(result, name) != "account":
            raise KeyError(_what_is_there(result, name, "account"))


def _what_is_there(
    result: ScanResult, subject: str, kind: str = "campaign, account or attributed exchange"
) -> str:
    """Return the message for an id that is not there: what is, and what may have been meant."""
    campaigns = [campaign.campaign_id for campaign in most_serious_first(result.campaigns)]
    shown = ", ".join(campaigns[:SHOWN_IDS]) + (", …" if len(campaigns) > SHOWN_IDS else "")
    accounts = pc.count_distinct(result.accounts["account_id"]).as_py()
    members = [m.account_id for campaign in result.campaigns for m in campaign.accounts]
    near = difflib.get_close_matches(subject, [*campaigns, *members], n=3)
    fix = f"did you mean {', '.join(near)}?" if near else "run without an id for the list of campaigns"
    there = "there is" if len(campaigns) == 1 else "there are"
    return (
        f"no {kind} {subject!r}; {there} {words.counted(len(campaigns), 'campaign')}"
        f"{f' ({shown})' if shown else ''}, {words.counted(accounts, 'account')} and "
        f"{words.counted(result.exchanges.num_rows, 'attributed exchange')} (accounts.parquet, exchanges.parquet)"
        f"\n  fix: {fix}"
    )


def _campaign(result: ScanResult, name: str) -> Campaign:
    return next(campaign for campaign in result.campaigns if campaign.campaign_id == name)


def _of(result: ScanResult, *accounts: str) -> list[Campaign]:
    """Return the campaigns that have all of these accounts, most serious first."""
    return [
        campaign
        for campaign in most_serious_first(result.campaigns)
        if all(member_of(campaign, name) for name in accounts)
    ]


def _explained(campaign: Campaign) -> dict[str, Any]:
    return {
        "why_this_word": why_this_word(campaign),
        "what_decides": what_decides(campaign),
        "innocent_readings": rounded(list(told(campaign))),
        "grounds": rounded(campaign.grounds),
    }


def _account_record(result: ScanResult, campaign: Campaign, account_id: str) -> dict[str, Any]:
    held = next((m for m in campaign.member_grounds if m.account_id == account_id), None)
    accounts = pc.count_distinct(result.accounts["account_id"]).as_py()
    return {
        "campaign_id": campaign.campaign_id,
        "verdict": campaign.verdict,
        "confidence": campaign.confidence,
        "account": rounded(member_of(campaign, account_id)),
        "ties": [{**rounded(t), "rarity": tie_rarity(t, accounts)} for t in own_ties(campaign, account_id)],
        "grounds": rounded(held),
        "without_its_strongest_tie": None if held is None else without_strongest(held),
    }


def _link_record(result: ScanResult, campaign: Campaign, a: str, b: str) -> dict[str, Any]:
    accounts = pc.count_distinct(result.accounts["account_id"]).as_py()
    ties: Sequence[Any] = [t for t in campaign.ties if {t.a, t.b} == {a, b}]
    return {
        "campaign_id": campaign.campaign_id,
        "accounts": [a, b],
        "ties": [{**rounded(t), "rarity": tie_rarity(t, accounts)} for t in ties],
    }
