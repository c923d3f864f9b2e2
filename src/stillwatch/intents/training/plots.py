"""Pictures of an exam: precision against recall, recall by language, and whether probabilities mean what they say."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import precision_recall_curve

from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.model import Model
from stillwatch.intents.training.evaluate import FEWEST, PREVALENCE, Report
from stillwatch.intents.training.exam import Answers

# Okabe and Ito's colours, told apart by the colour-blind; lines differ in their dashes, too.
COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES: Final = ("-", "--", ":")


def draw(answers: Answers, report: Report, model: Model, folder: Path) -> list[Path]:
    """Draw all plots into a folder; return their paths. ImportError where matplotlib is not installed."""
    figures = {
        "precision.png": _precision(answers),
        "languages.png": _languages(report),
        "calibration.png": _calibration(answers, model),
    }
    for name, figure in figures.items():
        figure.savefig(folder / name, dpi=110)
    return [folder / name for name in figures]


def _figure(width: float, height: float) -> tuple[Any, Any]:
    module: Any = importlib.import_module("matplotlib.figure")
    figure = module.Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _legend(axes: Any, **where: Any) -> None:
    if axes.get_legend_handles_labels()[0]:  # matplotlib warns of a legend of nothing
        axes.legend(frameon=False, **where)


def _weights(true: NDArray[np.bool_]) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.where(
        true, PREVALENCE / max(true.sum(), 1), (1 - PREVALENCE) / max((~true).sum(), 1)
    )
    return weights


def _precision(answers: Answers) -> Any:
    figure, axes = _figure(9.5, 6)
    for label in Label:
        rows = answers.known[:, label] >= 0
        true, score = answers.known[rows, label] == 1, answers.scores[rows, label]
        if true.sum() < FEWEST or true.all():
            continue
        precision, recall, _cuts = precision_recall_curve(true, score, sample_weight=_weights(true))
        style = {"color": COLOURS[label % len(COLOURS)], "linestyle": DASHES[label // len(COLOURS)]}
        axes.plot(recall, precision, label=LABELS[label].replace("_", " "), **style)
    axes.set(
        xlabel="recall",
        ylabel=f"precision, positives weighted to {PREVALENCE:.0%}",
        xlim=(0, 1),
        ylim=(0, 1.02),
    )
    _legend(axes, loc="center left", bbox_to_anchor=(1.01, 0.5))
    axes.grid(alpha=0.3)
    return figure


def _languages(report: Report) -> Any:
    names = sorted(report.languages, key=lambda name: -report.languages[name].recall_strict)
    figure, axes = _figure(8, 0.32 * len(names) + 1.6)
    at = np.arange(len(names))
    axes.barh(
        at,
        [report.languages[n].recall_strict for n in names],
        color=COLOURS[0],
        label="at 0.1 % false positives",
    )
    axes.plot(
        [report.languages[n].recall for n in names], at, "D", color=COLOURS[1], label="at the model's own cut"
    )
    axes.set_yticks(at, names)
    axes.invert_yaxis()
    axes.set(xlabel="recall of reasoning elicitation", xlim=(0, 1))
    _legend(axes, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    axes.grid(axis="x", alpha=0.3)
    return figure


def _calibration(answers: Answers, model: Model) -> Any:
    figure, axes = _figure(6.5, 6)
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    shown = (Label.REASONING_ELICITATION, Label.RUBRIC_GRADING, Label.INSTRUCTION_GENERATION, Label.TOOL_USE)
    for number, label in enumerate(shown):
        rows = answers.known[:, label] >= 0
        true, score = answers.known[rows, label] == 1, answers.scores[rows, label]
        if true.sum() < FEWEST:
            continue
        said, weight = model.probability(label, score), _weights(true)
        at = np.minimum((said * 10).astype(int), 9)
        total = np.bincount(at, weight, 10)
        there = total > 0
        points = [np.bincount(at, weight * what, 10)[there] / total[there] for what in (said, true)]
        axes.plot(*points, "o-", color=COLOURS[number], label=LABELS[label].replace("_", " "))
    axes.set(xlabel="probability said", ylabel=f"share true, positives weighted to {PREVALENCE:.0%}")
    _legend(axes)
    axes.grid(alpha=0.3)
    return figure
