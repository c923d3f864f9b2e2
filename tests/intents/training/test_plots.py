"""Pictures show what the report says, and are drawn however little was examined."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.training import plots
from stillwatch.intents.training.evaluate import Report, mark
from stillwatch.intents.training.exam import Answers, join
from stillwatch.intents.training.plots import COLOURS, DASHES, draw
from tests.intents.training.makers import answers, model

pytest.importorskip("matplotlib")

NAMES = ["precision.png", "languages.png", "calibration.png"]


def examined() -> Answers:
    """Return two languages, the second told better than the first."""
    known = [1] * 30 + [0] * 70
    return join(
        [
            answers([5] * 10 + [-5] * 90, known, language="fr"),
            answers([5] * 30 + [-5] * 70, known, language="de"),
            answers([5] * 20 + [-5] * 80, known, Label.TOOL_USE),
        ]
    )


def report_of(found: Answers) -> Report:
    return mark(found, {}, model())


@pytest.fixture
def figures(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The axes that are drawn on, in turn."""
    made: list[Any] = []
    plain = plots._figure

    def kept(width: float, height: float) -> Any:
        figure, axes = plain(width, height)
        made.append(axes)
        return figure, axes

    monkeypatch.setattr(plots, "_figure", kept)
    return made


def test_three_pictures_are_written(tmp_path: Path) -> None:
    found = examined()
    paths = draw(found, report_of(found), model(), tmp_path)
    assert [path.name for path in paths] == NAMES
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


def test_each_label_examined_has_a_curve_and_the_others_none(tmp_path: Path, figures: list[Any]) -> None:
    found = examined()
    draw(found, report_of(found), model(), tmp_path)
    precision, _languages, calibration = figures
    told = [line.get_label() for line in precision.get_lines()]
    assert told == ["reasoning elicitation", "tool use"]
    assert [line.get_label() for line in calibration.get_lines()[1:]] == told
    assert all(0 <= y <= 1 + 1e-9 for line in precision.get_lines() for y in line.get_ydata())


def test_languages_stand_in_the_order_of_their_recall(tmp_path: Path, figures: list[Any]) -> None:
    found = examined()
    report = report_of(found)
    draw(found, report, model(), tmp_path)
    languages = figures[1]
    assert [tick.get_text() for tick in languages.get_yticklabels()] == ["de", "fr"]
    widths = [bar.get_width() for bar in languages.patches]
    assert (
        widths
        == [report.languages[name].recall_strict for name in ("de", "fr")]
        == pytest.approx([1.0, 1 / 3], abs=1e-3)
    )


def test_probabilities_that_come_true_lie_on_the_diagonal(tmp_path: Path, figures: list[Any]) -> None:
    found = answers([10] * 30 + [-10] * 70, [1] * 30 + [0] * 70)
    draw(found, report_of(found), model(), tmp_path)
    diagonal, curve = figures[2].get_lines()
    assert np.allclose(curve.get_xdata(), curve.get_ydata())
    assert np.allclose(diagonal.get_xdata(), diagonal.get_ydata())


@pytest.mark.parametrize("known", [[], [1], [0] * 40, [1] * 40, [-1] * 40])
def test_too_little_to_show_is_an_empty_picture(known: list[int], tmp_path: Path) -> None:
    found = answers([1] * len(known), known)
    assert len(draw(found, report_of(found), model(), tmp_path)) == 3


def test_no_two_labels_look_the_same() -> None:
    assert len(COLOURS) * len(DASHES) >= len(LABELS)
    assert len(set(COLOURS)) == len(COLOURS) and len(set(DASHES)) == len(DASHES)


def test_without_matplotlib_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr(importlib, "import_module", missing)
    found = examined()
    with pytest.raises(ImportError, match="matplotlib"):
        draw(found, report_of(found), model(), tmp_path)
    assert not list(tmp_path.iterdir())
