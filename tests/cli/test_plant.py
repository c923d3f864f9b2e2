"""`stillwatch range plant`: wishes are read, plantings told as text or JSON, and mistakes answered with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ranges.planting.makers import own_rows, write_jsonl

Run = Callable[..., Any]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return write_jsonl(tmp_path / "own.jsonl", own_rows(300))


def test_a_planting_is_told(stillwatch: Run, log: Path, tmp_path: Path) -> None:
    ran = stillwatch(
        "range", "plant", "--into", log, "--size", "6x20", "--rung", "L3", "--no-scan", "-o", tmp_path / "out"
    )
    assert ran.code == 0, ran.err
    assert "at rung L3: 6 accounts" in ran.out
    assert "nothing was scanned" in ran.out
    assert "plant.json" in ran.err


def test_json_goes_to_standard_output(stillwatch: Run, log: Path, tmp_path: Path) -> None:
    ran = stillwatch(
        "range",
        "plant",
        "--into",
        log,
        "--size",
        "3x10",
        "--no-scan",
        "--format",
        "json",
        "-q",
        "-o",
        tmp_path / "o",
    )
    assert json.loads(ran.out)["manifest"]["planted"]["accounts"] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--size", "many"), "24x50"),
        (("--rung", "L10"), "L0 to L9"),
        (("--campaign", "nonesuch"), "hydra"),
        (("--campaign", "probing", "--share", ".5"), "leave --share away"),
    ],
)
def test_a_wish_that_cannot_be_met_is_a_mistake_of_usage(
    stillwatch: Run, log: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    ran = stillwatch("range", "plant", "--into", log, "-o", tmp_path / "out", *words)
    assert ran.code == 2
    assert said in ran.err


def test_a_log_without_text_is_answered_in_words(stillwatch: Run, tmp_path: Path) -> None:
    log = write_jsonl(tmp_path / "own.jsonl", own_rows(30, messages=..., output=...))
    ran = stillwatch("range", "plant", "--into", log, "-o", tmp_path / "out")
    assert ran.code == 1
    assert "carries no text" in ran.err and "--map messages=PATH" in ran.err


def test_an_absent_accounts_table_is_answered_in_words(stillwatch: Run, log: Path, tmp_path: Path) -> None:
    ran = stillwatch("range", "plant", "--into", log, "-a", tmp_path / "none.csv", "-o", tmp_path / "out")
    assert ran.code == 1
    assert "no such accounts table" in ran.err
