"""The decision record: everything a score was made of, but for the text, so that it can be replayed later."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from stillwatch.intents.kernel import LOWEST, window_features
from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.model import Model
from stillwatch.intents.reading import page_for
from stillwatch.intents.windows import desk
from stillwatch.sketches.buffers import Texts
from stillwatch.sketches.unicode import unicode_table

EVERY_WINDOW = 1 << 30


class ReplayError(ValueError):
    """A record that does not say what the model says: names the label and both scores."""


@dataclass(frozen=True)
class LabelRecord:
    """How one label's score came about: the author and the features of the window that scored best."""

    score: int
    probability: float
    given: bool
    author: str | None  # operator, user, or None where nobody wrote anything
    features: tuple[int, ...]


@dataclass(frozen=True)
class Record:
    """One decision. `operator` and `user` are SHA-256 of the texts that were scored, None where there was none."""

    model: str  # version of the weights
    operator: str | None
    user: str | None
    labels: Mapping[str, LabelRecord]

    def as_dict(self) -> dict[str, Any]:
        """Return the record as JSON values."""
        return asdict(self)


def from_dict(raw: Mapping[str, Any]) -> Record:
    """Read a record back. KeyError or TypeError where a field is missing."""
    labels = {
        name: LabelRecord(**{**row, "features": tuple(row["features"])})
        for name, row in raw["labels"].items()
    }
    return Record(raw["model"], raw["operator"], raw["user"], labels)


def text_of(texts: Texts, row: int = 0) -> bytes | None:
    """Return the text of one row, None where there is none."""
    start, end = int(texts.offsets[row]), int(texts.offsets[row + 1])
    return texts.data[start:end].tobytes() if texts.there[row] and end > start else None


def record(own: Mapping[str, tuple[Texts, int]], model: Model) -> Record:
    """Make the record of one request from each author's text and circumstances (bits), one row each."""
    found = {author: _windows(texts, given, model) for author, (texts, given) in own.items()}
    labels = {}
    for label in Label:
        best: tuple[int, str | None, tuple[int, ...]] = (int(LOWEST), None, ())
        for author, windows in found.items():
            for features in windows:
                score = score_of(features, label, model)
                if score > best[0]:
                    best = (score, author, features)
        probability = model.probability(label, best[0])
        labels[LABELS[label]] = LabelRecord(
            best[0], round(float(probability), 6), best[0] >= int(model.cuts[label]), best[1], best[2]
        )
    return Record(model.version, _digest(own, "operator"), _digest(own, "user"), labels)


def score_of(features: tuple[int, ...], label: Label, model: Model) -> int:
    """Return the score of a window with these features."""
    return int(model.bias[label]) + int(model.weights[list(features), label].astype(np.int64).sum())


def replay(kept: Record, model: Model) -> None:
    """Check that a record's scores follow from its features. ReplayError where they do not."""
    if kept.model != model.version:
        raise ReplayError(
            f"record of weights {kept.model}, found {model.version}: load the weights it was made by"
        )
    for name, row in kept.labels.items():
        label = Label(LABELS.index(name))
        if any(not 0 <= feature < len(model.weights) for feature in row.features):
            raise ReplayError(f"{name}: recorded a feature that these weights do not have")
        score = score_of(row.features, label, model) if row.author is not None else int(LOWEST)
        if score != row.score or (score >= int(model.cuts[label])) != row.given:
            raise ReplayError(f"{name}: recorded {row.score}, replayed {score}")


def _windows(texts: Texts, given: int, model: Model) -> list[tuple[int, ...]]:
    if text_of(texts) is None:
        return []
    longest = int(np.diff(texts.offsets).max(initial=0))
    indices, ends, _owner, _begins = window_features(
        texts, np.array([given]), unicode_table(), model.reader.trie, model.reader.marks, page_for(longest), desk(),
        EVERY_WINDOW,
    )  # fmt: skip
    starts = np.concatenate([[0], ends[:-1]])
    return [tuple(int(i) for i in indices[a:b]) for a, b in zip(starts, ends, strict=True)]


def _digest(own: Mapping[str, tuple[Texts, int]], author: str) -> str | None:
    text = text_of(own[author][0]) if author in own else None
    return hashlib.sha256(text).hexdigest() if text is not None else None
