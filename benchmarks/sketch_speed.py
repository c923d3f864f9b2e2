"""How fast exchanges are sketched, on one core, against two yardsticks measured in the same run.

Writes a Parquet file of made-up multilingual exchanges (about 1 kB of prompt and 1 kB of answer each),
then measures, on one thread:

- the whole sketch stage, Parquet to sketch columns, and the shingle kernel alone, in MB of text a second;
- DuckDB reading the same file and hashing its text columns (`threads = 1`);
- datasketch and rensa doing word-5 shingling and 128-wide MinHash from raw text, on a subset of the rows.

    python benchmarks/sketch_speed.py --rows 50000 --seed 1
"""

# ruff: noqa: E402 (thread pools read the environment when their library is imported)
from __future__ import annotations

import os

for _name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "RAYON_NUM_THREADS", "ARROW_NUM_THREADS"):
    os.environ[_name] = "1"  # before the libraries start their pools

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.sketches import Secret, sketch
from stillwatch.sketches.buffers import texts
from stillwatch.sketches.keyring import keyring
from stillwatch.sketches.shingles import shingle_all
from stillwatch.sketches.unicode import unicode_table

SECRET = Secret.from_bytes(b"a secret for benchmarks only....")
BATCH = 8192
TEXT_BYTES = 1000
PERMUTATIONS = 128

NOUNS = [
    "ledger",
    "river",
    "engine",
    "archive",
    "signal",
    "garden",
    "contract",
    "harbour",
    "model",
    "theorem",
    "invoice",
    "valley",
]
VERBS = [
    "explains",
    "compares",
    "measures",
    "rewrites",
    "proves",
    "sorts",
    "grades",
    "translates",
    "derives",
    "repairs",
]
QUALITIES = [
    "quiet",
    "careful",
    "recent",
    "broken",
    "formal",
    "northern",
    "cheap",
    "early",
    "robust",
    "sparse",
]
LINKS = ["because", "although", "while", "after", "before", "unless", "so", "that", "whenever"]
LANGUAGES = (
    (0.86, "the {q} {n} {v} the {n2} {l} {n3} {k} {v2} {q2} results,"),
    (0.05, "der {q} Schlüssel {n} prüft {k} größere Übungen über {n2} für {n3},"),
    (0.04, "模型{k}解释了如何比较这些结果并且说明原因。"),
    (0.03, "модель {k} объясняет данные и сравнивает {n} по порядку,"),
    (0.02, "يشرح النموذج {k} النتائج ويقارن بين {n} بالتفصيل،"),
)


def text(draw: random.Random) -> str:
    """About TEXT_BYTES bytes in one language, from a small grammar."""
    form = draw.choices([f for _, f in LANGUAGES], [w for w, _ in LANGUAGES])[0]
    parts: list[str] = []
    size = 0
    while size < TEXT_BYTES:
        part = form.format(
            q=draw.choice(QUALITIES), q2=draw.choice(QUALITIES), n=draw.choice(NOUNS), n2=draw.choice(NOUNS),
            n3=draw.choice(NOUNS), v=draw.choice(VERBS), v2=draw.choice(VERBS), l=draw.choice(LINKS),
            k=draw.randrange(10**6),
        )  # fmt: skip
        parts.append(part)
        size += len(part.encode()) + 1
    return " ".join(parts)


def write_log(path: Path, rows: int, seed: int) -> None:
    """Write `rows` exchanges as Parquet."""
    draw = random.Random(seed)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pq.ParquetWriter(path, EXCHANGE_SCHEMA) as writer:
        for at in range(0, rows, BATCH):
            block = [
                {
                    "exchange_id": f"x{i:09d}", "time": start + timedelta(seconds=i),
                    "account_id": f"a{i % 997}", "model": "m-1", "status": 200,
                    "ip": f"198.51.{i % 100}.{i % 251}", "ja4": f"j{i % 31}",
                    "user_agent": "client/1.0", "temperature": 0.7, "max_tokens": 1024,
                    "messages": [{"role": "user", "content": text(draw)}], "output": text(draw),
                }
                for i in range(at, min(at + BATCH, rows))
            ]  # fmt: skip
            writer.write_table(pa.Table.from_pylist(block, schema=EXCHANGE_SCHEMA))


def best_of(times: int, work: Callable[[], object]) -> float:
    """Least CPU seconds of several runs: on a shared machine, what the code itself costs."""
    least = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        least = min(least, time.process_time() - began)
    return least


def sketch_stage(path: Path) -> None:
    file = pq.ParquetFile(path)
    for batch in file.iter_batches(BATCH, use_threads=False):
        sketch(batch, SECRET)


def read_only(path: Path) -> None:
    for _ in pq.ParquetFile(path).iter_batches(BATCH, use_threads=False):
        pass


def scan_and_hash(path: Path) -> None:
    with duckdb.connect(config={"threads": 1}) as session:
        session.execute(
            "SELECT sum(hash(output) % 1000003), sum(hash(messages[1].content) % 1000003),"
            " sum(hash(exchange_id) % 1000003), sum(hash(account_id) % 1000003) FROM read_parquet(?)",
            [str(path)],
        ).fetchall()


def word_shingles(document: str) -> list[str]:
    words = document.lower().split()
    return [" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))]


def with_datasketch(documents: list[str]) -> None:
    from datasketch import MinHash

    for document in documents:
        sketch_of = MinHash(num_perm=PERMUTATIONS, seed=1)
        sketch_of.update_batch([s.encode() for s in word_shingles(document)])


def with_rensa(documents: list[str]) -> None:
    from rensa import RMinHash

    for document in documents:
        sketch_of = RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch_of.update(word_shingles(document))
        sketch_of.digest()


def peers(documents: list[str]) -> dict[str, float]:
    """Seconds a byte of those peers that are installed."""
    size = sum(len(d.encode()) for d in documents)
    found: dict[str, float] = {}
    for name, work in (("datasketch", with_datasketch), ("rensa", with_rensa)):
        try:
            work(documents[:10])
        except ImportError:
            print(f"{name}: not installed; pip install 'stillwatch[bench]'")
            continue
        found[name] = best_of(2, lambda work=work: work(documents)) / size  # type: ignore[misc]
    return found


def report(path: Path, rows: int, peer_rows: int, repeats: int) -> None:
    """Measure everything and print one table."""
    prompts, answers = _columns(path)
    size = sum(int(pc.binary_length(a).to_numpy().sum()) for a in (prompts, answers))
    ring, table = keyring(SECRET), unicode_table()
    views = [texts(a) for a in (prompts, answers)]
    work: list[tuple[str, float]] = [
        ("sketch stage, from Parquet", _timed(repeats, lambda: sketch_stage(path))),
        ("reading the Parquet, in it", _timed(repeats, lambda: read_only(path))),
        ("shingle kernel alone", _timed(repeats, lambda: [shingle_all(v, table, ring) for v in views])),
        ("DuckDB scan and hash", _timed(repeats, lambda: scan_and_hash(path))),
    ]
    stage, reading = work[0][1], work[1][1]
    work.insert(1, ("sketch stage, from Arrow", stage - reading))
    sample = prompts.slice(0, peer_rows).to_pylist() + answers.slice(0, peer_rows).to_pylist()
    work += [(f"{name} ({len(sample):,} texts)", s * size) for name, s in peers(sample).items()]
    print(f"{rows:,} exchanges, {size / 1e6:,.1f} MB of text, one thread, best of {repeats}\n")
    print(f"{'':34}{'MB/s':>9}{'exchanges/s':>13}{'sketch stage is':>18}")
    for name, seconds in work:
        print(f"{name:34}{size / 1e6 / seconds:9,.1f}{rows / seconds:13,.0f}{seconds / stage:17.2f}x")


def _columns(path: Path) -> tuple[pa.Array, pa.Array]:
    table = pq.read_table(path, columns=["messages", "output"], use_threads=False).combine_chunks()
    contents = table["messages"].combine_chunks().flatten().field("content")
    return contents, table["output"].combine_chunks()


def _timed(repeats: int, work: Callable[[], object]) -> float:
    work()  # compiles, and warms the page cache for all alike
    return best_of(repeats, work)


_RAW = argparse.RawDescriptionHelpFormatter


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peer-rows", type=int, default=500, help="rows for datasketch and rensa")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.parquet"
        write_log(path, options.rows, options.seed)
        report(path, options.rows, min(options.peer_rows, options.rows), options.repeats)


if __name__ == "__main__":
    main()
