"""A range as plain rows, with the truth joined on: what the tests of the ranges read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stillwatch.ranges import Part, Population, Range, build

Row = dict[str, Any]
STOCK = 80  # characters: shorter answers may be stock phrases, which many are given


@dataclass
class Log:
    """Exchanges in order of time, each with `kind`, `campaign` and `capability` beside its columns."""

    rows: list[Row]
    accounts: dict[str, Row]  # the accounts table, by id
    roles: list[Row]  # truth_accounts

    def of(self, kind: str) -> list[Row]:
        """Return the rows of a kind."""
        return [r for r in self.rows if r["kind"] == kind]

    def by(self, column: str = "account_id", kind: str | None = None) -> dict[Any, list[Row]]:
        """Return the rows (of a kind) grouped by a column."""
        groups: dict[Any, list[Row]] = defaultdict(list)
        for row in self.rows:
            if kind is None or row["kind"] == kind:
                groups[row[column]].append(row)
        return groups

    def holders(self, kind: str | None = None) -> list[Row]:
        """Return the accounts table's rows of those who sent something (of a kind)."""
        return [self.accounts[a] for a in self.by("account_id", kind)]


def made(*parts: Part, days: float = 3.0, seed: int = 5) -> Range:
    """Return a range of some parts."""
    return build(Population("test", parts, days), seed)


def read(built: Range) -> Log:
    """Join a range's log with its truth."""
    assert built.accounts is not None
    rows = [
        row | {name: truth[name] for name in ("kind", "campaign", "capability")}
        for row, truth in zip(built.exchanges.to_pylist(), built.truth.to_pylist(), strict=True)
    ]
    accounts = {a["account_id"]: a for a in built.accounts.to_pylist()}
    return Log(rows, accounts, built.truth_accounts.to_pylist())


def log(*parts: Part, days: float = 3.0, seed: int = 5) -> Log:
    """Return the log of some parts."""
    return read(made(*parts, days=days, seed=seed))


def last_user(row: Row) -> str:
    """Return what is asked in an exchange."""
    return str(next(m["content"] for m in reversed(row["messages"]) if m["role"] == "user"))


def answer_of(row: Row) -> str | None:
    """Return an answer as later exchanges of the conversation quote it; None if there was none."""
    if row["output"] is None:
        return None
    calls = "".join(f"\n[tool_call:{c['name']}] {c['arguments']}" for c in row["tool_calls"] or ())
    return str(row["output"]) + calls


def quoted(row: Row) -> Iterator[str]:
    """Yield the answers in an exchange's history."""
    yield from (m["content"] for m in row["messages"] if m["role"] == "assistant")


def never_issued(rows: list[Row]) -> list[tuple[Row, str]]:
    """Return the quoted answers that no earlier row gave, each with the row that quotes it."""
    issued: set[str | None] = set()
    found = []
    for row in rows:
        found += [(row, said) for said in quoted(row) if said not in issued]
        issued.add(answer_of(row))
    return found


def taken_over(rows: list[Row]) -> list[Row]:
    """Return the rows whose history holds an answer that only other accounts were given."""
    owners: dict[str | None, set[str]] = defaultdict(set)
    found = []
    for row in rows:
        own = [said for said in quoted(row) if len(said) > STOCK and said in owners]
        if any(row["account_id"] not in owners[said] for said in own):
            found.append(row)
        owners[answer_of(row)].add(row["account_id"])
    return found


def seconds(row: Row) -> float:
    """Return when an exchange was, in seconds since 1970."""
    return float(row["time"].timestamp())
