"""Makers of logs: a test says only what matters to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def exchange(number: int = 0, **said: Any) -> dict[str, Any]:
    """Return one plausible canonical exchange as JSON would hold it."""
    plain = {
        "exchange_id": f"x{number}",
        "time": f"2026-06-01T12:{number // 60 % 60:02}:{number % 60:02}Z",
        "account_id": f"a{number % 3}",
        "model": "large-1",
        "messages": [{"role": "user", "content": f"What is the capital of country number {number}?"}],
        "output": f"The capital of country number {number} is not on my list.",
        "status": 200,
    }
    return {name: value for name, value in (plain | said).items() if value is not None}


def log(path: Path, rows: list[Any]) -> Path:
    """Write rows as JSON Lines; text is written as it is."""
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return path
