"""Honest accounts wrongly enforced against, per million account-months, with an upper bound.

Honest is every account that neither attacks nor resells nor harvests alone. An account-month is an account of the
truth over 30.44 days of the log. The bound is one-sided, 95 %: Garwood's for the rate, so that none in n
account-months says "at most 3/n"; Clopper and Pearson's for the share of accounts. Both take accounts as
independent; a group wrongly accused as one is one event with many victims.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from stillwatch.ranges.scoring.database import Database, find
from stillwatch.ranges.scoring.intervals import poisson_at_most, share_at_most
from stillwatch.ranges.scoring.natures import HONEST
from stillwatch.ranges.scoring.shares import Share

DAYS_A_MONTH = 30.44
PER = 1_000_000
_ASKED = ("plan", "programme", "verification", "country")


@dataclass(frozen=True, slots=True)
class Enforcement:
    """Who was wrongly enforced against; the rates are None where the log's span is unknown."""

    confidence: str
    wrong: Share  # honest accounts enforced, of all honest accounts
    days: float | None
    by: dict[str, dict[str, Share]] = field(default_factory=dict)  # column of the accounts table -> value

    @property
    def account_months(self) -> float | None:
        """Honest accounts times the log's months."""
        return None if self.days is None else self.wrong.of * self.days / DAYS_A_MONTH

    @property
    def per_million(self) -> float | None:
        """Wrong enforcements per million account-months."""
        return self._rate(self.wrong.hits)

    @property
    def per_million_at_most(self) -> float | None:
        """The one-sided 95 % upper bound of `per_million`."""
        return self._rate(poisson_at_most(self.wrong.hits))

    @property
    def share_at_most(self) -> float:
        """The one-sided 95 % upper bound of the share of honest accounts."""
        return share_at_most(self.wrong.hits, self.wrong.of)

    def _rate(self, events: float) -> float | None:
        months = self.account_months
        return events / months * PER if months else None


def enforcement(database: Database, confidence: str, days: float | None, profiled: bool) -> Enforcement:
    """Count honest accounts enforced at `confidence` over a log of `days` days.

    With the accounts table read (`profiled`), also by what the provider knows of them: a plan or a country
    that suffers more than the others shows here.
    """
    honest = ", ".join(f"'{nature}'" for nature in sorted(HONEST))
    people = f"(SELECT * FROM people WHERE nature IN ({honest}))"
    (row,) = database.rows(f"SELECT count(*) FILTER (enforced) AS wrong, count(*) AS n FROM {people}")
    by: dict[str, dict[str, Share]] = {}
    for column in _ASKED if profiled else ():
        rows = database.rows(f"""
            SELECT coalesce({column}, 'none told') AS value, count(*) FILTER (enforced) AS wrong, count(*) AS n
            FROM {people} JOIN profiles USING (account_id) GROUP BY 1 ORDER BY 1""")
        by[column] = {r["value"]: Share(r["wrong"], r["n"]) for r in rows}
    return Enforcement(confidence, Share(row["wrong"], row["n"]), days, by)


def span_in_days(database: Database, results: Path, truth: Path) -> float | None:
    """Return the days from the log's first to its last exchange, None where no file tells.

    The exchanges beside the truth tell it; else the workloads that a scan wrote do.
    """
    exchanges = find(truth, "exchanges")
    if exchanges:
        first, last = ("min(time)", "max(time)")
        columns = {"time": "VARCHAR" if not exchanges[0].name.endswith(".parquet") else "TIMESTAMPTZ"}
        database.view("times", exchanges, columns, required=("time",))
        instant = "coalesce(try_cast(time AS TIMESTAMPTZ), to_timestamp(try_cast(time AS DOUBLE)))"
        if columns["time"] == "VARCHAR":
            first, last = f"min({instant})", f"max({instant})"
        return _days(database, first, last, "times")
    workloads = find(results, "workloads") if results.is_dir() else []
    if workloads:
        database.view("times", workloads, {"first_seen": "TIMESTAMPTZ", "last_seen": "TIMESTAMPTZ"})
        return _days(database, "min(first_seen)", "max(last_seen)", "times")
    return None


def _days(database: Database, first: str, last: str, table: str) -> float | None:
    seconds = database.value(f"SELECT epoch({last}) - epoch({first}) FROM {table}")
    return None if seconds is None else float(seconds) / 86_400
