"""Makers of sketches, from texts or from numbers; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.engines import Session
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.sketches import Secret, sketch
from stillwatch.sketches.schema import SKETCH_SCHEMA
from stillwatch.workloads import assign_workloads

SECRET = Secret.from_bytes(bytes(range(32)))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

_LISTS = {field.name: [] for field in SKETCH_SCHEMA if pa.types.is_list(field.type)}


def sketch_row(number: int, **known: Any) -> dict[str, Any]:
    """Return a sketch of which nothing is known but this, as a row."""
    account = known.get("account_id", "a")
    plain = {
        "exchange_id": f"x{number}",
        "exchange_key": number,
        "account_id": account,
        "account_key": sum(ord(letter) << (7 * i) for i, letter in enumerate(str(account)[:8])),
        "time": NOON + timedelta(seconds=number),
    }
    return plain | _LISTS | known


def sketches(rows: Iterable[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of sketches."""
    return pa.Table.from_pylist(list(rows), schema=SKETCH_SCHEMA)


def asked(number: int, account: str, text: str, **said: Any) -> dict[str, Any]:
    """Return an exchange with this last user turn."""
    plain = {
        "exchange_id": f"x{number}",
        "time": NOON + timedelta(seconds=number),
        "account_id": account,
        "messages": [{"role": "user", "content": text}],
        "output": f"Answer number {number}.",
        "status": 200,
    }
    return plain | said


def sketched(exchanges: Iterable[dict[str, Any]]) -> pa.Table:
    """Return the sketches of exchanges."""
    batch = pa.RecordBatch.from_pylist(list(exchanges), schema=EXCHANGE_SCHEMA)
    return pa.Table.from_batches([sketch(batch, SECRET)])


def words(chance: Random, count: int) -> str:
    """Return words that no other text has."""
    return " ".join("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _word in range(count))


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    """Return the rows in another order, in pieces of another size."""
    order = Random(seed).sample(range(table.num_rows), table.num_rows)
    cut = table.num_rows // 3
    taken = table.take(order)
    return pa.concat_tables([taken.slice(0, cut), taken.slice(cut)])


@contextmanager
def loaded(table: pa.Table) -> Iterator[tuple[Session, ir.Table]]:
    """Yield a session and the sketches in it."""
    with Session(threads=2) as session:
        yield session, session.load("sketches", table)


def workloads(table: pa.Table) -> dict[int, tuple[int, bool]]:
    """Return workload and whether it is templated, by exchange_key."""
    with loaded(table) as (session, held):
        rows = session.fetch(assign_workloads(session, held)).to_pylist()
    assert len(rows) == table.num_rows
    return {row["exchange_key"]: (row["workload"], row["templated"]) for row in rows}


def workloads_of(exchanges: Sequence[dict[str, Any]]) -> list[tuple[int, bool]]:
    """Return workload and whether it is templated, for each exchange in turn."""
    table = sketched(exchanges)
    found = workloads(table)
    return [found[key] for key in table["exchange_key"].to_pylist()]


def families(of: dict[int, tuple[int, bool]]) -> set[frozenset[int]]:
    """Return which exchanges are together, whatever their workload is called."""
    together: dict[int, set[int]] = {}
    for key, (workload, _templated) in of.items():
        together.setdefault(workload, set()).add(key)
    return {frozenset(keys) for keys in together.values()}


def equal_rows(one: pa.Table, other: pa.Table, *by: str) -> bool:
    """Return whether two tables hold the same rows to the last bit, in whatever order."""
    keys = [(name, "ascending") for name in by]
    return bool(one.take(pc.sort_indices(one, keys)).equals(other.take(pc.sort_indices(other, keys))))
