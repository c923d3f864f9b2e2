"""Baseline `exact_prompt`: accounts that send the same words.

Two accounts are tied if they send the same system text, or user messages (the last of an exchange) with the same
first 64 characters, where at least `least` accounts do. Connected accounts are one campaign. The score of an
account is how many of its exchanges carry words that so many accounts send.
"""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.baselines.components import accuse_components
from stillwatch.ranges.scoring.baselines.result import LAST_USER, MESSAGES, BaselineResult, Files, listed
from stillwatch.ranges.scoring.database import Database

NAME = "exact_prompt"
LEAST = 3
HEAD = 64  # characters


def detect(exchanges: Files, accounts: Path | None = None, *, least: int = LEAST) -> BaselineResult:
    """Tie the accounts of a log by equal texts. Raises ScoreInputError where the exchanges name no account."""
    with Database() as database:
        columns = {"account_id": "VARCHAR", "system": "VARCHAR", "messages": MESSAGES}
        database.view("log", listed(exchanges), columns, required=("account_id",))
        database.run(f"""
            CREATE TABLE sent AS
            SELECT account_id, md5(system) AS system, md5(left({LAST_USER}, {HEAD})) AS prompt, count(*) AS n
            FROM log GROUP BY ALL""")
        database.run(f"""
            CREATE TABLE ties AS
            WITH keys AS (
                SELECT DISTINCT account_id, 'system ' || system AS value FROM sent WHERE system IS NOT NULL
                UNION ALL
                SELECT DISTINCT account_id, 'prompt ' || prompt FROM sent WHERE prompt IS NOT NULL)
            SELECT * FROM keys QUALIFY count(*) OVER (PARTITION BY value) >= {int(least)}""")
        database.run("CREATE TABLE log_accounts AS SELECT DISTINCT account_id FROM sent")
        scores = database.arrow("""
            WITH shared AS (
                SELECT account_id, sum(n) AS n FROM sent
                WHERE 'system ' || system IN (SELECT value FROM ties)
                   OR 'prompt ' || prompt IN (SELECT value FROM ties) GROUP BY ALL)
            SELECT coalesce(n, 0)::DOUBLE AS n FROM log_accounts LEFT JOIN shared USING (account_id)
            ORDER BY account_id""")
        return accuse_components(NAME, database, scores["n"].to_numpy(), least)
