"""False discoveries on logs that hold no campaign, against what the dial promises.

    python benchmarks/null_logs.py --seeds 60 [--first 0] [--scale 1.0] [--secret FILE] [--json FILE]

Each seed is one log of the `benign` scenario: every hard negative and nothing else. On such a log every
reported `distillation_campaign` is false, so the false-discovery proportion of a log is 1 if any is reported
and 0 otherwise, and the share of logs with one estimates the rate the dial bounds. The interval is
Clopper and Pearson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path

import stillwatch
from harness.intervals import clopper_pearson
from stillwatch.ranges import benign, build, write

ACCUSES = "distillation_campaign"


@dataclass(frozen=True)
class NullLog:
    """What a scan reported on one log without a campaign."""

    seed: int
    exchanges: int
    accounts: int
    reported: dict[str, int]  # campaigns by verdict
    kinds: dict[str, dict[str, int]]  # by verdict: accounts named, by what they truly are
    dial: float  # the false-discovery rate that the scan promised
    seconds: float


def scan_null(seed: int, scale: float, accounts_table: bool, secret: Path | None) -> NullLog:
    """Build the log of one seed, scan it, and count what was reported."""
    built = build(benign(scale), seed, accounts_table=accounts_table)
    kind_of = {r["account_id"]: r["kind"] for r in built.truth_accounts.to_pylist()}
    with tempfile.TemporaryDirectory() as folder:
        paths = write(built, folder)
        begin = time.perf_counter()
        accounts = str(paths["accounts"]) if accounts_table else None
        found = stillwatch.scan([str(paths["exchanges"])], accounts=accounts, secret=secret)
        seconds = time.perf_counter() - begin
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for campaign in found.campaigns:
        kinds[campaign.verdict].update(kind_of[member.account_id] for member in campaign.accounts)
    return NullLog(
        seed=seed,
        exchanges=built.exchanges.num_rows,
        accounts=len(kind_of),
        reported=dict(Counter(c.verdict for c in found.campaigns)),
        kinds={verdict: dict(counted) for verdict, counted in kinds.items()},
        dial=float(found.run["false_discovery_rate"]),
        seconds=round(seconds, 2),
    )


def summary(logs: list[NullLog]) -> dict[str, object]:
    """Return the realised false-discovery proportion with its interval, and what was reported."""
    reported: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for log in logs:
        reported.update(log.reported)
        for verdict, counted in log.kinds.items():
            kinds[verdict].update(counted)
    dial = max(log.dial for log in logs)
    hits = sum(ACCUSES in log.reported for log in logs)
    low, high = clopper_pearson(hits, len(logs))
    return {
        "logs": len(logs),
        "exchanges": sum(log.exchanges for log in logs),
        "reported": dict(reported.most_common()),
        "accounts_named": {verdict: dict(counted.most_common()) for verdict, counted in kinds.items()},
        "logs_with_false_campaign": hits,
        "false_discovery_proportion": hits / len(logs),
        "interval_95": [low, high],
        "dial": dial,
        # The interval's lower end above the dial would contradict the promise.
        "within_dial": low <= dial,
    }


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line; exit code 1 if the promise is contradicted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=60)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="of the benign scenario; 1: 5,000 exchanges")
    parser.add_argument("--no-accounts-table", action="store_true")
    parser.add_argument("--secret", type=Path, help="a deployment's secret, for a run that can be repeated")
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args(arguments)
    logs = []
    for seed in range(chosen.first, chosen.first + chosen.seeds):
        log = scan_null(seed, chosen.scale, not chosen.no_accounts_table, chosen.secret)
        logs.append(log)
        print(
            f"seed {seed}: {log.exchanges} exchanges, {log.reported or 'nothing reported'}, {log.seconds} s"
        )
    found = summary(logs)
    for name, value in found.items():
        print(f"{name}: {value}")
    if chosen.json:
        report = found | {"by_seed": [asdict(log) for log in logs]}
        chosen.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    return 0 if found["within_dial"] else 1


if __name__ == "__main__":
    sys.exit(main())
