"""Makers of exchanges with text, and a clock that goes when told to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.settings import TextSettings
from stillwatch.sketches import Secret
from stillwatch.texts import Keeping

SECRET = Secret.from_bytes(bytes(range(32)))
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def exchange(number: int = 0, **said: Any) -> dict[str, Any]:
    """Return one plausible exchange; a test says only what matters to it."""
    plain = {
        "exchange_id": f"x{number}",
        "time": datetime(2026, 6, 1, 12, tzinfo=UTC) + timedelta(seconds=number),
        "account_id": f"a{number % 3}",
        "system": "You answer in one line.",
        "messages": [{"role": "user", "content": f"Question {number}?"}],
        "output": f"Answer {number}.",
    }
    return plain | said


def batch(*rows: dict[str, Any]) -> pa.RecordBatch:
    """Return rows as a batch of EXCHANGE_SCHEMA."""
    return pa.RecordBatch.from_pylist(list(rows), EXCHANGE_SCHEMA)


class Clock:
    """A clock on the wall that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_days(self, days: float) -> None:
        """Move the clock on."""
        self.now += timedelta(days=days)


def keep(state: Path, clock: Clock, *rows: dict[str, Any], days: int = 7) -> Keeping:
    """Keep the text of some exchanges as one scan would."""
    with kept_by(state, clock, days) as texts:
        texts.add(batch(*rows), SECRET)
    return texts


def kept_by(state: Path, clock: Clock, days: int | None = 7) -> Keeping:
    """Return the keeping of a scan at the clock's time; `days` None says nothing about retention."""
    return Keeping(TextSettings() if days is None else TextSettings(retention_days=days), state, clock)
