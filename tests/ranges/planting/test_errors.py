"""An error of planting is told as a sentence with what to do, without a traceback."""

from __future__ import annotations

from stillwatch.ranges.planting import PlantError


def test_the_command_line_knows_it_for_one_of_ours() -> None:
    assert PlantError.__module__.startswith("stillwatch.")
    assert str(PlantError("no text\n  fix: log it")) == "no text\n  fix: log it"
