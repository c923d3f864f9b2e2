"""Addresses and payments in common."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.baselines.shared_address import detect
from tests.ranges.scoring.makers import log_rows, write_log


def test_addresses_and_payments_tie_across_each_other(tmp_path: Path) -> None:
    log = write_log(
        tmp_path,
        log_rows("a", ip="1.1.1.1"), log_rows("b", ip="1.1.1.1"), log_rows("b", ip="2.2.2.2"),
        log_rows("c", ip="3.3.3.3"), log_rows("d", ip="4.4.4.4"), log_rows("e"),
        accounts=[{"account_id": "b", "payment_fp": "p"}, {"account_id": "c", "payment_fp": "p"},
                  {"account_id": "idle", "payment_fp": "p"}, {"account_id": "d"}],
    )  # fmt: skip
    made = detect(log / "exchanges.jsonl", log / "accounts.jsonl")
    held = {r["account_id"]: r["campaign_id"] for r in made.accounts.to_pylist()}
    assert held["a"] == held["b"] == held["c"] is not None
    assert held["d"] is None and held["e"] is None and "idle" not in held
    assert [r["score"] for r in made.scores.to_pylist()] == [3, 3, 3, 1, 1]


def test_two_are_too_few(tmp_path: Path) -> None:
    log = write_log(tmp_path, log_rows("a", ip="1.1.1.1"), log_rows("b", ip="1.1.1.1"))
    assert detect(log / "exchanges.jsonl").accounts["campaign_id"].null_count == 2
    assert detect(log / "exchanges.jsonl", least=2).accounts["campaign_id"].null_count == 0
