"""Writing systems: stable numbers that fit their columns."""

from __future__ import annotations

from stillwatch.sketches.scripts import RANGES, SCRIPT_COUNT, UNSPACED, Script


def test_numbers_fit_the_column_and_the_counting_table() -> None:
    assert max(Script) < SCRIPT_COUNT <= 128
    assert (Script.NONE, Script.LATIN, Script.HAN) == (0, 2, 26)  # written to files: never renumber


def test_ranges_are_in_order_within_themselves_and_name_every_unspaced_script() -> None:
    assert all(first <= last for first, last, _ in RANGES)
    assert {script for _, _, script in RANGES} >= UNSPACED
    assert Script.HANGUL not in UNSPACED
