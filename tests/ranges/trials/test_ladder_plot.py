"""The ladder's plot: which lines there are, where names stand, and that it is drawn."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
from stillwatch.ranges.trials.ladder_plot import Point, lines_of, plot, spots_of
from tests.ranges.trials.makers import row


def test_there_is_a_line_for_each_size_background_and_share() -> None:
    rows = [row(level=2), row(level=6, share=0.1), row(level=6, share=0.5), row(level=2, background=100)]
    lines = lines_of(rows)
    assert [[p.level for p in points] for points in lines.values()] == [[2, 6], [2, 6], [2]]
    assert [("50%" in name, "10%" in name) for name in lines] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert list(lines)[-1] == "20 × 50, background 100 ×"


def test_seeds_are_one_point_with_their_range() -> None:
    ((point,),) = lines_of([row(seed=0, attributed=200), row(seed=1, attributed=400)]).values()
    assert (point.recall, point.least, point.most) == (pytest.approx(0.3), 0.2, 0.4)


def test_points_that_coincide_share_a_name() -> None:
    def at(level: int, cost: float, recall: float) -> Point:
        return Point(level, cost, recall, recall, recall)

    spots = spots_of([[at(0, 30, 1), at(1, 30, 0.99), at(2, 90, 1)], [at(0, 30, 1), at(3, 31, 1)]])
    assert [(s.line, s.levels) for s in spots] == [(0, [0, 1]), (0, [2]), (1, [3])]


def test_the_plot_is_drawn_in_the_form_of_its_ending(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    rows = [
        row(level=2),
        row(level=2, seed=1, attributed=500),
        row(level=6, share=0.1, cost_per_thousand=372.0),
    ]
    assert plot(rows, tmp_path / "new" / "ladder.png").read_bytes().startswith(b"\x89PNG")
    assert b"<svg" in plot(rows, tmp_path / "ladder.svg").read_bytes()


def test_no_row_is_no_plot(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one rung"):
        plot([], tmp_path / "ladder.png")


def test_without_matplotlib_it_is_said_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(MissingExtraError, match=r"pip install 'stillwatch\[ranges\]'"):
        plot([row()], tmp_path / "ladder.png")
