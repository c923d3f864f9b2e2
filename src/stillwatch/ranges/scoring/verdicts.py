"""Which verdict each kind of account was given, and whether that is right."""

from __future__ import annotations

from dataclasses import dataclass

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.natures import NATURES, RIGHT
from stillwatch.ranges.scoring.shares import Share


@dataclass(frozen=True, slots=True)
class VerdictRow:
    """The accounts of one true nature and kind, by verdict given, the gravest first."""

    nature: str
    kind: str
    accounts: int
    verdicts: dict[str, int]

    @property
    def right(self) -> Share:
        """Accounts whose verdict is no error for what they are."""
        return Share(sum(self.verdicts.get(v, 0) for v in RIGHT[self.nature]), self.accounts)


def verdicts(database: Database) -> tuple[VerdictRow, ...]:
    """Return a row for each nature and kind of account, the gravest nature first, then by kind."""
    rows = database.rows("""
        SELECT nature, kind, verdict, count(*) AS n FROM people GROUP BY ALL ORDER BY ALL""")
    counted: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows:
        counted.setdefault((row["nature"], row["kind"]), {})[row["verdict"]] = row["n"]
    return tuple(
        VerdictRow(nature, kind, sum(given.values()), {v: given[v] for v in NATURES if v in given})
        for (nature, kind), given in sorted(counted.items(), key=lambda i: (NATURES.index(i[0][0]), i[0][1]))
    )
