"""The marks of an exam: how well each label is told, at which price, in which language, against which look-alikes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.model import Model
from stillwatch.intents.training.calibrate import least_cut
from stillwatch.intents.training.exam import Answers

STRICT: Final = 0.001  # false positives
PREVALENCE: Final = 0.05  # positives are weighted to be so many, for the precision-recall curve
BINS: Final = 10
FEWEST: Final = 20  # positives, for a mark to be given


@dataclass(frozen=True)
class Marks:
    """How one label was told."""

    positives: int
    negatives: int
    auprc: float  # at PREVALENCE
    recall_strict: float  # at STRICT false positives
    recall: float  # at the model's own cut
    false_positives: float  # there
    calibration_error: float  # expected (Naeini et al. 2015), ten bins, at PREVALENCE


@dataclass(frozen=True)
class Report:
    """All marks; keys are labels, languages and families."""

    labels: Mapping[str, Marks]
    languages: Mapping[str, Marks]  # of reasoning elicitation
    families: Mapping[str, float]  # recall of reasoning elicitation at the model's cut
    sources: Mapping[str, Marks]
    look_alikes: Mapping[str, Mapping[str, float]]  # label -> innocent family -> share given the label
    fixtures: Mapping[str, bool]  # id -> given reasoning elicitation

    def as_dict(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return asdict(self)


def strict_cut(innocent: NDArray[np.int32], rate: float = STRICT) -> int:
    """Return the least score that at most `rate` of the innocent reach."""
    return least_cut(innocent, rate)


def marks_of(
    answers: Answers, label: Label, model: Model, chosen: NDArray[np.bool_] | None = None
) -> Marks | None:
    """Return the marks of a label over the chosen rows, None where there are too few positives or no negatives."""
    rows = answers.known[:, label] >= 0
    if chosen is not None:
        rows = rows & chosen
    score, true = answers.scores[rows, label], answers.known[rows, label] == 1
    positives, negatives = int(true.sum()), int((~true).sum())
    if positives < FEWEST or not negatives:
        return None
    weight = np.where(true, PREVALENCE / positives, (1 - PREVALENCE) / negatives)
    given = score >= model.cuts[label]
    return Marks(
        positives,
        negatives,
        round(float(average_precision_score(true, score, sample_weight=weight)), 4),
        round(float((score[true] >= strict_cut(score[~true])).mean()), 4),
        round(float(given[true].mean()), 4),
        round(float(given[~true].mean()), 6),
        round(_calibration_error(answers, label, model, rows, weight), 4),
    )


def _calibration_error(
    answers: Answers, label: Label, model: Model, rows: NDArray[np.bool_], weight: NDArray[np.float64]
) -> float:
    said = model.probability(label, answers.scores[rows, label])
    true = answers.known[rows, label] == 1
    at = np.minimum((said * BINS).astype(int), BINS - 1)
    total = np.bincount(at, weight, BINS)
    gap = np.abs(np.bincount(at, weight * said, BINS) - np.bincount(at, weight * true, BINS))
    return float(gap[total > 0].sum())


def mark(answers: Answers, fixtures: Mapping[str, NDArray[np.int32]], model: Model) -> Report:
    """Mark an exam."""
    main = Label.REASONING_ELICITATION
    true = answers.known[:, main] == 1
    families = {
        str(name): round(
            float((answers.scores[true & (answers.family == name), main] >= model.cuts[main]).mean()), 4
        )
        for name in np.unique(answers.family[true])
    }
    return Report(
        labels=_each(LABELS, lambda slug: marks_of(answers, Label(LABELS.index(slug)), model)),
        languages=_each(
            np.unique(answers.language), lambda name: marks_of(answers, main, model, answers.language == name)
        ),
        families=families,
        sources=_each(
            np.unique(answers.source), lambda name: marks_of(answers, main, model, answers.source == name)
        ),
        look_alikes={LABELS[label]: _look_alikes(answers, label, model) for label in Label},
        fixtures={name: bool(scores[main] >= model.cuts[main]) for name, scores in fixtures.items()},
    )


def _each(names: Any, marked: Any) -> dict[str, Marks]:
    found = {str(name): marked(name) for name in names}
    return {name: marks for name, marks in found.items() if marks is not None}


def _look_alikes(answers: Answers, label: Label, model: Model) -> dict[str, float]:
    """Return the five innocent families that are most often given a label, and how often."""
    innocent = answers.known[:, label] == 0
    given = answers.scores[:, label] >= model.cuts[label]
    names = np.unique(answers.family[innocent])
    shares = {str(name): float(given[innocent & (answers.family == name)].mean()) for name in names}
    worst = sorted(shares.items(), key=lambda item: (-item[1], item[0]))[:5]
    return {name: round(share, 4) for name, share in worst if share > 0}
