"""Draws the rows that the giveaway check compares: campaign rows, and honest rows of the same client classes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from stillwatch.ranges.scoring.database import Database, find, need
from stillwatch.ranges.scoring.formats import (
    CLIENT_CLASS,
    account_columns,
    account_features,
    exchange_columns,
    exchange_features,
)
from stillwatch.ranges.scoring.inputs import read_truth
from stillwatch.ranges.scoring.natures import ACCUSES, HONEST

PER_CAMPAIGN = 2_000  # rows of a campaign at most
PER_CLASS = 4_000  # honest rows of a client class at most
DRAWN = 200_000  # honest rows looked at for their class, of a large log
_HONEST = ", ".join(f"'{nature}'" for nature in sorted(HONEST))


def exchange_rows(database: Database, log: Path) -> pa.Table:
    """Return sampled rows: `campaign` (null if honest), `class`, `account_id`, then a column a feature.

    Honest rows are those of honest accounts without a campaign; mixed accounts' customers are left out, they came
    through the same relay. The sample is the same each time: rows are ordered by the MD5 of their id.
    """
    read_truth(database, log)
    files = need(log, "exchanges")
    database.view("log", files, exchange_columns(), required=("exchange_id", "account_id"))
    share = max(1, int(database.value("SELECT count(*) FROM truth WHERE campaign IS NULL")) // DRAWN)
    database.run(f"""
        CREATE TABLE drawn AS
        WITH honest AS (SELECT account_id FROM members GROUP BY 1 HAVING bool_and(nature IN ({_HONEST})))
        SELECT exchange_id, t.campaign FROM truth t LEFT JOIN natures USING (kind)
        WHERE campaign IS NOT NULL AND nature IS NULL
        QUALIFY row_number() OVER (PARTITION BY campaign ORDER BY md5(exchange_id)) <= {PER_CAMPAIGN}
        UNION ALL
        SELECT exchange_id, NULL FROM truth SEMI JOIN honest USING (account_id)
        WHERE campaign IS NULL AND md5_number_lower(exchange_id) % {share} = 0""")
    database.run(f"""
        CREATE TABLE classed AS
        SELECT exchange_id, campaign, {CLIENT_CLASS} AS class FROM log JOIN drawn USING (exchange_id)
        QUALIFY campaign IS NOT NULL
            OR row_number() OVER (PARTITION BY campaign, class ORDER BY md5(exchange_id)) <= {PER_CLASS}""")
    chosen = _select(exchange_features())
    return database.arrow(f"""
        SELECT campaign, class, account_id, {chosen} FROM log JOIN classed USING (exchange_id)
        ORDER BY md5(exchange_id)""")


def account_rows(database: Database, log: Path) -> pa.Table | None:
    """Return one row an account of the accounts table, shaped as `exchange_rows`; None without such a table.

    To be called after `exchange_rows`. An account's class is the one most of its exchanges have.
    """
    files = find(log, "accounts")
    if not files:
        return None
    database.view("profiles", files, account_columns(), required=("account_id",))
    database.run(f"""
        CREATE TABLE used AS
        SELECT account_id, mode(class ORDER BY class) AS class
        FROM (SELECT account_id, {CLIENT_CLASS} AS class FROM log) GROUP BY 1""")
    return database.arrow(f"""
        WITH truly AS (
            SELECT account_id, min(campaign) FILTER (nature = '{ACCUSES}') AS campaign,
                bool_and(nature IN ({_HONEST})) AS honest
            FROM members GROUP BY 1)
        SELECT campaign, class, account_id, {_select(account_features())}
        FROM profiles JOIN truly USING (account_id) JOIN used USING (account_id)
        WHERE campaign IS NOT NULL OR honest ORDER BY md5(account_id)""")


def _select(features: Mapping[str, str]) -> str:
    return ", ".join(f'{formula} AS "{name}"' for name, formula in features.items())
