"""`range build` writes a range and says what it holds; what it cannot build is a usage error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stillwatch import ranges
from stillwatch.cli.ranges.build import summary
from stillwatch.ranges import Population
from stillwatch.ranges.scenarios import ladder as rungs
from tests.ranges.trials.makers import small

Run = Callable[..., Any]


def test_a_scenario_is_written_with_its_truth_and_summed_up(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("range", "build", "demo", "--seed", 2, "--scale", 0.1, "-o", tmp_path)
    assert ran.code == 0
    manifest = json.loads((tmp_path / "range.json").read_text())
    assert (manifest["scenario"], manifest["seed"]) == ("demo", 2)
    assert f"demo, seed 2: {manifest['exchanges']:,} exchanges" in ran.out
    assert "copper" in ran.out and "cot_harvest" in ran.out
    assert str(tmp_path / "truth.parquet") in ran.err
    assert pq.read_metadata(tmp_path / "exchanges.parquet").num_rows == manifest["exchanges"]


def test_the_form_and_the_accounts_table_are_as_asked(stillwatch: Run, tmp_path: Path) -> None:
    words = ("--scale", 0.05, "--form", "jsonl", "--no-accounts", "-q", "-o", tmp_path)
    ran = stillwatch("range", "build", "demo", *words)
    assert (ran.code, ran.err) == (0, "")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "exchanges.jsonl", "range.json", "truth.jsonl", "truth_accounts.jsonl",
    ]  # fmt: skip


def test_a_rung_is_built_as_asked(stillwatch: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[rungs.Step] = []

    def ladder(step: rungs.Step) -> Population:
        asked.append(step)
        return small()

    monkeypatch.setattr(rungs, "ladder", ladder)
    options = ("--size", "5x200", "--share", "0.25", "--background", "10", "-o", tmp_path)
    assert stillwatch("range", "build", "ladder:L6", *options).code == 0
    assert stillwatch("range", "build", "ladder:3", "-o", tmp_path).code == 0
    assert asked == [rungs.Step(6, 5, 200, 0.25, 10), rungs.Step(3, 20, 50, 0.1, 100)]


def test_the_list_names_scenarios_and_rungs(stillwatch: Run) -> None:
    ran = stillwatch("range", "build", "--list")
    assert ran.code == 0
    names = [line.split()[0] for line in ran.out.splitlines()]
    assert names == [*ranges.SCENARIOS, *(f"ladder:L{n}" for n in range(10))]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere"], "SCENARIO: expected one of demo"),
        ([], "name a scenario; --list lists them"),
        (["ladder:L10"], "expected a rung from L0 to L9"),
        (["ladder:L6", "--share", "2"], "--share: expected a share"),
        (["ladder:L6", "--size", "20"], "--size: expected accounts and exchanges"),
        (["ladder:L6", "--background", "0"], "--background: expected"),
        (["ladder:L6", "--scale", "2"], "--scale: a rung is not scaled"),
        (["demo", "--size", "20x50"], "--size: only for ladder:L0"),
        (["demo", "--scale", "0"], "--scale: expected a number above 0"),
        (["demo", "--form", "csv"], "--form"),
    ],
)
def test_what_cannot_be_built_is_a_usage_error(
    stillwatch: Run, tmp_path: Path, words: list[str], said: str
) -> None:
    ran = stillwatch("range", "build", *words, "-o", tmp_path / "new")
    assert ran.code == 2
    assert said in ran.err and "fix: see `stillwatch range build --help`" in ran.err
    assert not (tmp_path / "new").exists()


def test_a_corpus_that_is_none_is_told(stillwatch: Run, tmp_path: Path) -> None:
    ran = stillwatch("range", "build", "demo", "--corpus", tmp_path / "none", "-o", tmp_path / "new")
    assert ran.code == 1
    assert str(tmp_path / "none") in ran.err and "Traceback" not in ran.err


def test_a_range_without_a_campaign_says_so() -> None:
    text = summary(
        {"scenario": "benign", "seed": 1, "exchanges": 5, "accounts": 2, "days": 7.0, "campaigns": {},
         "kinds": {"chat": 5}}
    )  # fmt: skip
    assert "no campaigns" in text and "over 7 days" in text
