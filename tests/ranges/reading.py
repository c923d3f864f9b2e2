"""A range as plain rows, with the truth joined on: what the tests of the ranges read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from stillwatch.ranges import Part, Range
from stillwatch.ranges.world import World


@dataclass
class Log:
    """Exchanges in order of time, each with `kind` and `campaign` beside its columns; accounts by id."""

    rows: list[dict[str, Any]]
    accounts: dict[str, dict[str, Any]]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the rows of a kind."""
        return [r for r in self.rows if r["kind"] == kind]

    def by(self, kind: str, column: str = "account_id") -> dict[Any, list[dict[str, Any]]]:
        """Return the rows of a kind grouped by a column."""
        groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        for row in self.of(kind):
            groups[row[column]].append(row)
        return groups


def read(built: Range) -> Log:
    """Join a range's log with its truth."""
    assert built.accounts is not None
    truth = {t["exchange_id"]: t for t in built.truth.to_pylist()}
    rows = [
        row | {name: truth[row["exchange_id"]][name] for name in ("kind", "campaign", "capability")}
        for row in built.exchanges.to_pylist()
    ]
    return Log(rows, {a["account_id"]: a for a in built.accounts.to_pylist()})


def play(world: World, kind: Callable[[World, Random, Part], None], part: Part) -> Log:
    """Let one kind of traffic write into an empty world, and read its log."""
    kind(world, world.branch("test"), part)
    truth = {t["exchange_id"]: t for t in world.ledger.truth().to_pylist()}
    rows = [
        row | {name: truth[row["exchange_id"]][name] for name in ("kind", "campaign", "capability")}
        for row in world.ledger.exchanges().to_pylist()
    ]
    return Log(rows, {a.account_id: {"account_id": a.account_id} | a.table for a in world.accounts.values()})


def last_user(row: dict[str, Any]) -> str:
    """Return the last message of an exchange."""
    return str(row["messages"][-1]["content"])
