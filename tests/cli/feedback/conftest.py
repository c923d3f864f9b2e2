"""Results and a state for the commands of `stillwatch feedback`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from stillwatch.report import write_results
from tests.feedback.makers import campaign, measured, near, recorded, results


@dataclass(frozen=True)
class Place:
    """A folder of results, and the state that their scan was given."""

    results: Path
    state: Path

    @property
    def add(self) -> tuple[object, ...]:
        return ("feedback", "add", "C-1", "--results", self.results, "--state", self.state,
                "--by", "ada", "--because", "a class")  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Return results with one campaign, whose group the state holds as it was measured."""
    held = measured()
    recorded(tmp_path / "state", held)
    shown = campaign(axes=held.axes)
    write_results(results(shown, accounts=("quiet",), examined=(near(),)), tmp_path / "results")
    return Place(tmp_path / "results", tmp_path / "state")
