"""Precision and recall over accounts and exchanges: in total, by role and by kind.

An exchange is rightly attributed if it belongs to a campaign and stands in an accusing one; an account is rightly
accused if it works in a campaign. Mixed accounts carry honest customers too: what is attributed of those is the
share of customers wrongly drawn in, told in the row `mixed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.shares import Share

ENOUGH = 20  # exchanges of a campaign, from which an account should be found


@dataclass(frozen=True, slots=True)
class Group:
    """Accounts and exchanges of one role or kind, or all of them."""

    name: str
    accounts: int
    attacking: int  # accounts of a campaign
    accused: int  # accounts accused, rightly or not
    rightly: int  # attacking and accused
    exchanges: int
    harvested: int  # exchanges of campaigns
    attributed: int  # exchanges of campaigns in accusing campaigns
    strayed: int  # other exchanges in accusing campaigns

    @property
    def account_recall(self) -> Share:
        """Accused of those attacking."""
        return Share(self.rightly, self.attacking)

    @property
    def account_precision(self) -> Share:
        """Attacking of those accused."""
        return Share(self.rightly, self.accused)

    @property
    def exchange_recall(self) -> Share:
        """Attributed of those harvested."""
        return Share(self.attributed, self.harvested)

    @property
    def exchange_precision(self) -> Share:
        """Harvested of those attributed."""
        return Share(self.attributed, self.attributed + self.strayed)

    @property
    def wrongly_attributed(self) -> Share:
        """Honest exchanges drawn into accusing campaigns."""
        return Share(self.strayed, self.exchanges - self.harvested)


_ACCOUNTS = """count(*) AS accounts, count(*) FILTER (attacking) AS attacking,
    count(*) FILTER (accused) AS accused, count(*) FILTER (attacking AND accused) AS rightly"""
_EXCHANGES = """coalesce(sum(n), 0)::BIGINT AS exchanges,
    coalesce(sum(n) FILTER (harvest), 0)::BIGINT AS harvested,
    coalesce(sum(n) FILTER (harvest AND c.accused), 0)::BIGINT AS attributed,
    coalesce(sum(n) FILTER (NOT harvest AND c.accused), 0)::BIGINT AS strayed"""


def total(database: Database) -> Group:
    """Return the counts of the whole log."""
    return _groups(database, "'all'", "'all'", "people")[0]


def by_role(database: Database) -> tuple[Group, ...]:
    """Return the counts of the accounts of each role, and of all their exchanges."""
    return tuple(_groups(database, "role", "role", "people"))


def by_kind(database: Database) -> tuple[Group, ...]:
    """Return the counts of each kind of traffic: its exchanges, and the accounts that sent any of it."""
    senders = """(SELECT DISTINCT c.account_id, c.kind AS sent, c.harvest AND p.attacking AS attacking, p.accused
                  FROM cells c JOIN people p USING (account_id))"""
    return tuple(_groups(database, "sent", "c.kind", senders))


def recall_of_busy(database: Database, least: int = ENOUGH) -> Share:
    """Return the account recall among accounts with at least `least` campaign exchanges."""
    (row,) = database.rows(f"""
        SELECT count(*) FILTER (accused) AS hits, count(*) AS n FROM people
        WHERE attacking AND harvested >= {least}""")
    return Share(row["hits"], row["n"])


def _groups(database: Database, key: str, exchange_key: str, people: str) -> list[Group]:
    rows = database.rows(f"""
        WITH a AS (SELECT {key} AS name, {_ACCOUNTS} FROM {people} GROUP BY 1),
        e AS (SELECT {exchange_key} AS name, {_EXCHANGES}
              FROM cells c JOIN people p USING (account_id) GROUP BY 1)
        SELECT name, * EXCLUDE (name) FROM a FULL JOIN e USING (name) ORDER BY name""")
    return [_group(row) for row in rows] or [Group("all", 0, 0, 0, 0, 0, 0, 0, 0)]


def _group(row: dict[str, Any]) -> Group:
    counts = {name: int(row[name] or 0) for name in row if name != "name"}
    return Group(name=row["name"], **counts)
