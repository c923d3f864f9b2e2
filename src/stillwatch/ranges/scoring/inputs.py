"""Reads what a detector reported and what is true, whoever the detector is, into one shape.

The least a detector must give is one table `accounts` with `account_id` and `campaign_id` (null or absent row:
nothing found), as Parquet, JSON Lines or CSV, alone or in a folder. It may add

    verdict       one of the verdicts; without it, an account with a campaign stands accused
    confidence    suspected | consistent_with | likely | high; without it, that of campaigns.json, else suspected
    log10_e       the evidence against the account, log10 of an e-value
    exchanges     a second table: exchange_id, account_id, campaign_id, one row an attributed exchange;
                  without it every exchange of an account counts as attributed to the account's campaign
    campaigns.json  a list of {campaign_id, verdict, confidence, log10_e}

An account or an exchange in several reported campaigns counts for the gravest of them, then the first by id;
the linking of accounts alone keeps them all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from stillwatch.campaigns.model import CONFIDENCES
from stillwatch.ranges.scoring.database import Database, ScoreInputError, find, need, text
from stillwatch.ranges.scoring.natures import ACCUSES, INNOCENT, NATURES, natures_of

_CAMPAIGNS = pa.schema(
    [("campaign_id", pa.string()), ("verdict", pa.string()), ("confidence", pa.string()), ("log10_e", pa.float64())]
)  # fmt: skip
_NATURES = pa.schema([("kind", pa.string()), ("nature", pa.string())])


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the files held, beyond the tables now in the database."""

    by_exchange: bool  # the detector attributes exchanges, not only accounts
    has_evidence: bool  # accounts carry log10_e
    tested: int | None  # groups that were tested, where a scan says so


def gravity(column: str) -> str:
    """Return the SQL of a verdict's place among the natures, the gravest 1."""
    return f"list_position({_listed(NATURES)}, {column})"


def rank(column: str) -> str:
    """Return the SQL of a confidence's place, `suspected` 1."""
    return f"list_position({_listed(CONFIDENCES)}, {column})"


def read_results(database: Database, results: Path) -> Inputs:
    """Make `reported` (a campaign a row) and `held` (account and campaign), and `attributed` if exchanges are.

    Raises ScoreInputError where the accounts are missing or a verdict or confidence is none of the known.
    """
    alone = results.is_file()
    files = [results] if alone else need(results, "accounts")
    kinds = dict.fromkeys(("account_id", "campaign_id", "verdict", "confidence"), "VARCHAR") | {
        "log10_e": "DOUBLE"
    }
    there = database.view("raw_accounts", files, kinds, required=("account_id",))
    listed = [] if alone else _campaigns(results)
    database.load("listed", pa.Table.from_pylist(listed, schema=_CAMPAIGNS))
    _make_held(database)
    _make_reported(database)
    _check_words(database, files[0])
    exchanges = [] if alone else find(results, "exchanges")
    if exchanges:
        columns = {"exchange_id": "VARCHAR", "campaign_id": "VARCHAR"}
        database.view("raw_exchanges", exchanges, columns, required=tuple(columns))
        _make_attributed(database)
    return Inputs(bool(exchanges), "log10_e" in there, None if alone else _tested(results))


def read_truth(database: Database, truth: Path, accounts: Path | None = None) -> None:
    """Make `truth` (exchanges), `natures` (of kinds) and `members` (truth_accounts, with natures).

    Accounts of the `accounts` table that the truth does not name sent nothing: they are innocent.
    """
    names = ("exchange_id", "account_id", "campaign", "kind")
    database.view("truth", need(truth, "truth"), dict.fromkeys(names, "VARCHAR"), required=names[:2])
    names = ("account_id", "role", "campaign", "kind")
    files = need(truth, "truth_accounts")
    database.view("raw_members", files, dict.fromkeys(names, "VARCHAR"), required=("account_id",))
    query = "SELECT kind FROM truth UNION SELECT kind FROM raw_members"
    found = natures_of(row["kind"] for row in database.rows(query))
    table = pa.table({"kind": list(found), "nature": list(found.values())}, schema=_NATURES)
    database.load("natures", table)
    database.run(f"""
        CREATE TABLE members AS
        SELECT DISTINCT account_id, coalesce(role, 'benign') AS role, campaign, kind,
            CASE WHEN nature IS NOT NULL THEN nature
                 WHEN campaign IS NOT NULL AND role IS DISTINCT FROM 'customer' THEN '{ACCUSES}'
                 ELSE '{INNOCENT}' END AS nature
        FROM raw_members LEFT JOIN natures USING (kind)""")
    if accounts is not None:
        columns = ("account_id", "plan", "programme", "verification", "country")
        database.view("profiles", [accounts], dict.fromkeys(columns, "VARCHAR"), required=("account_id",))
        database.run(f"""
            INSERT INTO members
            SELECT DISTINCT account_id, 'benign', NULL, 'no_traffic', '{INNOCENT}'
            FROM profiles ANTI JOIN members USING (account_id)""")


def _make_held(database: Database) -> None:
    """An accused account without a campaign is accused by itself."""
    database.run(f"""
        CREATE TABLE held AS
        WITH known AS (
            SELECT account_id, a.campaign_id, a.log10_e,
                CASE WHEN a.campaign_id IS NULL THEN coalesce(a.verdict, '{INNOCENT}')
                     ELSE coalesce(a.verdict, c.verdict, '{ACCUSES}') END AS verdict,
                coalesce(a.confidence, c.confidence, 'suspected') AS confidence
            FROM raw_accounts a LEFT JOIN listed c USING (campaign_id))
        SELECT DISTINCT account_id, verdict, confidence, log10_e,
            CASE WHEN verdict = '{INNOCENT}' THEN NULL
                 ELSE coalesce(campaign_id, 'account:' || account_id) END AS campaign_id
        FROM known WHERE account_id IS NOT NULL""")


def _make_reported(database: Database) -> None:
    database.run(f"""
        CREATE TABLE reported AS
        WITH seen AS (
            SELECT campaign_id, arg_min(verdict, {gravity("verdict")}) AS verdict,
                   arg_max(confidence, {rank("confidence")}) AS confidence
            FROM held WHERE campaign_id IS NOT NULL GROUP BY campaign_id)
        SELECT campaign_id, coalesce(c.verdict, s.verdict, '{ACCUSES}') AS verdict,
               coalesce(c.confidence, s.confidence, 'suspected') AS confidence, c.log10_e
        FROM seen s FULL JOIN listed c USING (campaign_id)""")


def _make_attributed(database: Database) -> None:
    """One row an attributed exchange; campaigns that nothing else names are accusing ones."""
    database.run(f"""
        INSERT INTO reported
        SELECT DISTINCT campaign_id, '{ACCUSES}', 'suspected', NULL FROM raw_exchanges
        ANTI JOIN reported USING (campaign_id) WHERE campaign_id IS NOT NULL""")
    database.run(f"""
        CREATE TABLE attributed AS
        SELECT exchange_id, arg_min(campaign_id, ({gravity("verdict")}, campaign_id)) AS campaign_id
        FROM raw_exchanges JOIN reported USING (campaign_id) GROUP BY exchange_id""")


def _check_words(database: Database, file: Path) -> None:
    for column, words in (("verdict", NATURES), ("confidence", CONFIDENCES)):
        for table in ("held", "reported"):
            query = f"SELECT DISTINCT {column} AS word FROM {table} WHERE {column} NOT IN ({_quoted(words)})"
            for row in database.rows(query):
                raise ScoreInputError(
                    f"{file}: {column} {row['word']!r} is none of {', '.join(words)}; translate it first"
                )


def _campaigns(results: Path) -> list[dict[str, Any]]:
    path = results / "campaigns.json"
    if not path.is_file():
        return []
    try:
        return [
            {name: row.get(name) for name in _CAMPAIGNS.names} for row in json.loads(path.read_text("utf-8"))
        ]
    except (ValueError, AttributeError, TypeError) as error:
        raise ScoreInputError(f"{path}: expected a list of campaigns ({error})") from None


def _tested(results: Path) -> int | None:
    path = results / "run.json"
    if not path.is_file():
        return None
    try:
        count = json.loads(path.read_text("utf-8")).get("proposals")
    except (ValueError, AttributeError) as error:
        raise ScoreInputError(f"{path}: expected the run of a scan ({error})") from None
    return count if isinstance(count, int) else None


def _quoted(words: tuple[str, ...]) -> str:
    return ", ".join(text(word) for word in words)


def _listed(words: tuple[str, ...]) -> str:
    return f"[{_quoted(words)}]"
