"""Explains a campaign or an account in plain text: the reasons, what each weighs, and what speaks against."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import pyarrow.compute as pc

from stillwatch.campaigns.model import Campaign, Examined, Member, ScanResult
from stillwatch.evidence.row import AXES, Evidence
from stillwatch.report import words
from stillwatch.report.innocence import ReadingTold, strongest_innocent_reading, tell, told
from stillwatch.report.links import SHOWN_TIES, own_ties, tie_line, without_strongest
from stillwatch.report.reasons import margins, what_decides, why_not, why_this_word
from stillwatch.report.record import most_serious_first

WIDTH = 96


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
        f"Seen         {words.between(campaign.first_seen, campaign.last_seen)}, "
        f"{words.counted(campaign.exchanges, 'exchange')}",
        f"At risk      {_risk(campaign)}",
        *_said("Why this word", why_this_word(campaign)),
    ]
    needed = margins(campaign.grounds, campaign.axes)
    for axis in AXES:
        rows = heaviest_first(e for e in campaign.evidence if e.axis == axis)
        lines += [
            "",
            f"{axis.capitalize()}  {words.signed(campaign.axes.get(axis, 0.0))}  {words.AXIS_QUESTION[axis]}",
            *([f"  {needed[axis]}"] if axis in needed else []),
        ]
        lines += [line for row in rows for line in _row(row)] or ["  nothing was observed on this axis"]
    lines += ["", "Against, or for an innocent reading"]
    against = sorted(campaign.counter_evidence, key=lambda row: (row.log10_e, row.signal))
    lines += [line for row in against for line in _row(row)] or ["  none was found"]
    lines += _said("What would have had to be different", what_decides(campaign))
    lines += _innocent(campaign)
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
        _membership(campaign, member, result)
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
    lines = [f"{group.name}  ({size})", *_wrap(group.reason, indent="  "), f"  {axes}"]
    lines += [part for line in why_not(group) for part in _wrap(line, indent="  ")]
    if group.grounds is not None and group.grounds.readings:
        best = tell(group.grounds.readings[0], (*group.evidence, *group.counter_evidence))
        lines += _wrap(f"Strongest innocent reading: {best.title}. {best.says}", indent="  ")
    return "\n".join(lines)


def _said(heading: str, sentences: list[str]) -> list[str]:
    """Return sentences under a heading, nothing where there are none."""
    lines = [part for sentence in sentences for part in _wrap(sentence, indent="  ")]
    return ["", heading, *lines] if lines else []


def _innocent(campaign: Campaign) -> list[str]:
    """Return the innocent readings, the best fitting first and in full, the others in a line each."""
    found = told(campaign)
    if not found:
        return ["", "Strongest innocent reading", *_wrap(strongest_innocent_reading(campaign), indent="  ")]
    lines = ["", f"Strongest innocent reading: {found[0].title}", *_reading(found[0])]
    lines += [f"  To look up: {line}" for line in found[0].check]
    for other in found[1:]:
        lines += ["", f"Next: {other.title}", *_reading(other)]
    return lines


def _reading(reading: ReadingTold) -> list[str]:
    parts = [
        reading.says,
        *(f"For it: {line}" for line in reading.speaks_for),
        *(f"Against it: {line}" for line in reading.speaks_against),
    ]
    return [line for part in parts for line in _wrap(part, indent="  ")]


def _membership(campaign: Campaign, member: Member, result: ScanResult) -> str:
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
    lines += ["", "What ties it to the others", *_ties(campaign, member.account_id, result)]
    lines += [
        "",
        "Why the group is reported",
        *(
            line
            for row in heaviest_first(campaign.evidence)
            for line in _wrap(f"{words.signed(row.log10_e):>5}  {row.summary}", "  ", "         ")
        ),
    ]
    lines += ["", "Strongest innocent reading", *_wrap(strongest_innocent_reading(campaign), indent="  ")]
    return "\n".join(lines)


def _ties(campaign: Campaign, account_id: str, result: ScanResult) -> list[str]:
    """Return what ties an account to the others: by kind of trace, by pairs, by its work; and without the strongest."""
    ties, accounts = own_ties(campaign, account_id), pc.count_distinct(result.accounts["account_id"]).as_py()
    lines = [tie_line(account_id, tie, accounts) for tie in ties[:SHOWN_TIES]]
    if len(ties) > SHOWN_TIES:
        lines.append(f"  and {len(ties) - SHOWN_TIES} more")
    lines += _work(campaign, account_id, result)
    held = next((m for m in campaign.member_grounds if m.account_id == account_id), None)
    if held is not None:
        kinds = [f"{block} {words.signed(weight)}" for block, weight in held.blocks.items()]
        lines += [f"  its own evidence by kind of trace: {' · '.join(kinds)}"] if kinds else []
        lines += ["", "Without its strongest tie", *_wrap(without_strongest(held), indent="  ")]
    return lines or ["  no tie between pairs; it belongs by its workload"]


def _work(campaign: Campaign, account_id: str, result: ScanResult) -> list[str]:
    """Return the account's part in the campaign's work, and how many accounts of the log do that work."""
    mine = result.exchanges.filter(
        pc.and_(
            pc.equal(result.exchanges["account_id"], account_id),
            pc.equal(result.exchanges["campaign_id"], campaign.campaign_id),
        )
    )
    users = dict(
        zip(
            result.workloads["workload_id"].to_pylist(), result.workloads["accounts"].to_pylist(), strict=True
        )
    )
    counts = mine.group_by("workload_id").aggregate([("exchange_id", "count")]).to_pylist()
    counts.sort(key=lambda row: (-row["exchange_id_count"], str(row["workload_id"])))
    return [
        f"  its work: {words.counted(row['exchange_id_count'], 'exchange')} in {row['workload_id']}, "
        f"which {words.counted(users[row['workload_id']], 'account')} of the log do"
        for row in counts[:3]
        if row["workload_id"] in users
    ]


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


def _wrap(text: str, indent: str = "", further: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_long_words=False,
    ) or [""]
