"""Makers of exchanges and log files; a test says only what matters to it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import zstandard

from stillwatch.exchanges import DeadLetters, ReadLog, read_exchanges
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA

NOON = "2026-11-02T12:00:00Z"


def exchange(**said: Any) -> dict[str, Any]:
    """One plausible exchange; a field given as `...` is left out."""
    plausible = {
        "exchange_id": "x1",
        "time": NOON,
        "account_id": "acct_1",
        "api": "chat",
        "model": "m-large",
        "system": "You are terse.",
        "messages": [{"role": "user", "content": "Hello there."}],
        "output": "Hi.",
        "status": 200,
        "input_tokens": 12,
        "output_tokens": 2,
    }
    return {name: value for name, value in (plausible | said).items() if value is not ...}


def some_exchanges(count: int, **said: Any) -> list[dict[str, Any]]:
    """Exchanges that differ in id, account and text."""
    return [
        exchange(
            exchange_id=f"x{i}",
            account_id=f"acct_{i % 7}",
            messages=[{"role": "user", "content": f"Question {i}?"}],
            **said,
        )
        for i in range(count)
    ]


def jsonl(rows: Iterable[Any]) -> bytes:
    """The rows as JSON Lines."""
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def write(path: Path, data: bytes) -> Path:
    """Write bytes, compressed as the ending of the name says."""
    if path.suffix == ".gz":
        data = gzip.compress(data)
    elif path.suffix == ".zst":
        data = zstandard.compress(data)
    path.write_bytes(data)
    return path


class Reading:
    """What came of reading some inputs: the table, its rows, the dead letters and the log."""

    def __init__(self, inputs: Any, tmp_path: Path | None = None, **options: Any) -> None:
        self.log = ReadLog()
        path = tmp_path / "rejected.jsonl" if tmp_path else None
        with DeadLetters(path) as self.dead_letters:
            batches = list(read_exchanges(inputs, dead_letters=self.dead_letters, log=self.log, **options))
        self.batches = batches
        self.table = pa.Table.from_batches(batches, schema=EXCHANGE_SCHEMA)
        self.rows = self.table.to_pylist()
        self.letters = (
            [json.loads(line) for line in path.read_text().splitlines()] if path and path.exists() else []
        )

    def ids(self) -> list[str]:
        return [row["exchange_id"] for row in self.rows]


def without_source(table: pa.Table) -> pa.Table:
    """The table without file and line, its chunks joined."""
    return table.drop_columns(["source_file", "source_line"]).combine_chunks()
