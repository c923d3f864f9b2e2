"""An operator's log in small: rows of a few programs, over three days, with addresses and ids of a look of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from stillwatch.exchanges import DeadLetters, read_exchanges
from stillwatch.ranges.planting.profile import Profile, Profiler

START = datetime(2026, 9, 1, 6, tzinfo=UTC)
PROGRAMS = (
    {"user_agent": "OpenAI/Python 3.3.0", "sdk": "python/3.3.0", "header_hash": "aa11", "temperature": 0.2},
    {"user_agent": "curl/8.5.0", "header_hash": "bb22", "max_tokens": 512},
    {"user_agent": "Mozilla/5.0 (X11) Firefox/144.0", "header_hash": "cc33"},
)


def own_rows(count: int = 600, accounts: int = 30, hours: float = 72.0, **said: Any) -> list[dict[str, Any]]:
    """Rows of a log, ascending in time, to the millisecond; a field given as `...` is left out."""
    rng = np.random.default_rng(7)
    at = np.sort(rng.integers(0, int(hours * 3.6e6), count))
    rows = []
    for i, (ms, who) in enumerate(zip(at.tolist(), rng.integers(0, accounts, count).tolist(), strict=True)):
        row = {
            "exchange_id": f"req-{rng.integers(1 << 40):010x}{i:04x}",
            "time": (START + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds"),
            "account_id": f"cust_{who:05d}",
            "key_id": f"k{who:03d}",
            "platform": "gateway:own",
            "api": "chat",
            "model": ("big-1", "big-1", "small-1")[who % 3],
            "messages": [{"role": "user", "content": f"What of matter {i}? " + "It goes on. " * (i % 9)}],
            "output": f"Of matter {i}: " + "this and that. " * (i % 7 + 1),
            "finish_reason": "stop",
            "status": 200,
            "duration_ms": float(100 + i % 900),
            "input_tokens": 12 + 3 * (i % 9),
            "output_tokens": 8 + 4 * (i % 7),
            "ip": f"203.0.{who}.{10 + who % 3}",
        }
        named = row | PROGRAMS[who % 3] | said
        rows.append({name: value for name, value in named.items() if value is not ...})
    return rows


def own_accounts(accounts: int = 30) -> list[dict[str, Any]]:
    """The accounts table that belongs to `own_rows`; nobody tells a telephone number."""
    return [
        {
            "account_id": f"cust_{i:05d}",
            "created_at": (START - timedelta(days=10 + i)).isoformat(timespec="seconds"),
            "plan": ("free", "team")[i % 2],
            "payment_fp": f"card-{i * 7919 % 65536:04x}" if i % 5 else None,
            "email_domain": ("mail.test", "post.test", f"firm{i}.test")[i % 3],
            "email_fp": f"{i * 104729 % (1 << 32):08x}",
            "status": "active",
        }
        for i in range(accounts)
    ]


def write_jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    """Write rows as JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def batches_of(path: Path) -> list[pa.RecordBatch]:
    """The rows of a file, as the readers give them."""
    return list(read_exchanges(path, dead_letters=DeadLetters(), batch_rows=128))


def profile_of(folder: Path, rows: list[dict[str, Any]], size: int = 20_000) -> Profile:
    """The profile of rows."""
    profiler = Profiler(size)
    for batch in batches_of(write_jsonl(folder / "own.jsonl", rows)):
        profiler.add(batch)
    return profiler.finish()


def planted_rows(folder: Path) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The whole planted log of a folder, and its planted and the operator's own rows."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rows, truth = pq.read_table(folder / "exchanges.parquet"), pq.read_table(folder / "truth.parquet")
    own = pc.equal(truth["kind"], "operator_log")
    return rows, rows.filter(pc.invert(own)), rows.filter(own)
