"""Links between accounts and single exchanges in plain text: how rare a tie is, and whether an account hangs on one."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence

import pyarrow.compute as pc

from stillwatch.campaigns.model import Campaign, Member, MemberGrounds, ScanResult, Tie
from stillwatch.report import words

EVENTS = 2  # independent ties, for an account to be accused by itself (campaigns/attribute/membership.py)
SHOWN_TIES = 10
TERMS = 200  # of a Poisson tail; pairs of accounts meet a few times
LONGEST_WAY = 4  # ties between two accounts that have none of their own


def tie_rarity(tie: Tie, accounts: int) -> str:
    """Return how rare a tie is: what chance makes of it, or how many accounts show what is shared.

    `accounts` is how many the log has. Chance is the log's own number of such events, spread over pairs of accounts by
    their traffic (Poisson); a lasting honest relation makes such ties, too.
    """
    if tie.holders is not None:
        return f"{words.count(tie.holders)} of {words.counted(accounts, 'account')} show it"
    if tie.expected is None:
        return "no chance rate is known"
    rare = _log10_tail(tie.events, tie.expected)
    return f"{_about(tie.expected)} expected; {words.rarity(-rare)} such pairs"


def _log10_tail(events: int, expected: float) -> float:
    """Return log10 of the chance of so many events or more: the first term times what the others are to it."""
    if events < 1:
        return 0.0
    mean = max(expected, 1e-12)
    ratio = rest = 1.0
    for k in range(events + 1, events + TERMS):
        ratio *= mean / k
        rest += ratio
    first = events * math.log(mean) - mean - math.lgamma(events + 1)
    return max(min((first + math.log(rest)) / math.log(10.0), 0.0), -300.0)


def _about(x: float) -> str:
    """Return an expected number at two figures."""
    if x >= 10:
        return words.count(int(round(x, 1 - math.floor(math.log10(x)))))
    return f"{x:.2g}" if x >= 1e-4 else "under 0.0001"


def holds_without(grounds: MemberGrounds) -> str:
    """Return what is left of an account's own evidence without its strongest tie, in few words."""
    left = grounds.ties - 1
    if left >= EVENTS:
        return f"holds, by {words.count(left)} others"
    return "one tie is left: too few" if left == 1 else "nothing of its own is left"


def holding(members: Sequence[MemberGrounds]) -> str:
    """Return in a sentence how many accounts of a campaign would be tied by themselves without their strongest tie."""
    if not members:
        return ""
    held = sum(member.ties - 1 >= EVENTS for member in members)
    alone = sum(member.ties < EVENTS for member in members)
    said = f"{words.count(held)} of {words.counted(len(members), 'account')} would be tied without their strongest tie"
    if alone:
        said += f"; {words.count(alone)} {'hangs' if alone == 1 else 'hang'} on one tie or on the common work alone"
    return f"{said}."


def without_strongest(grounds: MemberGrounds) -> str:
    """Return in a sentence whether an account would still be tied by itself without its strongest tie."""
    if grounds.ties == 0:
        return "Nothing of its own ties it: it is listed for its part in the group's work. Look at it before acting."
    left, tied = grounds.ties - 1, words.counted(grounds.ties, "independent thing")
    if left >= EVENTS:
        return (
            f"It would still be tied: {tied} {'ties' if grounds.ties == 1 else 'tie'} it, and two are enough."
        )
    rest = "nothing would be left" if left == 0 else "one would be left"
    return (
        f"{tied.capitalize()} {'ties' if grounds.ties == 1 else 'tie'} it; without the strongest {rest}, and one alone "
        "may be chance. Look at it before acting."
    )


def own_ties(campaign: Campaign, account_id: str) -> list[Tie]:
    """Return the ties of one account, the strongest first."""
    mine = (t for t in campaign.ties if account_id in (t.a, t.b))
    return sorted(mine, key=lambda t: (-t.log10_e, -t.events, t.a, t.b, t.signal))


def tie_line(account_id: str, tie: Tie, accounts: int) -> str:
    """Return one tie of an account as a line."""
    other = tie.b if tie.a == account_id else tie.a
    times = words.counted(tie.events, "event")
    return f"  {words.humanise(tie.signal)} with {other}, {times}; {tie_rarity(tie, accounts)}"


def explain_link(result: ScanResult, a: str, b: str) -> str:
    """Return what ties two accounts, how rare that is, and the way between them where nothing ties them directly.

    Raises KeyError, with what to do, where the scan never saw one of them.
    """
    for name in (a, b):
        if pc.index(result.accounts["account_id"], name).as_py() < 0:
            raise KeyError(
                f"account {name!r} is not in this result; its accounts.parquet lists every account seen"
            )
    accounts = pc.count_distinct(result.accounts["account_id"]).as_py()
    shared = [c for c in result.campaigns if {a, b} <= {m.account_id for m in c.accounts}]
    if not shared:
        return (
            f"{a} – {b}  no campaign has both\n"
            "Ties are kept for the members of a campaign only: that none is shown here says nothing of these two."
        )
    return "\n\n".join(_link(campaign, a, b, accounts) for campaign in shared)


def _link(campaign: Campaign, a: str, b: str, accounts: int) -> str:
    ties = [t for t in campaign.ties if {t.a, t.b} == {a, b}]
    lines = [f"{a} – {b}  both in {campaign.campaign_id}", ""]
    if ties:
        lines += [
            "What ties them",
            *(tie_line(a, t, accounts) for t in sorted(ties, key=lambda t: -t.events)),
        ]
        lines += ["", *_pairs(ties, accounts)]
    else:
        way = _way(campaign.ties, a, b)
        lines += [
            "No tie between these two was recorded; they belong to one group by what ties each to others."
        ]
        lines += [f"The shortest way: {' – '.join(way)}"] if way else []
    held = {m.account_id: m for m in campaign.member_grounds}
    lines += ["", "Without the strongest tie of each"]
    lines += [f"  {name}: {without_strongest(held[name])}" for name in (a, b) if name in held]
    return "\n".join(lines)


def _pairs(ties: Sequence[Tie], accounts: int) -> list[str]:
    """Return how many pairs of the log would be tied so by chance, by the rarest of the ties."""
    rare = [_log10_tail(t.events, t.expected) for t in ties if t.expected is not None]
    lines = []
    if rare:
        pairs = accounts * (accounts - 1) // 2
        shown = _about(pairs * 10 ** min(rare))
        lines.append(
            f"Of the {words.count(pairs)} pairs of accounts in this log, about {shown} would show as much by chance."
        )
    lines.append("Shared chats, one person with two accounts and a firm's own keys make such ties honestly.")
    return lines


def _way(ties: Iterable[Tie], a: str, b: str) -> list[str]:
    """Return the accounts on a shortest way of ties from a to b; empty where there is none of `LONGEST_WAY` steps."""
    near: dict[str, set[str]] = {}
    for tie in ties:
        near.setdefault(tie.a, set()).add(tie.b)
        near.setdefault(tie.b, set()).add(tie.a)
    queue, seen = deque([[a]]), {a}
    while queue:
        way = queue.popleft()
        if way[-1] == b:
            return way
        if len(way) <= LONGEST_WAY:
            for other in sorted(near.get(way[-1], set()) - seen):
                seen.add(other)
                queue.append([*way, other])
    return []


def member_of(campaign: Campaign, account_id: str) -> Member | None:
    """Return an account's part of a campaign, None where it has none."""
    return next((m for m in campaign.accounts if m.account_id == account_id), None)


def explain_exchange(result: ScanResult, exchange_id: str) -> str:
    """Return to which campaign an exchange was attributed, and by what.

    Raises KeyError, with what to do, where it is attributed to none: only attributed exchanges are kept.
    """
    at = pc.index(result.exchanges["exchange_id"], exchange_id).as_py()
    if at < 0:
        raise KeyError(
            f"exchange {exchange_id!r} is attributed to no campaign of this result; its exchanges.parquet lists "
            "every exchange that is"
        )
    row = result.exchanges.slice(at, 1).to_pylist()[0]
    campaign = next((c for c in result.campaigns if c.campaign_id == row["campaign_id"]), None)
    if campaign is None:
        raise KeyError(
            f"campaign {row['campaign_id']!r} of this exchange is not in campaigns.json; scan again"
        )
    member = member_of(campaign, row["account_id"])
    lines = [
        f"{exchange_id}  of {row['account_id']}, attributed to {campaign.campaign_id}",
        f"Campaign     {words.VERDICT_TITLE[campaign.verdict].lower()}, "
        f"{words.CONFIDENCE_TITLE[campaign.confidence].lower()}",
        f"Work         {row['workload_id']}, {words.capability(row['capability']).lower()}",
        f"Why          {_why(campaign, row['workload_id'])}",
    ]
    if member is not None:
        lines.append(
            f"Account      {words.count(member.campaign_exchanges)} of {words.counted(member.exchanges, 'exchange')} "
            f"attributed, at least {words.percent(member.share_lower)} of its traffic"
        )
    return "\n".join(lines)


def _why(campaign: Campaign, workload_id: str | None) -> str:
    """Return by what an exchange was attributed: its work, or something that passed in it."""
    shown = next((w for w in campaign.workloads if w.workload_id == workload_id), None)
    if campaign.capabilities and shown is not None:
        return (
            f"it is of work the campaign is named for: {words.counted(shown.exchanges, 'exchange')} of "
            f"{words.counted(shown.accounts, 'member')}{', a public tool or prompt' if shown.public else ''}"
        )
    return "something that passed between members shows in it"
