"""Runs a baseline by name over a log's folder and writes its results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from stillwatch.ranges.scoring.baselines import exact_prompt, mmd_windows, shared_address, volume
from stillwatch.ranges.scoring.baselines.result import BaselineResult
from stillwatch.ranges.scoring.database import find, need

BASELINES: dict[str, Callable[..., BaselineResult]] = {
    volume.NAME: volume.detect,
    shared_address.NAME: shared_address.detect,
    exact_prompt.NAME: exact_prompt.detect,
    mmd_windows.NAME: mmd_windows.detect,
}


def run_baseline(name: str, log: Path, out: Path, **options: Any) -> BaselineResult:
    """Run one baseline over the `exchanges` (and `accounts`, if there) of a folder; write it into `out`.

    `options` go to the baseline's `detect`. Raises ValueError for an unknown name, ScoreInputError where the
    folder holds no exchanges, and what the baseline raises.
    """
    if name not in BASELINES:
        raise ValueError(f"no baseline {name!r}; there are {', '.join(BASELINES)}")
    accounts = find(Path(log), "accounts")
    result = BASELINES[name](need(Path(log), "exchanges"), accounts[0] if accounts else None, **options)
    result.write(Path(out))
    return result
