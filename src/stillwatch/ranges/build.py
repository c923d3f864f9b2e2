"""Build a range: labelled traffic of a population, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges.jsonl import write_jsonl
from stillwatch.ranges.kinds import KINDS
from stillwatch.ranges.scenarios import SCENARIOS, Population
from stillwatch.ranges.world import World

START = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday; rhythms count weekdays from it
TRUTH_ACCOUNTS_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("account_id", "role", "campaign", "kind")]
)


@dataclass(frozen=True)
class Range:
    """A labelled log. `accounts` is None where the range was built without an accounts table."""

    exchanges: pa.Table  # canonical exchange, ascending in time
    accounts: pa.Table | None
    truth: pa.Table  # exchange_id, account_id, campaign, kind, capability
    truth_accounts: pa.Table  # account_id, role, campaign, kind; one row for each campaign of an account


def build(
    population: Population | str = "demo",
    seed: int = 0,
    *,
    accounts: int | None = None,
    exchanges: int | None = None,
    days: float | None = None,
    accounts_table: bool = True,
    start: datetime = START,
) -> Range:
    """Simulate a population (or a scenario by name) and return its log with the truth.

    `accounts` and `exchanges` scale the population (approximately), `days` stretches it. `start` should be a
    Monday, 00:00 UTC. Raises ValueError for an unknown scenario or kind.
    """
    if isinstance(population, str):
        if population not in SCENARIOS:
            raise ValueError(f"population: expected one of {', '.join(SCENARIOS)}, found {population!r}")
        population = SCENARIOS[population]()
    population = population.scaled(accounts, exchanges)
    world = World(seed, start, days or population.days)
    for number, part in enumerate(population.parts):
        if part.kind not in KINDS:
            raise ValueError(f"kind: expected one of {', '.join(KINDS)}, found {part.kind!r}")
        KINDS[part.kind](world, world.branch("part", number, part.kind), part)
    table, roles = account_tables(world)
    return Range(
        exchanges=world.ledger.exchanges(),
        accounts=table if accounts_table else None,
        truth=world.ledger.truth(),
        truth_accounts=roles,
    )


def account_tables(world: World) -> tuple[pa.Table, pa.Table]:
    """Return the accounts table and truth_accounts of a world, by account id."""
    rows = [{"account_id": a.account_id} | a.table for a in world.accounts.values()]
    roles = sorted(world.roles.values(), key=lambda role: (role[0], role[2] or ""))
    named = [dict(zip(TRUTH_ACCOUNTS_SCHEMA.names, role, strict=True)) for role in roles]
    return (
        pa.Table.from_pylist(rows, schema=ACCOUNT_SCHEMA).sort_by("account_id"),
        pa.Table.from_pylist(named, schema=TRUTH_ACCOUNTS_SCHEMA),
    )


def write(built: Range, directory: str | Path, form: str = "parquet") -> dict[str, Path]:
    """Write a range as `parquet` or `jsonl`: exchanges, accounts, truth, truth_accounts; return the paths."""
    if form not in ("parquet", "jsonl"):
        raise ValueError(f"form: expected parquet or jsonl, found {form!r}")
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    tables = {
        "exchanges": built.exchanges,
        "accounts": built.accounts,
        "truth": built.truth,
        "truth_accounts": built.truth_accounts,
    }
    paths: dict[str, Path] = {}
    for name, table in tables.items():
        if table is None:
            continue
        paths[name] = folder / f"{name}.{form}"
        if form == "parquet":
            pq.write_table(table, paths[name], compression="zstd")
        else:
            write_jsonl(table, paths[name])
    return paths
