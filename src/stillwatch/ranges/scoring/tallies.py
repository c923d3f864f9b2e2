"""Counts everything once: exchanges into cells, accounts into people. Every figure of a score is a sum of these.

`cells`   account, true campaign, kind, reported campaign -> exchanges; the one pass over the exchanges
`people`  one row an account: what it is, what it was held to be, how many exchanges
`parts`   true campaign, reported campaign -> how much they share, in exchanges or, where the detector names
          accounts only, in accounts
"""

from __future__ import annotations

from stillwatch.ranges.scoring.database import Database, ScoreInputError
from stillwatch.ranges.scoring.inputs import Inputs, gravity, rank
from stillwatch.ranges.scoring.natures import ACCUSES, INNOCENT

_ROLES = "['mixed', 'operator', 'customer', 'benign']"


def tally(database: Database, inputs: Inputs, confidence: str) -> int:
    """Make `cells`, `people` and `parts`; return how many reported accounts the truth does not know.

    An account is enforced if it is in an accusing campaign of at least `confidence`. Raises ScoreInputError
    where the truth knows none of the reported accounts.
    """
    _make_verdicts(database, confidence)
    _make_cells(database, inputs)
    _make_people(database)
    _make_parts(database, inputs)
    total = int(database.value("SELECT count(*) FROM verdicts"))
    strange = int(database.value("SELECT count(*) FROM verdicts ANTI JOIN people USING (account_id)"))
    if total and strange == total:
        raise ScoreInputError("the truth knows none of the reported accounts: it belongs to another log")
    return strange


def _make_verdicts(database: Database, confidence: str) -> None:
    """One row a reported account: the gravest verdict, its campaign, the most evidence."""
    database.run(f"""
        CREATE TABLE verdicts AS
        SELECT account_id, arg_min(verdict, {gravity("verdict")}) AS verdict,
            arg_min(campaign_id, ({gravity("verdict")}, campaign_id)) AS campaign_id,
            bool_or(verdict = '{ACCUSES}') AS accused,
            bool_or(verdict = '{ACCUSES}' AND {rank("confidence")} >= {rank(f"'{confidence}'")}) AS enforced,
            max(log10_e) AS log10_e
        FROM held GROUP BY account_id""")


def _make_cells(database: Database, inputs: Inputs) -> None:
    joined = "attributed USING (exchange_id)" if inputs.by_exchange else "verdicts USING (account_id)"
    database.run(f"""
        CREATE TABLE counted AS
        SELECT account_id, campaign, kind, campaign_id AS reported, count(*) AS n
        FROM truth LEFT JOIN {joined} GROUP BY ALL""")
    database.run(f"""
        CREATE TABLE cells AS
        SELECT account_id, campaign, coalesce(kind, 'unknown') AS kind, reported, n, verdict,
            coalesce(nature, CASE WHEN campaign IS NULL THEN '{INNOCENT}' ELSE '{ACCUSES}' END) AS nature,
            nature IS NULL AND campaign IS NOT NULL AS harvest,
            coalesce(verdict = '{ACCUSES}', false) AS accused
        FROM counted LEFT JOIN natures USING (kind)
        LEFT JOIN reported ON reported = reported.campaign_id""")


def _make_people(database: Database) -> None:
    """An account the truth's exchanges name, but not its accounts, is taken for what its exchanges are."""
    database.run(f"""
        CREATE TABLE people AS
        WITH rows AS (
            SELECT * FROM members
            UNION ALL
            SELECT DISTINCT account_id, CASE WHEN harvest THEN 'operator' ELSE 'benign' END, campaign, kind, nature
            FROM cells ANTI JOIN members USING (account_id)),
        natures_of AS (
            SELECT account_id, arg_min(role, list_position({_ROLES}, role)) AS role,
                arg_min(nature, {gravity("nature")}) AS nature,
                arg_min(coalesce(kind, 'unknown'), ({gravity("nature")}, coalesce(kind, 'unknown'))) AS kind
            FROM rows GROUP BY account_id),
        sent AS (
            SELECT account_id, sum(n)::BIGINT AS exchanges,
                coalesce(sum(n) FILTER (harvest), 0)::BIGINT AS harvested
            FROM cells GROUP BY account_id)
        SELECT account_id, coalesce(role, 'benign') AS role, nature, kind, nature = '{ACCUSES}' AS attacking,
            coalesce(exchanges, 0) AS exchanges, coalesce(harvested, 0) AS harvested,
            coalesce(verdict, '{INNOCENT}') AS verdict, coalesce(accused, false) AS accused,
            coalesce(enforced, false) AS enforced, log10_e
        FROM natures_of LEFT JOIN sent USING (account_id) LEFT JOIN verdicts USING (account_id)""")


def _make_parts(database: Database, inputs: Inputs) -> None:
    if inputs.by_exchange:
        database.run("""
            CREATE TABLE parts AS
            SELECT coalesce(campaign, CASE WHEN nature IN ('resale_pool', 'bulk_extraction') THEN kind END)
                       AS campaign, nature, reported, sum(n)::BIGINT AS n
            FROM cells GROUP BY ALL""")
        return
    database.run("""
        CREATE TABLE parts AS
        SELECT coalesce(campaign, CASE WHEN nature IN ('resale_pool', 'bulk_extraction') THEN kind END)
                   AS campaign, nature, v.campaign_id AS reported, count(DISTINCT account_id) AS n
        FROM members LEFT JOIN verdicts v USING (account_id) GROUP BY ALL""")
