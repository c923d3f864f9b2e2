"""True campaigns against reported ones: found, split, merged, diluted, missed, taken for something else; and false.

Counted in exchanges, or in accounts where the detector attributes none. For a campaign of n:

    found    at least n/2 lie in accusing campaigns that are mostly its own (it is over half of each)
    split    found, but spread over several of them, each with a twentieth or more
    merged   at least n/2 lie in accusing campaigns, and the main one is the main one of another campaign too
    diluted  at least n/2 lie in accusing campaigns, but those are mostly other traffic
    as V     less than n/2, but half of it, or half of its accounts, was reported as V, which does not accuse
    missed   none of these

What is no campaign by nature (a resale pool, a lone harvester) is right as what it is and `accused` if accused.
A reported campaign is wrong if it claims more than is true of most of it: an accusing one if less than half of it is
truly harvested, another if most of its accounts are neither what it says nor worse.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.inputs import rank
from stillwatch.ranges.scoring.natures import ACCUSES, CLAIMS, INNOCENT, NATURES
from stillwatch.ranges.scoring.shares import Share

FOUND = ("found", "split", "merged")
SPLINTER = 20  # a reported campaign holds a true one if it has one in so many of it, and at least two


@dataclass(frozen=True, slots=True)
class CampaignScore:
    """One true campaign, pool or lone harvester."""

    campaign: str
    nature: str
    kinds: tuple[str, ...]
    state: str
    accounts: Share  # accused of its accounts
    attributed: Share  # exchanges (accounts where none are attributed) in accusing campaigns
    precision: Share  # of what lies in the accusing campaigns that hold it, how much is its own
    account_precision: Share  # the same of the accounts in them
    reported: tuple[str, ...]  # that hold it, the fullest first
    verdicts: tuple[str, ...]  # given to its accounts, the most frequent first


@dataclass(frozen=True, slots=True)
class ReportedScore:
    """One reported campaign, and what it truly holds."""

    campaign_id: str
    verdict: str
    confidence: str
    log10_e: float | None
    accounts: Share  # attacking of its accounts
    harvested: Share  # truly harvested of what it holds
    wrong: bool  # it claims more than is true of most of it
    natures: dict[str, int] = field(default_factory=dict)  # of its accounts


@dataclass(slots=True)
class _Contents:
    """How much of each true campaign lies in each reported one."""

    size: Counter[str] = field(default_factory=Counter)  # of true campaigns
    held: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))  # true -> reported
    volume: Counter[str] = field(default_factory=Counter)  # of reported campaigns, everything they hold
    harvested: Counter[str] = field(default_factory=Counter)
    nature: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, int] = field(default_factory=dict)  # in reported campaigns


def campaigns(database: Database) -> tuple[CampaignScore, ...]:
    """Return a row for every true campaign, by name."""
    contents = _contents(database)
    verdict_of = {r["campaign_id"]: r["verdict"] for r in database.rows("SELECT * FROM reported")}
    accusing = {c for c, v in verdict_of.items() if v == ACCUSES}
    accounts = _accounts(database)
    sights = [_sight(name, contents, accusing) for name in sorted(contents.size)]
    mains = Counter(sight.main for sight in sights if sight.half)
    return tuple(_campaign(sight, contents, accounts[sight.name], mains) for sight in sights)


def reported(database: Database) -> tuple[ReportedScore, ...]:
    """Return a row for every reported campaign, accusing ones first, by id."""
    contents = _contents(database)
    rows = database.rows(f"""
        WITH inside AS (
            SELECT h.campaign_id, nature, count(*) AS n
            FROM (SELECT DISTINCT account_id, campaign_id FROM held WHERE campaign_id IS NOT NULL) h
            JOIN people USING (account_id) GROUP BY ALL),
        maps AS (
            SELECT campaign_id, map_from_entries(list((nature, n) ORDER BY nature)) AS natures_inside
            FROM inside GROUP BY campaign_id)
        SELECT r.*, natures_inside FROM reported r LEFT JOIN maps USING (campaign_id)
        ORDER BY list_position({list(NATURES)!r}, verdict), {rank("confidence")} DESC, campaign_id""")
    return tuple(_reported(row, contents) for row in rows)


def states(scores: Iterable[CampaignScore]) -> dict[str, int]:
    """Return how many true campaigns are in each state; what no detector may accuse is left out."""
    counted = Counter(s.state for s in scores if s.nature == ACCUSES)
    names = ["found", "split", "merged", "diluted", "missed"]
    return {name: counted[name] for name in [*names, *sorted(set(counted) - set(names))]}


def _contents(database: Database) -> _Contents:
    found = _Contents(accounts=_accounts_reported(database))
    for row in database.rows("SELECT * FROM parts ORDER BY ALL"):
        name, n, target = row["campaign"], row["n"], row["reported"]
        if name is not None:
            found.size[name] += n
            found.nature[name] = row["nature"]
        if target is not None:
            found.volume[target] += n
            if row["nature"] == ACCUSES:
                found.harvested[target] += n
            if name is not None:
                found.held[name][target] += n
    return found


def _accounts(database: Database) -> dict[str, dict[str, Any]]:
    """By true campaign: its kinds, and its accounts by verdict."""
    rows = database.rows("""
        SELECT coalesce(m.campaign, m.kind) AS name, p.verdict, count(DISTINCT account_id) AS n,
               list_sort(list(DISTINCT m.kind)) AS kinds
        FROM members m JOIN people p USING (account_id) GROUP BY ALL ORDER BY n DESC, p.verdict""")
    made = {"kinds": set, "verdicts": Counter, "inside": Counter}
    found: dict[str, dict[str, Any]] = defaultdict(lambda: {name: kind() for name, kind in made.items()})
    for row in rows:
        found[row["name"]]["kinds"].update(k for k in row["kinds"] if k is not None)
        found[row["name"]]["verdicts"][row["verdict"]] += row["n"]
    rows = database.rows("""
        SELECT coalesce(m.campaign, m.kind) AS name, h.campaign_id, count(DISTINCT account_id) AS n
        FROM members m JOIN held h USING (account_id) WHERE h.campaign_id IS NOT NULL GROUP BY ALL""")
    for row in rows:
        found[row["name"]]["inside"][row["campaign_id"]] += row["n"]
    return found


def _accounts_reported(database: Database) -> dict[str, int]:
    """Accounts in each reported campaign."""
    rows = database.rows("""
        SELECT campaign_id, count(DISTINCT account_id) AS n FROM held SEMI JOIN people USING (account_id)
        WHERE campaign_id IS NOT NULL GROUP BY 1""")
    return {row["campaign_id"]: row["n"] for row in rows}


@dataclass(frozen=True, slots=True)
class _Sight:
    """One true campaign as the reported ones show it."""

    name: str
    nature: str
    size: int
    held: dict[str, int]  # reported campaign -> how much of it
    accusing: dict[str, int]  # the same, accusing ones only
    own: dict[str, int]  # the same, of which it is over half

    @property
    def half(self) -> bool:
        return bool(self.accusing) and sum(self.accusing.values()) * 2 >= self.size

    @property
    def main(self) -> str:
        return max(self.accusing, key=lambda c: (self.accusing[c], c))

    @property
    def least(self) -> float:
        return max(2, self.size / SPLINTER)


def _sight(name: str, contents: _Contents, accusing: set[str]) -> _Sight:
    held = contents.held[name]
    bad = {c: n for c, n in held.items() if c in accusing}
    own = {c: n for c, n in bad.items() if n * 2 > contents.volume[c]}
    return _Sight(name, contents.nature[name], contents.size[name], dict(held), bad, own)


def _campaign(
    sight: _Sight, contents: _Contents, accounts: dict[str, Any], mains: Counter[str]
) -> CampaignScore:
    holders = sorted(
        (c for c, n in sight.held.items() if n >= sight.least), key=lambda c: (-sight.held[c], c)
    )
    inside = [c for c in holders if c in sight.accusing]
    verdicts: Counter[str] = accounts["verdicts"]
    return CampaignScore(
        campaign=sight.name,
        nature=sight.nature,
        kinds=tuple(sorted(accounts["kinds"])),
        state=_state(sight, verdicts, sight.half and mains[sight.main] > 1),
        accounts=Share(verdicts[ACCUSES], sum(verdicts.values())),
        attributed=Share(sum(sight.accusing.values()), sight.size),
        precision=Share(sum(sight.held[c] for c in inside), sum(contents.volume[c] for c in inside)),
        account_precision=Share(
            sum(accounts["inside"][c] for c in inside), sum(contents.accounts.get(c, 0) for c in inside)
        ),
        reported=tuple(holders),
        verdicts=tuple(v for v, _n in verdicts.most_common()),
    )


def _state(sight: _Sight, verdicts: Counter[str], merged: bool) -> str:
    if sight.half and sight.nature != ACCUSES:
        return "accused"
    if sight.half and merged:
        return "merged"
    if sight.half and sum(sight.own.values()) * 2 >= sight.size:
        return "split" if sum(n >= sight.least for n in sight.own.values()) > 1 else "found"
    if sight.half:
        return "diluted"
    milder = Counter({v: n for v, n in verdicts.items() if v not in (ACCUSES, INNOCENT)})
    others = sum(sight.held.values()) - sum(sight.accusing.values())
    if milder and (others * 2 >= sight.size or milder.total() * 2 >= verdicts.total()):
        return f"as {milder.most_common(1)[0][0]}"
    return "missed"


def _reported(row: dict[str, Any], contents: _Contents) -> ReportedScore:
    name, natures = row["campaign_id"], dict(row["natures_inside"] or {})
    accounts = Share(natures.get(ACCUSES, 0), sum(natures.values()))
    harvested = Share(contents.harvested[name], contents.volume[name])
    if row["verdict"] == ACCUSES:
        judged = harvested if harvested.of else accounts
        wrong = judged.hits * 2 < judged.of or not judged.of
    else:
        wrong = sum(n for nature, n in natures.items() if nature in CLAIMS[row["verdict"]]) * 2 < accounts.of
    return ReportedScore(
        campaign_id=name,
        verdict=row["verdict"],
        confidence=row["confidence"],
        log10_e=row["log10_e"],
        accounts=accounts,
        harvested=harvested,
        wrong=wrong,
        natures=natures,
    )
