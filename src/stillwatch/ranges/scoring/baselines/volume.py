"""Baseline `volume`: the busiest accounts.

Flags the accounts with most exchanges, at most a share `flagged` of all, by default the 1 % that attackers are
assumed to be. Volume ties nothing: all flagged accounts are reported as one campaign, or one each with
`together=False`. The score of an account is its number of exchanges.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from stillwatch.ranges.scoring.baselines.result import (
    BaselineResult,
    Files,
    accuse,
    listed,
    together_or_apart,
)
from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.thresholds import least_threshold

NAME = "volume"


def detect(
    exchanges: Files, accounts: Path | None = None, *, flagged: float = 0.01, together: bool = True
) -> BaselineResult:
    """Flag the busiest accounts of a log. Raises ScoreInputError where the exchanges name no account."""
    with Database() as database:
        database.view("log", listed(exchanges), {"account_id": "VARCHAR"}, required=("account_id",))
        table = database.arrow("SELECT account_id, count(*) AS n FROM log GROUP BY 1 ORDER BY 1")
    counts = table["n"].to_numpy().astype(np.float64)
    over = counts > least_threshold(counts, math.floor(flagged * len(counts)))
    told = {"flagged": flagged, "together": together}
    return accuse(NAME, table["account_id"], counts, together_or_apart(over, together), told)
