"""From samples to a sparse matrix: one row a window, with the labels that the window is known to have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from stillwatch.intents.kernel import window_features
from stillwatch.intents.model import Reader
from stillwatch.intents.reading import page_for
from stillwatch.intents.training.samples import Part, Sample, lay_out, targets
from stillwatch.intents.windows import FEATURES, SIZE, desk
from stillwatch.sketches.buffers import texts
from stillwatch.sketches.unicode import unicode_table

MOST_WINDOWS = 40  # of one text
OWN_SHARE = 0.4  # of a window's text at least is the template's own, for the template's labels to be about it


@dataclass(frozen=True)
class Windows:
    """Windows of many samples. `labels` is 1, 0 or -1 (unknown), shape (windows, LANES)."""

    features: csr_array
    labels: NDArray[np.int8]
    sample: NDArray[np.int64]

    def take(self, rows: NDArray[np.int64]) -> Windows:
        return Windows(self.features[rows], self.labels[rows], self.sample[rows])


def windows_of(samples: Sequence[Sample], reader: Reader) -> Windows:
    """Return all windows of all samples."""
    laid = lay_out(samples)
    view = texts(laid.texts)
    longest = int(np.diff(view.offsets).max(initial=0))
    indices, ends, owner, begins = window_features(
        view, laid.given, unicode_table(), reader.trie, reader.marks, page_for(longest), desk(), MOST_WINDOWS
    )
    indptr = np.concatenate([[0], ends]).astype(np.int64)
    ones = np.ones(len(indices), dtype=np.float32)
    matrix = csr_array((ones, indices, indptr), shape=(len(ends), FEATURES))
    known = targets(samples)[laid.sample[owner]]
    own = np.array(
        [_own_share(laid.parts[o], b, laid.texts[int(o)]) for o, b in zip(owner, begins, strict=True)]
    )
    silent = (own < OWN_SHARE) | ~laid.carries[owner]
    known[silent] = np.where(known[silent] == 1, -1, known[silent])
    return Windows(matrix, known, laid.sample[owner])


def _own_share(part: Part, begin: int, text: pa.Scalar) -> float:
    """Return about how much of a window is not filled in, judging places by the share of the text before them."""
    if not part.fills:
        return 1.0
    length = max(len(part.text), 1)
    units = _units_guess(part.text)
    start, stop = length * begin / units, length * min(begin + SIZE, units) / units
    filled = sum(max(0.0, min(stop, last) - max(start, first)) for first, last in part.fills)
    return 1.0 - filled / max(stop - start, 1.0)


def _units_guess(text: str) -> int:
    """Return about how long a text is in units: two a word, one a letter of an unspaced script."""
    words = len(text.split())
    return max(len(text) if words * 12 < len(text) else 2 * words, 1)
