"""Scores of a batch of exchanges: what each request is after, and whose words say so."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.intents.authors import Asked, asked
from stillwatch.intents.concepts import Circumstance
from stillwatch.intents.kernel import LOWEST, best_windows
from stillwatch.intents.labels import LANES
from stillwatch.intents.model import Model, shipped_model
from stillwatch.intents.reading import page_for
from stillwatch.intents.windows import desk
from stillwatch.sketches.buffers import Texts
from stillwatch.sketches.unicode import unicode_table

_OPERATOR, _USER = 1 << Circumstance.BY_OPERATOR, 1 << Circumstance.BY_USER
_NO_SYSTEM = 1 << Circumstance.NO_SYSTEM


@dataclass(frozen=True)
class Scores:
    """Whole-number scores by author, shape (n, LANES); LOWEST where the author wrote nothing."""

    operator: NDArray[np.int32]
    user: NDArray[np.int32]

    @property
    def best(self) -> NDArray[np.int32]:
        """The request's scores: those of the author who says most."""
        return np.maximum(self.operator, self.user)


def score(batch: pa.RecordBatch, model: Model) -> Scores:
    """Score every exchange of a batch: the same for the same text, in whatever batch and on whatever machine."""
    return score_asked(asked(batch), model)


def score_asked(own: Asked, model: Model) -> Scores:
    """Score what operators and users wrote."""
    of_operator, of_user = circumstances_of(own)
    return Scores(score_texts(own.operator, of_operator, model), score_texts(own.user, of_user, model))


def circumstances_of(own: Asked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the circumstances of each operator's and each user's text, as bits."""
    silent = np.where(~own.operator.there | (np.diff(own.operator.offsets) == 0), _NO_SYSTEM, 0).astype(
        np.int64
    )
    return silent | _OPERATOR, silent | _USER


def score_texts(texts: Texts, given: NDArray[np.int64], model: Model) -> NDArray[np.int32]:
    """Return the scores of the best window of each text, shape (n, LANES), LOWEST where there is no text."""
    rows = len(texts.there)
    scores = np.full((rows, LANES), LOWEST, dtype=np.int32)
    where = np.zeros((rows, LANES), dtype=np.int32)
    longest = int(np.diff(texts.offsets).max(initial=0))
    reader = model.reader
    best_windows(
        texts, given.astype(np.int64), unicode_table(), reader.trie, reader.marks, model.weights, model.bias,
        page_for(longest), desk(), scores, where,
    )  # fmt: skip
    return scores


def intents(batch: pa.RecordBatch, model: Model | None = None) -> pa.Array:
    """Return the labels that every exchange leans to and is given, as bits (int64; see `Model.bits`).

    By the shipped weights where no model is given.
    """
    model = model or shipped_model()
    return pa.array(model.bits(score(batch, model).best))
