"""Plantings made once for the tests that look at them."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.ranges.planting import Planted, Wish, plant
from tests.ranges.planting.makers import own_accounts, own_rows, write_jsonl


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    """A careless pool in a log with an accounts table and a few refusals, not scanned."""
    folder = tmp_path_factory.mktemp("planted")
    rows = own_rows()
    for row in rows[::40]:
        row["status"], row["error_type"] = 429, "slow_down"
        row.pop("output")
    log = write_jsonl(folder / "own.jsonl", rows)
    table = write_jsonl(folder / "people.jsonl", own_accounts())
    return folder / "out", plant(
        log, folder / "out", Wish(accounts=12, each=20, rung=2), accounts=table, scans=False
    )


@pytest.fixture(scope="session")
def watched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Planted]:
    """A pool in a log without an accounts table, scanned before, after and at two prefixes."""
    folder = tmp_path_factory.mktemp("watched")
    log = write_jsonl(folder / "own.jsonl", own_rows())
    return folder / "out", plant(log, folder / "out", Wish(accounts=12, each=20), steps=2)
