"""The ladder's tables: for people and for programs, the same rows in the same order."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from stillwatch.ranges.trials.ladder_table import as_csv, as_json, markdown, ordered, write_tables
from tests.ranges.trials.makers import row

ROWS = [
    row(name="L6 20x50 10% at 10x", level=6, share=0.1, found=False, attributed=0, holding=0, verdict="none"),
    row(name="L6 20x50 50% at 10x", level=6, share=0.5, baselines={"volume": 0.25, "mmd_windows": None}),
    row(seed=1),
    row(),
]


def test_rows_stand_by_rung_share_and_seed() -> None:
    assert [(r.level, r.share, r.seed) for r in ordered(ROWS)] == [
        (2, None, 0),
        (2, None, 1),
        (6, 0.5, 0),
        (6, 0.1, 0),
    ]


def test_markdown_tells_each_step_and_what_its_rung_adds() -> None:
    text = markdown(ROWS)
    assert "| L2 20x50 at 10x | yes | 90.0% | 90.0% | 18 of 20 | distillation campaign | 0 |" in text
    assert "| L6 20x50 10% at 10x | no | 0.0% | – |" in text
    assert "- L6: mixed with paying customers" in text
    assert "- L3" not in text


def test_every_line_of_the_table_is_as_wide() -> None:
    table = [line for line in markdown(ROWS).splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in table}) == 1


def test_a_baseline_that_ranks_nothing_is_a_dash() -> None:
    (line,) = [line for line in markdown(ROWS).splitlines() if line.startswith("| L6 20x50 50%")]
    assert line.endswith("| 25.0% | – |")
    assert "Baselines" not in markdown([row()])


def test_csv_and_json_hold_the_same_rows() -> None:
    table = list(csv.DictReader(as_csv(ROWS).splitlines()))
    records = json.loads(as_json(ROWS))
    assert [r["name"] for r in table] == [r["name"] for r in records]
    assert [float(r["recall"]) for r in table] == [r["recall"] for r in records]
    assert [r["baseline_volume"] for r in table] == ["", "", "0.25", ""]


def test_the_tables_are_written(tmp_path: Path) -> None:
    assert [p.name for p in write_tables(ROWS, tmp_path / "out")] == [
        "ladder.md",
        "ladder.csv",
        "ladder.json",
    ]
    assert (tmp_path / "out" / "ladder.md").read_text(encoding="utf-8") == markdown(ROWS)
