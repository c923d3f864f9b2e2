"""What a log carries: how often each field is present, and which signals fall silent without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.model import FieldCoverage
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA, EXCHANGE_FIELDS

_ACCOUNTS = "accounts."  # fields of the accounts table stand under this prefix


class Needs(Protocol):
    """What a signal says about itself: its name, and the fields it cannot speak without."""

    @property
    def name(self) -> str: ...

    @property
    def fields(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Silence:
    """A signal that will say nothing on this log, and the fields it misses."""

    signal: str
    missing: tuple[str, ...]


@dataclass
class FieldCount:
    """Counts, over batches of exchanges or of accounts, how often each field is present."""

    rows: int = 0
    present: dict[str, int] = field(default_factory=dict)
    account_ids: set[str] = field(default_factory=set)

    def add(self, batch: pa.RecordBatch | pa.Table) -> None:
        """Count one batch. An empty list counts as absent: it carries nothing."""
        self.rows += batch.num_rows
        for name in batch.schema.names:
            column = batch.column(name)
            held = len(column) - column.null_count
            if pa.types.is_list(column.type):
                held = pc.sum(pc.greater(pc.list_value_length(column), 0)).as_py() or 0
            self.present[name] = self.present.get(name, 0) + held
        self.account_ids.update(pc.unique(batch.column("account_id")).to_pylist())

    def share(self, name: str) -> float:
        """Return the share of rows, 0..1, in which a field is present."""
        return self.present.get(name, 0) / self.rows if self.rows else 0.0


def field_coverage(
    exchanges: FieldCount, accounts: FieldCount | None, signals: Iterable[Needs]
) -> tuple[FieldCoverage, ...]:
    """Return every field of the record, and of the accounts table where there is one, with its signals."""
    needs = [(signal.name, frozenset(signal.fields)) for signal in signals]
    rows = [
        FieldCoverage(name, exchanges.share(name), tuple(s for s, fields in needs if name in fields))
        for name, _ in EXCHANGE_FIELDS
    ]
    for name in ACCOUNT_SCHEMA.names:
        full = _ACCOUNTS + name
        users = tuple(s for s, fields in needs if full in fields)
        if accounts is not None or users:
            rows.append(FieldCoverage(full, accounts.share(name) if accounts else 0.0, users))
    return tuple(rows)


def silences(coverage: Iterable[FieldCoverage], signals: Iterable[Needs]) -> tuple[Silence, ...]:
    """Return the signals that say nothing because a field they need is never present."""
    absent = {row.field for row in coverage if row.share == 0}
    found = ((signal.name, tuple(f for f in signal.fields if f in absent)) for signal in signals)
    return tuple(Silence(name, missing) for name, missing in found if missing)
