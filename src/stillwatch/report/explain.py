"""Explains a campaign or an account in plain text: the reasons, what each weighs, and what speaks against."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import pyarrow.compute as pc

from stillwatch.campaigns.model import Campaign, Examined, Member, ScanResult, Tie
from stillwatch.evidence.row import AXES, Evidence
from stillwatch.report import words
from stillwatch.report.record import most_serious_first

WIDTH = 96


def strongest_innocent_reading(campaign: Campaign) -> str:
    """Return the best innocent explanation: the counter-evidence that weighs most, else what is left."""
    if not campaign.counter_evidence:
        return words.LEFT_READING[campaign.verdict]
    best = min(campaign.counter_evidence, key=lambda row: (row.log10_e, row.signal))
    return f"{best.summary} It weighs {words.signed(best.log10_e)} orders of ten on {best.axis}."


def heaviest_first(rows: Iterable[Evidence]) -> list[Evidence]:
    """Return evidence by axis, and within an axis by weight."""
    return sorted(rows, key=lambda row: (AXES.index(row.axis), -abs(row.log10_e), row.signal))


def title(campaign: Campaign) -> str:
    """Return a campaign in one line: verdict, size, what was taken most."""
    line = f"{words.VERDICT_TITLE[campaign.verdict]}: {words.counted(len(campaign.accounts), 'account')}"
    if campaign.capabilities:
        top = max(campaign.capabilities, key=lambda c: (c.share, c.capability))
        if top.capability != "general":
            return (
                line + f", {'mostly ' if top.share < 0.995 else ''}{words.capability(top.capability).lower()}"
            )
    return f"{line}, {words.counted(campaign.exchanges, 'exchange')}"


def explain_campaign(campaign: Campaign) -> str:
    """Return the reasons for a campaign as text of at most 96 columns."""
    lines = [
        f"{campaign.campaign_id}  {title(campaign)}",
        *_wrap(words.VERDICT_MEANING[campaign.verdict]),
        "",
        f"Confidence   {words.CONFIDENCE_TITLE[campaign.confidence].lower()}, "
        f"tested evidence 10^{words.exponent(campaign.log10_e)}",
        *(f"             {cap}" for cap in campaign.caps),
        f"Seen         {words.between(campaign.first_seen, campaign.last_seen)}, "
        f"{words.counted(campaign.exchanges, 'exchange')}",
        f"At risk      {_risk(campaign)}",
    ]
    for axis in AXES:
        rows = heaviest_first(e for e in campaign.evidence if e.axis == axis)
        lines += [
            "",
            f"{axis.capitalize()}  {words.signed(campaign.axes.get(axis, 0.0))}  {words.AXIS_QUESTION[axis]}",
        ]
        lines += [line for row in rows for line in _row(row)] or ["  nothing was observed on this axis"]
    lines += ["", "Against, or for an innocent reading"]
    against = sorted(campaign.counter_evidence, key=lambda row: (row.log10_e, row.signal))
    lines += [line for row in against for line in _row(row)] or ["  none was found"]
    lines += ["", "Strongest innocent reading", *_wrap(strongest_innocent_reading(campaign), indent="  ")]
    lines += _sought(campaign)
    lines += _templates(campaign)
    if campaign.recommended:
        lines += [
            "",
            "Recommended",
            *(
                line
                for r in campaign.recommended
                for line in _wrap(f"{words.ACTION_TITLE[r.action]} {r.scope}: {r.why}", indent="  ")
            ),
        ]
    return "\n".join(lines)


def explain_account(result: ScanResult, account_id: str) -> str:
    """Return what a scan holds about one account, for each campaign it is part of.

    Raises KeyError, with what to do, where the scan never saw the account.
    """
    parts = [
        _membership(campaign, member)
        for campaign in most_serious_first(result.campaigns)
        for member in campaign.accounts
        if member.account_id == account_id
    ]
    if parts:
        return "\n\n".join(parts)
    seen = exchanges_of(result, account_id)
    if seen is None:
        raise KeyError(
            f"account {account_id!r} is not in this result; its accounts.parquet lists every account seen"
        )
    return (
        f"{account_id}  nothing was found\n"
        f"{words.counted(seen, 'exchange')} seen, none attributed to a campaign. "
        "That is not proof of anything: see what could not be said for lack of fields."
    )


def exchanges_of(result: ScanResult, account_id: str) -> int | None:
    """Return how many exchanges of an account the scan saw; None where it saw the account never."""
    row = pc.index(result.accounts["account_id"], account_id).as_py()
    return None if row < 0 else int(result.accounts["exchanges"][row].as_py() or 0)


def explain_examined(group: Examined) -> str:
    """Return why a group that was tested is not reported."""
    size = f"{words.counted(group.accounts, 'account')}, {words.counted(group.exchanges, 'exchange')}"
    axes = " · ".join(f"{axis} {words.signed(group.axes.get(axis, 0.0))}" for axis in AXES)
    return "\n".join([f"{group.name}  ({size})", *_wrap(group.reason, indent="  "), f"  {axes}"])


def _membership(campaign: Campaign, member: Member) -> str:
    ties = sorted(
        (t for t in campaign.ties if member.account_id in (t.a, t.b)),
        key=lambda t: (-t.log10_e, t.a, t.b, t.signal),
    )
    lines = [
        f"{member.account_id}  in {campaign.campaign_id}: {title(campaign)}",
        f"Confidence   {words.CONFIDENCE_TITLE[campaign.confidence].lower()} for the campaign; "
        f"this account's own evidence {words.signed(member.log10_e)} orders of ten",
        f"Traffic      {words.count(member.campaign_exchanges)} of "
        f"{words.counted(member.exchanges, 'exchange')} attributed; "
        f"a lower bound of {words.percent(member.share_lower)} of its traffic",
    ]
    if member.campaign_exchanges < member.exchanges:
        lines.append("             only the attributed streams may be acted on; the rest is not evidence")
    lines += ["", "What ties it to the others"]
    lines += [_tie(member.account_id, t) for t in ties[:10]] or [
        "  no tie between pairs; it belongs by its workload"
    ]
    if len(ties) > 10:
        lines.append(f"  and {len(ties) - 10} more")
    lines += [
        "",
        "Why the group is reported",
        *(f"  {words.signed(row.log10_e):>5}  {row.summary}" for row in heaviest_first(campaign.evidence)),
    ]
    lines += ["", "Strongest innocent reading", *_wrap(strongest_innocent_reading(campaign), indent="  ")]
    return "\n".join(lines)


def _tie(account_id: str, tie: Tie) -> str:
    other = tie.b if tie.a == account_id else tie.a
    times = words.counted(tie.events, "event")
    return f"  {words.signed(tie.log10_e):>5}  {words.humanise(tie.signal)} with {other}, {times}"


def _risk(campaign: Campaign) -> str:
    risk = campaign.value_at_risk
    return (
        f"{words.short_count(risk.output_tokens)} tokens answered "
        f"({words.short_count(risk.reasoning_tokens)} of reasoning), "
        f"{words.short_count(risk.input_tokens)} asked, "
        f"{words.counted(risk.distinct_prompts, 'distinct prompt')}"
    )


def _sought(campaign: Campaign) -> list[str]:
    """Return what the campaign's requests are after, most first, and the words that say so where text was kept."""
    lines = [
        f"  {words.percent(share.share):>5}  {words.capability(share.capability)}: {words.taken(share)}".rstrip(
            ": "
        )
        for share in campaign.capabilities
    ]
    for workload in campaign.workloads:
        if workload.told is not None:
            said = f"{workload.workload_id} is {words.capability(workload.capability).lower()} by: {workload.told}"
            lines += _wrap(said, indent="  ")
    return ["", "What was sought", *lines] if lines else []


def _templates(campaign: Campaign) -> list[str]:
    """Return the skeletons of the campaign's workloads, where text was kept."""
    lines: list[str] = []
    for workload in campaign.workloads:
        if workload.skeleton is not None:
            lines.append(f"  {workload.workload_id}, {words.counted(workload.exchanges, 'exchange')}")
            lines += [part for line in workload.skeleton.splitlines() for part in _wrap(line, indent="    ")]
    return ["", "What is asked, slots as ⟨…⟩", *lines] if lines else []


def _row(row: Evidence) -> list[str]:
    head = f"  {words.signed(row.log10_e):>5}  {words.humanise(row.signal)} [{row.block}]"
    body = f"{row.summary} Observed: {row.observed}. Expected: {row.expected}. n = {words.count(row.n)}."
    return [head, *_wrap(body, indent="         ")]


def _wrap(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False
    ) or [""]
