"""The same words from several accounts."""

from __future__ import annotations

from pathlib import Path

from stillwatch.ranges.scoring.baselines.exact_prompt import detect
from tests.ranges.scoring.makers import log_rows, write_log

LONG = "Write the reasoning behind the answer below, step by step, in plain words: "


def test_the_same_beginning_or_the_same_system_ties(tmp_path: Path) -> None:
    log = write_log(
        tmp_path,
        *(log_rows(a, 2, prompt=f"{LONG}item {a}") for a in "abc"), log_rows("c", 3),
        *(log_rows(a, 1, system="You are a grader.") for a in "cde"),
        log_rows("f", 4, prompt="short"), log_rows("g", 1, prompt="short"),
    )  # fmt: skip
    made = detect(log / "exchanges.jsonl")
    held = {r["account_id"]: r["campaign_id"] for r in made.accounts.to_pylist()}
    assert len({held[a] for a in "abcde"}) == 1 and held["a"] is not None
    assert held["f"] is None and held["g"] is None
    scores = {r["account_id"]: r["score"] for r in made.scores.to_pylist()}
    # c: two with the beginning, one with the system text, whose own prompt nobody else sends
    assert scores == {"a": 2, "b": 2, "c": 3, "d": 1, "e": 1, "f": 0, "g": 0}


def test_a_log_without_texts_ties_nobody(tmp_path: Path) -> None:
    rows = [{"exchange_id": a, "account_id": a, "messages": None} for a in "abc"]
    made = detect(write_log(tmp_path, rows) / "exchanges.jsonl")
    assert made.accounts["campaign_id"].null_count == 3 and made.scores["score"].to_pylist() == [0, 0, 0]
