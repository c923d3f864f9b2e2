"""What a log carries: how often each field is present, and which signals fall silent without it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.model import FieldCoverage
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA, EXCHANGE_FIELDS

ACCOUNTS = "accounts."  # fields of the accounts table stand under this prefix

# Signals that read whichever of their fields are there; all others need every one of them.
ANY_SUFFICES = frozenset(
    {
        "client_contradiction",
        "declared_organisation",
        "declared_use",
        "disposable_registration",
        "public_tool",
        "rare_template",
        "replacement",
        "scattered_registration",
        "stripped_metadata",
        "undeclared_relation",
        "uniform_client",
    }
)

# Both tables have these; signals mean the exchange's.
_OF_THE_EXCHANGE = frozenset({"account_id", "country", "status"})


class Needs(Protocol):
    """What a signal says about itself: its name, and the fields it cannot speak without."""

    @property
    def name(self) -> str: ...

    @property
    def fields(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Silence:
    """A signal that lacks fields on this log: it says nothing (`wholly`), or less than it could."""

    signal: str
    missing: tuple[str, ...]
    wholly: bool


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
    """Return every field of the record, and of the accounts table where there is one, with its signals.

    Fields of the accounts table stand under `accounts.`; those that a signal uses are listed, as absent,
    even where there is no such table.
    """
    needs = [(signal.name, frozenset(signal.fields)) for signal in signals]

    def users(name: str) -> tuple[str, ...]:
        return tuple(sorted({signal for signal, fields in needs if name in fields}))

    in_exchange = {name for name, _ in EXCHANGE_FIELDS}
    rows = [FieldCoverage(name, exchanges.share(name), users(name)) for name, _ in EXCHANGE_FIELDS]
    held = accounts or FieldCount()
    rows += [
        FieldCoverage(ACCOUNTS + name, held.share(name), () if name in _OF_THE_EXCHANGE else users(name))
        for name in ACCOUNT_SCHEMA.names
        if accounts is not None or (users(name) and name not in in_exchange)
    ]
    return tuple(rows)


def silences(coverage: Iterable[FieldCoverage], signals: Iterable[Needs]) -> tuple[Silence, ...]:
    """Return the signals that lack a field, those that say nothing at all first."""
    present = {row.field.removeprefix(ACCOUNTS) for row in coverage if row.share > 0}
    needed: dict[str, dict[str, None]] = {}  # several signals may share a name; fields in their order
    for signal in signals:
        needed.setdefault(signal.name, {}).update(dict.fromkeys(signal.fields))
    found = []
    for name, fields in needed.items():
        missing = tuple(f for f in fields if f not in present)
        if missing:
            found.append(Silence(name, missing, len(missing) == len(fields) or name not in ANY_SUFFICES))
    return tuple(sorted(found, key=lambda silence: (not silence.wholly, silence.signal)))
