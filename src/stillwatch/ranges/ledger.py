"""The growing log: columns, flushed into Arrow record batches, and the truth beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.exchanges.schema import EXCHANGE_FIELDS

LOG_SCHEMA = pa.schema(list(EXCHANGE_FIELDS))
TRUTH_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("exchange_id", "account_id", "campaign", "kind", "capability")]
)
FLUSH = 20_000

# Takes a batch of exchanges and the truth of the same rows.
Sink = Callable[[pa.RecordBatch, pa.RecordBatch], None]


@dataclass(frozen=True, slots=True)
class Label:
    """What a row truly is."""

    kind: str
    campaign: str | None = None
    capability: str | None = None


class Ledger:
    """Rows as they are written, in no particular order; sorted by time when read.

    With a sink, batches go there as soon as they are full and are not kept: call `close` at the end.
    """

    def __init__(self, sink: Sink | None = None) -> None:
        self._sink = sink
        self._columns: dict[str, list[Any]] = {name: [] for name in LOG_SCHEMA.names}
        self._truth: list[list[Any]] = [[] for _ in TRUTH_SCHEMA.names]
        self._truths: list[pa.RecordBatch] = []
        self._batches: list[pa.RecordBatch] = []
        self.rows = 0

    def add(self, row: dict[str, Any], label: Label) -> None:
        """Append one exchange and its truth."""
        unknown = row.keys() - self._columns.keys()
        if unknown:
            raise ValueError(f"{sorted(unknown)}: not fields of the canonical exchange")
        for name, column in self._columns.items():
            column.append(row.get(name))
        values = (row["exchange_id"], row["account_id"], label.campaign, label.kind, label.capability)
        for column, value in zip(self._truth, values, strict=True):
            column.append(value)
        self.rows += 1
        if len(self._columns["time"]) >= FLUSH:
            self._flush()

    def exchanges(self) -> pa.Table:
        """Return the log in order of time (ties by exchange id)."""
        self._flush()
        table = pa.Table.from_batches(self._batches, schema=LOG_SCHEMA)
        order = pc.sort_indices(table, sort_keys=[("time", "ascending"), ("exchange_id", "ascending")])
        return table.take(order)

    def truth(self) -> pa.Table:
        """Return one row an exchange, by exchange id."""
        self._flush()
        return pa.Table.from_batches(self._truths, schema=TRUTH_SCHEMA).sort_by("exchange_id")

    def close(self) -> None:
        """Pass the last rows on to the sink."""
        self._flush()

    def _flush(self) -> None:
        if not self._columns["time"]:
            return
        arrays = [pa.array(self._columns[f.name], f.type) for f in LOG_SCHEMA]
        log = pa.RecordBatch.from_arrays(arrays, schema=LOG_SCHEMA)
        answers = [pa.array(c, pa.string()) for c in self._truth]
        truth = pa.RecordBatch.from_arrays(answers, schema=TRUTH_SCHEMA)
        if self._sink is not None:
            self._sink(log, truth)
        else:
            self._batches.append(log)
            self._truths.append(truth)
        for column in (*self._columns.values(), *self._truth):
            column.clear()
