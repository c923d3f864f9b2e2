"""How fast a whole scan is on one core, as a ratio to DuckDB reading and hashing the same file in the same run.

Writes a made-up Parquet log (about 1 KB of prompt and 1 KB of answer an exchange; kept between runs), then, each
in a process of its own with one thread:

- the floor: DuckDB scans the file and hashes its identifiers and texts (`threads = 1`);
- `stillwatch.scan` of the file, from reading to the results on disk, with the seconds of each stage.

CPU seconds (user and system) are what a core is charged; on a shared machine the wall says more about the
neighbours. Loading the libraries and compiled kernels is done before the clock starts and told apart.

    python benchmarks/scan_speed.py --rows 200000 --threads 1
    python benchmarks/scan_speed.py --rows 50000 --form jsonl
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness.made_log import text_bytes, write_log

SMALL = 2_000  # exchanges of the log that loads everything before the clock starts
POOLS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS")
FLOOR = (
    "SELECT sum(hash(output) % 1000003), sum(hash(messages) % 1000003), sum(hash(system) % 1000003),"
    " sum(hash(exchange_id) % 1000003), sum(hash(account_id) % 1000003) FROM read_parquet(?)"
)


class Stages:
    """CPU seconds of each stage, told by the progress that `scan` reports."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._begun = "opening", time.process_time()

    def __call__(self, name: str, done: int, total: int | None) -> None:
        if name != self._name:
            now = time.process_time()
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._begun
            self._name, self._begun = name, now


def scan_once(log: str, threads: int, memory_limit: str) -> dict[str, Any]:
    """Scan a log to a temporary folder; return counts and seconds."""
    import pyarrow as pa

    import stillwatch
    from stillwatch.settings import RunSettings, Settings

    if threads == 1:
        pa.set_cpu_count(1)
        pa.set_io_thread_count(1)
    settings = Settings(run=RunSettings(threads=threads, memory_limit=memory_limit))
    stages, cpu, wall = Stages(), time.process_time(), time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        result = stillwatch.scan(log, out=out, settings=settings, progress=stages)
        stages("", 0, None)
    return {
        "exchanges": result.run["exchanges"],
        "accounts": result.run["accounts"],
        "campaigns": len(result.campaigns),
        "cpu": time.process_time() - cpu,
        "wall": time.perf_counter() - wall,
        "stages_cpu": stages.seconds,
        "stages_wall": result.run["timings_s"],
        "peak": result.run["peak_memory_bytes"],
    }


def floor_once(log: str) -> dict[str, float]:
    """Read and hash a Parquet log with DuckDB on one thread, twice; return the seconds of the faster."""
    import duckdb

    best = {"cpu": float("inf"), "wall": float("inf")}
    for _ in range(2):
        cpu, wall = time.process_time(), time.perf_counter()
        with duckdb.connect(config={"threads": 1}) as session:
            session.execute(FLOOR, [log]).fetchall()
        best = {
            "cpu": min(best["cpu"], time.process_time() - cpu),
            "wall": min(best["wall"], time.perf_counter() - wall),
        }
    return best


def in_child(*words: str, threads: int = 1) -> dict[str, Any]:
    """Run this file again in a process of its own and return what it prints, as JSON."""
    environment = os.environ | {name: str(threads) for name in POOLS}
    command = [sys.executable, str(Path(__file__).resolve()), *words]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def child(job: str, log: str, small: str, threads: int, memory_limit: str) -> None:
    """What a process of its own does."""
    if job == "floor":
        print(json.dumps(floor_once(log)))
        return
    loading = scan_once(small, threads, memory_limit)
    print(json.dumps(scan_once(log, threads, memory_limit) | {"loading": loading["cpu"]}))


def report(parquet: Path, scanned: dict[str, Any], floor: dict[str, float], threads: int) -> None:
    """Print one table."""
    asked, answered = text_bytes(parquet)
    n, cpu = scanned["exchanges"], scanned["cpu"]
    print(
        f"{n:,} exchanges of {scanned['accounts']:,} accounts, {asked:,.0f} bytes of request text and "
        f"{answered:,.0f} of answer each; {threads} thread(s); {scanned['campaigns']} findings\n"
    )
    print(f"{'':30}{'CPU s':>9}{'wall s':>9}{'us/exchange':>13}{'exchanges/s':>13}")
    _line("whole scan", cpu, scanned["wall"], n)
    for name, seconds in scanned["stages_cpu"].items():
        _line(f"  {name}", seconds, scanned["stages_wall"].get(name), n)
    _line("floor: DuckDB scan and hash", floor["cpu"], floor["wall"], n)
    print(f"\nexchanges a second and core: {n / cpu:,.0f}; the floor is {cpu / floor['cpu']:.1f}x as fast")
    print(f"loading and a first scan of {SMALL:,}: {scanned['loading']:.1f} CPU s, not counted above")
    print(f"peak memory {scanned['peak'] / 1e6:,.0f} MB")


def _line(name: str, cpu: float, wall: float | None, rows: int) -> None:
    shown = f"{wall:9.2f}" if wall is not None else " " * 9
    rate = f"{rows / cpu:13,.0f}" if cpu > 0.005 else " " * 13
    print(f"{name:30}{cpu:9.2f}{shown}{cpu / rows * 1e6:13.2f}{rate}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=("parquet", "jsonl"), default="parquet")
    parser.add_argument("--memory-limit", default="4GB")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "stillwatch-benchmarks")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--job", choices=("scan", "floor"), help=argparse.SUPPRESS)
    parser.add_argument("--logs", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.job:
        child(options.job, *options.logs, options.threads, options.memory_limit)
        return
    parquet = write_log(options.folder, options.rows, options.seed)
    log = write_log(options.folder, options.rows, options.seed, options.form)
    small = write_log(options.folder, SMALL, options.seed, options.form)
    same = ("--threads", str(options.threads), "--memory-limit", options.memory_limit)
    floor = in_child("--job", "floor", "--logs", str(parquet), str(parquet))
    scanned = in_child("--job", "scan", "--logs", str(log), str(small), *same, threads=options.threads)
    report(parquet, scanned, floor, options.threads)
    if options.json:
        options.json.write_text(json.dumps({"floor": floor, "scan": scanned}, indent=2) + "\n")


if __name__ == "__main__":
    main()
