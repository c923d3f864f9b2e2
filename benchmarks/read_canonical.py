"""How fast canonical logs are read, as a ratio to what the formats themselves cost in the same run.

Floor of JSON Lines: `pyarrow.json.read_json` on the same bytes with the same schema, one thread. Floor of
Parquet: `ParquetFile.iter_batches` over the same columns, one thread. CPU seconds of this process.

    python benchmarks/read_canonical.py [--rows 40000] [--times 3]
"""

from __future__ import annotations

import argparse
import io
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.json
import pyarrow.parquet as pq
import zstandard

from stillwatch.exchanges import DeadLetters, read_exchanges
from stillwatch.exchanges.readers.canonical_jsonl import strict_batches
from stillwatch.exchanges.schema import EXCHANGE_FIELDS
from stillwatch.exchanges.sources import FileSource

STARTS = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru"]
WORDS = [start + end for start in STARTS for end in ["ndt", "rk", "sh", "v", "mps", "lt", "ck", "g"]]


def exchange(chance: random.Random, number: int) -> dict[str, object]:
    """A row of about 2.5 KB: 1 KB asked, 1 KB answered, and everything a gateway knows around it."""

    def text(size: int) -> str:
        return " ".join(chance.choices(WORDS, k=size // 5))

    clock = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}.{number % 10**6:06}"
    return {
        "exchange_id": f"{number:020x}",
        "time": f"2026-11-02T{clock}Z",
        "duration_ms": chance.random() * 4000,
        "account_id": f"acct_{chance.randrange(2000):012x}",
        "key_id": f"key_{chance.randrange(4000):012x}",
        "platform": "direct",
        "api": "chat",
        "model": "m-large",
        "system": text(300),
        "messages": [{"role": "user", "content": text(350)} for _ in range(2)],
        "temperature": 0.7,
        "max_tokens": 1024,
        "stream": True,
        "output": text(1000),
        "finish_reason": "stop",
        "status": 200,
        "input_tokens": 260,
        "output_tokens": 240,
        "ip": f"198.51.100.{chance.randrange(256)}",
        "user_agent": "OpenAI/Python 3.3.0",
        "sdk": "python/3.3.0 (CPython 3.11.7)",
        "header_hash": "bcba46dc8bc30c8d",
    }


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """The least CPU time of several runs."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        work()
        spent.append(time.process_time() - begun)
    return min(spent)


def read(path: Path) -> Callable[[], int]:
    return lambda: sum(len(b) for b in read_exchanges(path, dead_letters=DeadLetters()))


def json_floor(path: Path) -> Callable[[], object]:
    schema = pa.schema([(f, pa.string() if f == "time" else t) for f, t in EXCHANGE_FIELDS])
    parse = pa.json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="ignore")
    options = pa.json.ReadOptions(use_threads=False, block_size=8 << 20)
    return lambda: pa.json.read_json(io.BytesIO(path.read_bytes()), read_options=options, parse_options=parse)


def parquet_floor(path: Path) -> Callable[[], int]:
    return lambda: sum(len(b) for b in pq.ParquetFile(path).iter_batches(4096, use_threads=False))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=40_000)
    options.add_argument("--times", type=int, default=3)
    chosen = options.parse_args()
    chance = random.Random(1)
    rows = [orjson.dumps(exchange(chance, i)) + b"\n" for i in range(chosen.rows)]
    with tempfile.TemporaryDirectory() as folder:
        lines, packed, table = (Path(folder) / n for n in ("a.jsonl", "a.jsonl.zst", "a.parquet"))
        lines.write_bytes(b"".join(rows))
        packed.write_bytes(zstandard.compress(lines.read_bytes()))
        bad = Path(folder) / "bad.jsonl"
        bad.write_bytes(b"".join(b'{"time": 1}\n' if i % 100 == 50 else row for i, row in enumerate(rows)))
        batches = list(read_exchanges(lines, dead_letters=DeadLetters()))
        pq.write_table(pa.Table.from_batches(batches), table, compression="zstd", row_group_size=16_384)
        del batches
        floors = {"json": json_floor(lines), "parquet": parquet_floor(table)}
        costs = {name: cpu_seconds(work, chosen.times) for name, work in floors.items()}
        strictly = FileSource(lines)
        cases: list[tuple[str, Callable[[], object], str]] = [
            ("JSON Lines", read(lines), "json"),
            ("JSON Lines, Zstandard", read(packed), "json"),
            ("JSON Lines, 1 row in 100 bad", read(bad), "json"),
            ("JSON Lines, strict path", lambda: list(strict_batches("f", strictly.documents())), "json"),
            ("Parquet, Zstandard", read(table), "parquet"),
        ]
        print(f"{chosen.rows:,} exchanges of {lines.stat().st_size / chosen.rows:,.0f} bytes, one core")
        print(f"{'':32}{'exchanges/s':>14}{'MB/s of JSON':>14}{'ratio to floor':>16}")
        for name, work, floor in cases:
            spent = cpu_seconds(work, chosen.times)
            speed = lines.stat().st_size / spent / 1e6
            print(f"{name:32}{chosen.rows / spent:>14,.0f}{speed:>14,.0f}{spent / costs[floor]:>15.2f}x")


if __name__ == "__main__":
    main()
