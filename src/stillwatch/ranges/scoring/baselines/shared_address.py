"""Baseline `shared_address`: accounts that share a client address or a means of payment, directly or through others.

Every connected component of at least `least` accounts is a campaign; without an accounts table only addresses
tie. The score of an account is the size of its component.
"""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.baselines.components import accuse_components
from stillwatch.ranges.scoring.baselines.result import BaselineResult, Files, listed
from stillwatch.ranges.scoring.database import Database

NAME = "shared_address"
LEAST = 3


def detect(exchanges: Files, accounts: Path | None = None, *, least: int = LEAST) -> BaselineResult:
    """Tie the accounts of a log by address and payment. Raises ScoreInputError where columns are missing."""
    with Database() as database:
        columns = {"account_id": "VARCHAR", "ip": "VARCHAR"}
        database.view("log", listed(exchanges), columns, required=("account_id",))
        database.run("CREATE TABLE seen AS SELECT DISTINCT account_id, ip FROM log")
        database.run("CREATE TABLE log_accounts AS SELECT DISTINCT account_id FROM seen")
        database.run(
            "CREATE TABLE ties AS SELECT account_id, 'ip ' || ip AS value FROM seen WHERE ip IS NOT NULL"
        )
        if accounts is not None:
            columns = {"account_id": "VARCHAR", "payment_fp": "VARCHAR"}
            database.view("profiles", [accounts], columns, required=("account_id",))
            database.run("""
                INSERT INTO ties SELECT DISTINCT account_id, 'payment ' || payment_fp FROM profiles
                SEMI JOIN log_accounts USING (account_id) WHERE payment_fp IS NOT NULL""")
        return accuse_components(NAME, database, None, least)
