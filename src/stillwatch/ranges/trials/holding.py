"""How much of one true campaign lies in the reported campaigns of chosen verdicts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from stillwatch.ranges.scoring.campaigns import SPLINTER
from stillwatch.ranges.scoring.database import Database, need, text
from stillwatch.ranges.scoring.natures import INNOCENT

_CAMPAIGNS: Final = pa.schema([("campaign_id", pa.string()), ("verdict", pa.string())])


@dataclass(frozen=True, slots=True)
class Held:
    """One true campaign against what was reported, in exchanges and accounts."""

    harvested: int
    attributed: int  # in campaigns of the chosen verdicts
    holding: int  # exchanges of those campaigns that hold it: a twentieth of it or more, and at least two
    holding_own: int
    workers: int
    accused: int
    found: bool  # half of it lies in campaigns of which it is over half
    verdict: str  # given to most of its accounts, whatever the chosen ones; `none` where nothing was


def held_by(results: Path, truth: Path, campaign: str, verdicts: Sequence[str]) -> Held:
    """Count how much of `campaign` a scan's results attribute to campaigns of the given verdicts.

    `results` is a scan's folder, `truth` the folder of the range. Raises ScoreInputError where a table is missing.
    """
    with Database() as database:
        _load(database, results, truth, verdicts)
        name = text(campaign)
        rows = database.rows(f"""
            SELECT count(*) FILTER (t.campaign = {name}) AS own, count(*) AS n
            FROM attributed a LEFT JOIN truth t USING (exchange_id) GROUP BY a.campaign_id""")
        harvested = database.value(f"SELECT count(*) FROM truth WHERE campaign = {name}")
        attributed = database.value(f"""
            SELECT count(DISTINCT exchange_id) FROM attributed JOIN truth USING (exchange_id)
            WHERE campaign = {name}""")
        workers = f"SELECT DISTINCT account_id FROM members WHERE campaign = {name}"
        least = max(2, harvested / SPLINTER)
        holders = [row for row in rows if row["own"] >= least]
        mostly_own = sum(row["own"] for row in rows if 2 * row["own"] > row["n"])
        return Held(
            harvested=harvested,
            attributed=attributed,
            holding=sum(row["n"] for row in holders),
            holding_own=sum(row["own"] for row in holders),
            workers=database.value(f"SELECT count(*) FROM ({workers})"),
            accused=database.value(f"SELECT count(*) FROM ({workers}) SEMI JOIN accused USING (account_id)"),
            found=2 * mostly_own >= harvested > 0,
            verdict=_usual_verdict(database, workers),
        )


def _usual_verdict(database: Database, workers: str) -> str:
    rows = database.rows(f"""
        SELECT coalesce(verdict, '{INNOCENT}') AS verdict
        FROM ({workers}) LEFT JOIN raw_accounts USING (account_id)
        GROUP BY 1 ORDER BY count(DISTINCT account_id) DESC, 1 LIMIT 1""")
    return str(rows[0]["verdict"]) if rows else INNOCENT


def _load(database: Database, results: Path, truth: Path, verdicts: Sequence[str]) -> None:
    listed = json.loads((results / "campaigns.json").read_text(encoding="utf-8"))
    chosen = [{name: row[name] for name in _CAMPAIGNS.names} for row in listed if row["verdict"] in verdicts]
    database.load("chosen", pa.Table.from_pylist(chosen, schema=_CAMPAIGNS))
    for view, files, columns in (
        ("truth", need(truth, "truth"), ("exchange_id", "campaign")),
        ("members", need(truth, "truth_accounts"), ("account_id", "campaign")),
        ("raw_accounts", need(results, "accounts"), ("account_id", "campaign_id", "verdict")),
        ("raw_exchanges", need(results, "exchanges"), ("exchange_id", "campaign_id")),
    ):
        database.view(view, files, dict.fromkeys(columns, "VARCHAR"), required=columns)
    database.run("CREATE TABLE attributed AS FROM raw_exchanges SEMI JOIN chosen USING (campaign_id)")
    database.run("CREATE TABLE accused AS FROM raw_accounts SEMI JOIN chosen USING (campaign_id)")
