"""One trial: a population is built, scanned as a user would, and left in a folder with its truth."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from stillwatch.pipeline import scan
from stillwatch.ranges.scenarios import Population
from stillwatch.ranges.scoring.database import find, need
from stillwatch.ranges.write import write_range
from stillwatch.settings import Settings

PHRASE: Final = (
    b"stillwatch trial"  # a trial is to give the same answer everywhere; its secret protects nothing
)


@dataclass(frozen=True, slots=True)
class Trial:
    """Where a built range and its scan lie, and how long both took."""

    log: Path  # exchanges, accounts, truth, truth_accounts
    results: Path
    exchanges: int
    accounts: int
    seconds_building: float
    seconds_scanning: float


def write_secret(folder: Path) -> Path:
    """Write the trials' secret into a folder, made if absent; return its file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret"
    path.touch(mode=0o600)
    path.write_text(hashlib.sha256(PHRASE).hexdigest() + "\n", encoding="ascii")
    return path


def run_trial(
    population: Population,
    seed: int,
    folder: Path,
    *,
    corpus: Path | None = None,
    settings: Settings | None = None,
    accounts_table: bool = True,
) -> Trial:
    """Build a population into `folder/log` and scan it into `folder/results`, with the trials' secret.

    `accounts_table=False` keeps the accounts table from the scan. Raises ValueError for an unknown kind of traffic,
    OSError where the folder cannot be written.
    """
    begin = time.perf_counter()
    log, results = folder / "log", folder / "results"
    made = write_range(population, seed, log, corpus=corpus, accounts_table=accounts_table)
    built = time.perf_counter()
    scan(
        [str(path) for path in need(log, "exchanges")],
        accounts=next(iter(find(log, "accounts")), None),
        out=results,
        settings=settings,
        secret=write_secret(folder),
    )
    return Trial(
        log, results, made.manifest["exchanges"], made.manifest["accounts"],
        round(built - begin, 2), round(time.perf_counter() - built, 2),
    )  # fmt: skip
