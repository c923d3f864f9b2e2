"""The trained model: words of the lexicons, whole-number weights, and what a score means.

One file of arrays (NumPy's .npz, no pickles) with a version made from its content, so that a decision names exactly
what it was made by.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.concepts import (
    ENGLISH,
    SIGNS,
    Entries,
    Form,
    concept_names,
    first_form,
    languages,
    lexicon_folder,
    read_lexicon,
)
from stillwatch.intents.labels import LABELS, LANES, Label
from stillwatch.intents.trie import Trie, build_trie
from stillwatch.intents.windows import FEATURES

SHIPPED: Final = "weights.npz"
_ARRAYS: Final = (
    "weights",
    "bias",
    "knots",
    "levels",
    "cuts",
    "leanings",
    *(f"entry_{name}" for name in Entries._fields),
)


class ModelError(ValueError):
    """A file of weights that cannot be used: says what is wrong and what to do."""


@dataclass(frozen=True)
class Reader:
    """What reading a text needs: the trie, and where kinds of concepts begin."""

    entries: Entries
    trie: Trie
    marks: NDArray[np.int64]  # first sign, first form, first circumstance, English's bit


@dataclass(frozen=True)
class Model:
    """`weights` (FEATURES, LANES) and `bias` (LANES,) are whole numbers, `unit` of them are one unit of log odds.

    Calibration of label l: `levels[l]` (probabilities) at scores `knots[l]`, straight between; `cuts[l]` is the score
    from which a request is given the label, `leanings[l]` the lower one from which it counts for its workload.
    """

    reader: Reader
    weights: NDArray[np.int8]
    bias: NDArray[np.int32]
    knots: NDArray[np.int32]  # (LANES, K), rising
    levels: NDArray[np.float32]
    cuts: NDArray[np.int32]  # (LANES,)
    leanings: NDArray[np.int32]  # (LANES,)
    facts: Mapping[str, Any]  # unit, training command and data, figures at the cuts
    version: str

    def probabilities(self, scores: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return calibrated probabilities for scores of shape (n, LANES)."""
        columns = [self.probability(Label(lane), scores[:, lane]) for lane in range(LANES)]
        return np.stack(columns, axis=1).astype(np.float32)

    def probability(self, label: Label, scores: NDArray[np.int32] | int) -> NDArray[np.float64]:
        """Return the calibrated probability of one label at scores of any shape."""
        return np.asarray(np.interp(scores, self.knots[label], self.levels[label]))

    def bits(self, scores: NDArray[np.int32]) -> NDArray[np.int64]:
        """Return the labels of scores (n, LANES) as bits: label l leant to is bit l, given is bit LANES + l."""
        both = np.concatenate([scores >= self.leanings[None, :], scores >= self.cuts[None, :]], axis=1)
        return np.asarray((both.astype(np.int64) << np.arange(2 * LANES)[None, :]).sum(axis=1))


def reader_of(entries: Entries, spoken: tuple[str, ...] | None = None) -> Reader:
    """Return a reader of words whose languages are those `spoken`, by default those that have a lexicon now."""
    first = first_form()
    signs = len(read_lexicon(lexicon_folder() / f"{SIGNS}.yaml"))
    marks = np.array([first - signs, first, first + len(Form), (spoken or languages()).index(ENGLISH)])
    return Reader(entries, build_trie(entries), marks)


def save_model(model: Model, path: Path) -> str:
    """Write a model to one file, whole or not at all; returns its version."""
    arrays = _arrays(model)
    own = {"labels": list(LABELS), "concepts": list(concept_names())}
    # a loaded model's words keep their languages
    facts = {"languages": list(languages()), **model.facts, **own}
    told = json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()
    buffer = io.BytesIO()
    content: dict[str, Any] = {"facts": np.frombuffer(told, dtype=np.uint8), **arrays}
    np.savez_compressed(buffer, **content)
    half = path.with_name(path.name + ".part")
    half.write_bytes(buffer.getvalue())
    half.replace(path)
    return _version(arrays, told)


def _arrays(model: Model) -> dict[str, NDArray[Any]]:
    entries = model.reader.entries._asdict()
    own = {name: getattr(model, name) for name in _ARRAYS[:6]}
    return own | {f"entry_{name}": values for name, values in entries.items()}


def _version(arrays: Mapping[str, NDArray[Any]], told: bytes) -> str:
    digest = hashlib.sha256(told)
    for name in _ARRAYS:
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()[:16]


def load_model(path: Path) -> Model:
    """Read a model. ModelError where the file is not one, or belongs to other lexicons or labels."""
    return _read(path.read_bytes(), str(path))


@cache
def shipped_model() -> Model:
    """Return the weights that come with the package."""
    return _read((files("stillwatch.intents") / SHIPPED).read_bytes(), SHIPPED)


def _read(content: bytes, name: str) -> Model:
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            arrays = {key: found[key] for key in _ARRAYS}
            told = found["facts"].tobytes()
        facts = json.loads(told)
        made_for, spoken = (facts["labels"], facts["concepts"]), tuple(facts["languages"])
    except Exception as error:  # a damaged archive raises whatever its reader stumbles over
        raise ModelError(f"{name}: no weights of the classifier ({error}); train anew") from error
    same = made_for == (list(LABELS), list(concept_names())) and ENGLISH in spoken
    if not same or arrays["weights"].shape != (FEATURES, LANES):
        raise ModelError(f"{name}: made for other labels or concepts than this version has; train anew")
    entries = Entries(**{field: arrays[f"entry_{field}"] for field in Entries._fields})
    own = {key: arrays[key] for key in _ARRAYS[:6]}
    return Model(reader_of(entries, spoken), **own, facts=facts, version=_version(arrays, told))
