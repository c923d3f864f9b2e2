"""Peak memory of a whole scan against the rows of the log, under `--memory-limit`: is the limit kept?

Writes made-up Parquet logs (about 1 KB of prompt and 1 KB of answer an exchange; kept between runs) and scans
each in a process of its own. The peak is the largest resident size of that process from start to end, as the
system counts it: libraries, compiled kernels, batches, the engine and the results, everything.

    python benchmarks/scan_memory.py --rows 50000 200000 800000 --limits 1GB 2GB
    python benchmarks/scan_memory.py --log exchanges.parquet --accounts accounts.parquet --limits 1GB
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from harness.made_log import write_log

# compiles and caches kernels on the first run, so that no row of the table carries the compiler's memory
CHILD = """
import json, resource, sys, tempfile
import stillwatch
from stillwatch.settings import RunSettings, Settings
log, accounts, limit, threads = sys.argv[1:]
settings = Settings(run=RunSettings(memory_limit=limit, threads=int(threads) or None))
with tempfile.TemporaryDirectory() as out:
    run = stillwatch.scan(log, accounts=accounts or None, out=out, settings=settings).run

peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"exchanges": run["exchanges"], "peak": peak, "timings": run["timings_s"]}))
"""
SMALL = 2_000


def peak_of(log: Path, accounts: Path | None, limit: str, threads: int) -> dict[str, Any] | None:
    """Scan a log in a process of its own; return exchanges, peak bytes and timings, None where it failed."""
    command = [sys.executable, "-c", CHILD, str(log), str(accounts or ""), limit, str(threads)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"{log.name}, {limit}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return None
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000, 200_000, 800_000])
    parser.add_argument("--limits", nargs="+", default=["1GB", "2GB"])
    parser.add_argument("--threads", type=int, default=0, help="0: one for every core")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--form", choices=("parquet", "jsonl"), default="parquet")
    parser.add_argument("--log", type=Path, help="scan this log instead of made-up ones")
    parser.add_argument("--accounts", type=Path, help="accounts table of --log")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "stillwatch-benchmarks")
    options = parser.parse_args()
    if options.log:
        logs = [options.log]
    else:
        logs = [write_log(options.folder, n, options.seed, options.form) for n in options.rows]
    peak_of(write_log(options.folder, SMALL, options.seed), None, "4GB", options.threads)
    print(f"{'exchanges':>12}{'limit':>9}{'peak MB':>10}{'of limit':>10}{'kept':>6}{'wall s':>9}")
    broken = False
    for limit in options.limits:
        for log in logs:
            found = peak_of(log, options.accounts, limit, options.threads)
            broken |= found is None or not _row(found, limit)
    sys.exit(1 if broken else 0)


def _row(found: dict[str, Any], limit: str) -> bool:
    """Print one measurement; return whether the limit was kept."""
    from stillwatch.settings.model import bytes_of

    share = found["peak"] / bytes_of(limit)
    kept = share <= 1
    print(
        f"{found['exchanges']:12,}{limit:>9}{found['peak'] / 1e6:10,.0f}{share:10.0%}{'yes' if kept else 'NO':>6}"
        f"{sum(found['timings'].values()):9.1f}",
        flush=True,
    )
    return kept


if __name__ == "__main__":
    main()
