"""Equal false positives: every detector's threshold set where it flags the same share of honest accounts.

A detector that flags more finds more; only at the same share of honest accounts flagged are two comparable. This
needs a score of each account instead of a decision. Here the threshold is chosen with the truth in hand, which no
detector in use could do: it compares rankings, it does not measure performance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.ranges.scoring.database import Database, ScoreInputError, find, need
from stillwatch.ranges.scoring.inputs import read_truth
from stillwatch.ranges.scoring.natures import ACCUSES, HONEST
from stillwatch.ranges.scoring.shares import Share


@dataclass(frozen=True, slots=True)
class EqualRate:
    """What a ranking finds where at most a share `rate` of honest accounts is flagged."""

    rate: float
    threshold: float | None  # accounts scored above it are flagged; None where any score is
    honest: Share  # honest accounts flagged
    accounts: Share  # attacking accounts flagged
    campaigns: Share  # campaigns of which at least half the accounts are flagged


def least_threshold(scores: NDArray[np.float64], allowed: int) -> float:
    """Return the least value that at most `allowed` of the scores exceed; -inf if all may."""
    if allowed >= len(scores):
        return -math.inf
    return float(np.partition(scores, len(scores) - 1 - allowed)[len(scores) - 1 - allowed])


def at_equal_false_positives(scores: pa.Table | Path, truth: Path, rate: float) -> EqualRate:
    """Return the recall of attacking accounts and of campaigns at `rate` honest accounts flagged, or just below.

    `scores` has the columns `account_id` and `score` (the higher, the more suspicious), or is the folder of a
    baseline's or a scan's results; an account without a score is never flagged. Equal scores are flagged
    together or not at all, so that the realised share, given with the result, may stay below `rate`.
    Raises ScoreInputError where scores or truth are missing, ValueError where `rate` is not within [0, 1].
    """
    if not 0 <= rate <= 1:
        raise ValueError(f"expected a rate between 0 and 1, found {rate}")
    with Database() as database:
        if isinstance(scores, pa.Table):
            database.load("scored", scores.select(["account_id", "score"]))
        else:
            _scores_of(database, Path(scores))
        read_truth(database, Path(truth))
        return _at_rate(database, rate)


def _scores_of(database: Database, folder: Path) -> None:
    """A scan's score of an account is its evidence where it is accused; it holds nothing against the others."""
    if find(folder, "scores"):
        columns = {"account_id": "VARCHAR", "score": "DOUBLE"}
        database.view("scored", find(folder, "scores"), columns, required=tuple(columns))
        return
    columns = {"account_id": "VARCHAR", "verdict": "VARCHAR", "log10_e": "DOUBLE"}
    database.view("raw_scored", need(folder, "accounts"), columns, required=("account_id",))
    if database.value("SELECT count(log10_e) FROM raw_scored") == 0:
        raise ScoreInputError(
            f"{folder}: neither scores.parquet nor log10_e in its accounts; nothing to rank by"
        )
    database.run(f"""
        CREATE TABLE scored AS SELECT account_id, log10_e AS score FROM raw_scored
        WHERE coalesce(verdict, '{ACCUSES}') = '{ACCUSES}'""")


def _at_rate(database: Database, rate: float) -> EqualRate:
    honest = ", ".join(f"'{nature}'" for nature in sorted(HONEST))
    database.run(f"""
        CREATE TABLE ranked AS
        WITH best AS (
            SELECT account_id, max(score) AS score FROM scored WHERE NOT isnan(score) GROUP BY account_id)
        SELECT account_id, bool_and(nature IN ({honest})) AS honest, bool_or(nature = '{ACCUSES}') AS attacking,
            coalesce(any_value(score), '-infinity'::DOUBLE) AS score
        FROM members LEFT JOIN best USING (account_id) GROUP BY account_id""")
    table = database.arrow("SELECT score FROM ranked WHERE honest")
    values = table["score"].to_numpy()
    threshold = least_threshold(values, math.floor(rate * len(values) + 1e-9))
    flagged = f"score > '{threshold}'::DOUBLE"
    (row,) = database.rows(f"""
        SELECT count(*) FILTER (honest AND {flagged}) AS wrong, count(*) FILTER (honest) AS honest,
            count(*) FILTER (attacking AND {flagged}) AS hits, count(*) FILTER (attacking) AS attacking
        FROM ranked""")
    (found,) = database.rows(f"""
        SELECT count(*) FILTER (2 * hits >= n) AS hits, count(*) AS n FROM (
            SELECT count(*) FILTER ({flagged}) AS hits, count(*) AS n
            FROM (SELECT DISTINCT account_id, coalesce(campaign, kind) AS campaign
                  FROM members WHERE nature = '{ACCUSES}') JOIN ranked USING (account_id)
            GROUP BY campaign)""")
    return EqualRate(
        rate=rate,
        threshold=threshold if math.isfinite(threshold) else None,
        honest=Share(row["wrong"], row["honest"]),
        accounts=Share(row["hits"], row["attacking"]),
        campaigns=Share(found["hits"], found["n"]),
    )
