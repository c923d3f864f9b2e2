"""Training: from lessons and a corpus to a model, with scores calibrated on folds that did not fit them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.concepts import read_entries
from stillwatch.intents.labels import LABELS, LANES, Label
from stillwatch.intents.model import Model, Reader, reader_of
from stillwatch.intents.training.calibrate import Calibration, calibrate
from stillwatch.intents.training.corpus import is_held_out, read_corpus
from stillwatch.intents.training.features import Windows, windows_of
from stillwatch.intents.training.fit import Fitted, fit
from stillwatch.intents.training.lessons import read_folder, render
from stillwatch.intents.training.samples import Sample, targets
from stillwatch.intents.training.unreadable import unreadable

UNIT: Final = 48  # whole numbers to one unit of log odds
FOLDS: Final = 4
EPOCHS: Final = 5
UNREADABLE: Final = 0.1  # of the samples get a copy in no known language
MOST: Final = 127  # of a weight, in whole numbers
Progress = Callable[[str], None]


def gather(corpus: Path | None, each: int, seed: int) -> list[Sample]:
    """Return all samples to train on: every lesson rendered `each` times, and the corpus but for what is held out."""
    found = [sample for lessons in read_folder("lessons") for sample in render(lessons, each, seed)]
    if corpus is not None:
        found += [sample for sample in read_corpus(corpus) if not is_held_out(sample)]
    return [*found, *unreadable(found, UNREADABLE, seed)]


def importance_of(windows: Windows) -> NDArray[np.float32]:
    """Return the weight of each window and label: a sample's windows together weigh little more than one."""
    sizes = np.bincount(windows.sample)[windows.sample]
    weight = np.where(sizes > 4, 4.0 / sizes, 1.0)
    return np.repeat(weight[:, None], LANES, axis=1).astype(np.float32)


def best_of(windows: Windows, fitted: Fitted, samples: int) -> NDArray[np.float32]:
    """Return each sample's best window's score for each label, in shipped units, shape (samples, LANES)."""
    scores = windows.features @ rounded(fitted.weights).astype(np.float32) + np.rint(fitted.bias * UNIT)
    best = np.full((samples, LANES), -(2.0**30), dtype=np.float32)
    np.maximum.at(best, windows.sample, scores)
    return best


def folds_of(samples: Sequence[Sample]) -> NDArray[np.int64]:
    """Return the fold of each sample: a template, family and language lies in one fold only."""
    digests = [hashlib.sha256(sample.group.encode()).digest() for sample in samples]
    return np.array([int.from_bytes(digest[:4], "big") % FOLDS for digest in digests], dtype=np.int64)


def train(samples: Sequence[Sample], seed: int, facts: dict[str, Any], progress: Progress = print) -> Model:
    """Train a model on samples: cross-fitted scores calibrate it, all samples fit it."""
    reader = reader_of(read_entries())
    windows = windows_of(samples, reader)
    progress(f"{len(samples)} samples, {windows.features.shape[0]} windows, {windows.features.nnz} features")
    fold = folds_of(samples)
    scores = np.zeros((len(samples), LANES), dtype=np.float32)
    for held in range(FOLDS):
        inside = fold[windows.sample] != held
        fitted = fit_witnesses(windows.take(np.flatnonzero(inside)), seed)
        scores[fold == held] = best_of(windows, fitted, len(samples))[fold == held]
        progress(f"fold {held + 1} of {FOLDS}")
    fitted = fit_witnesses(windows, seed)
    progress("fitted on all")
    return _model(reader, fitted, calibrate(scores.astype(np.int32), targets(samples)), facts)


def fit_witnesses(windows: Windows, seed: int) -> Fitted:
    """Fit, find for each sample and label the window that speaks most for it, and fit anew with that one alone.

    A label is true of a request, not of each of its windows; the others are left unknown (as in MI-SVM: Andrews,
    Tsochantaridis & Hofmann 2003).
    """
    importance = importance_of(windows)
    first = fit(windows, importance, EPOCHS, seed)
    scores = windows.features @ first.weights + first.bias
    best = np.full((int(windows.sample.max(initial=-1)) + 1, LANES), -np.inf, dtype=np.float32)
    np.maximum.at(best, windows.sample, np.where(windows.labels == 1, scores, -np.inf))
    beside = (windows.labels == 1) & (scores < best[windows.sample])
    labels = np.where(beside, -1, windows.labels).astype(np.int8)
    return fit(replace(windows, labels=labels), importance, EPOCHS, seed + 1)


def rounded(weights: NDArray[np.float32]) -> NDArray[np.int8]:
    """Return weights as the small whole numbers that are shipped: a cache holds them all."""
    return np.clip(np.rint(weights * UNIT), -MOST, MOST).astype(np.int8)


def _model(reader: Reader, fitted: Fitted, calibration: Calibration, facts: dict[str, Any]) -> Model:
    at_cut = {LABELS[label]: calibration.figures[label] for label in Label}
    return Model(
        reader=reader,
        weights=rounded(fitted.weights),
        bias=np.rint(fitted.bias * UNIT).astype(np.int32),
        knots=calibration.knots,
        levels=calibration.levels,
        cuts=calibration.cuts,
        leanings=calibration.leanings,
        facts={**facts, "unit": UNIT, "at_the_cut": at_cut},
        version="",
    )
