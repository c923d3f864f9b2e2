"""A labelled request: what lessons, exams and corpora are made into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.intents.concepts import Circumstance
from stillwatch.intents.labels import LANES, Label

Author = Literal["operator", "user"]


@dataclass(frozen=True)
class Part:
    """One author's text; `fills` are the stretches (characters) that a program filled in."""

    author: Author
    text: str
    fills: tuple[tuple[int, int], ...] = ()
    carries: bool = True  # whether the labels are about this part


@dataclass(frozen=True)
class Sample:
    """A request with what is known of it. `group` is what may not lie on both sides of a split."""

    parts: tuple[Part, ...]
    family: str
    language: str
    source: str
    true: frozenset[Label] = frozenset()
    unknown: frozenset[Label] = frozenset()
    template: str = ""

    @property
    def group(self) -> str:
        return f"{self.source}/{self.language}/{self.family}/{self.template}"


class Texts(NamedTuple):
    """Parts of many samples, one a row."""

    texts: pa.Array  # large_string
    given: NDArray[np.int64]  # circumstances as bits
    sample: NDArray[np.int64]
    carries: NDArray[np.bool_]
    parts: Sequence[Part]


def circumstances_of(sample: Sample, part: Part) -> int:
    """Return what is known of a part beside its text, as bits."""
    own = Circumstance.BY_OPERATOR if part.author == "operator" else Circumstance.BY_USER
    found = 1 << int(own)
    if all(other.author != "operator" for other in sample.parts):
        found |= 1 << int(Circumstance.NO_SYSTEM)
    return found


def lay_out(samples: Sequence[Sample]) -> Texts:
    """Put the parts of all samples in rows."""
    rows = [(at, part) for at, sample in enumerate(samples) for part in sample.parts]
    return Texts(
        texts=pa.array([part.text for _at, part in rows], pa.large_string()),
        given=np.array([circumstances_of(samples[at], part) for at, part in rows], dtype=np.int64),
        sample=np.array([at for at, _part in rows], dtype=np.int64),
        carries=np.array([part.carries for _at, part in rows], dtype=bool),
        parts=[part for _at, part in rows],
    )


def targets(samples: Iterable[Sample]) -> NDArray[np.int8]:
    """Return 1 (true), 0 (false) or -1 (unknown) for each sample and label, shape (n, LANES)."""
    samples = list(samples)
    found = np.zeros((len(samples), LANES), dtype=np.int8)
    for at, sample in enumerate(samples):
        for label in sample.unknown:
            found[at, label] = -1
        for label in sample.true:
            found[at, label] = 1
    return found
