"""Texts in no known language: what a label must not be given to.

Made from innocent samples by exchanging letters within words, the same letter for the same one in each text, so that
length, signs and layout stay while no word of any lexicon is left but by chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.training.samples import Sample

ALPHABETS: Final = (
    "abcdefghijklmnopqrstuvwxyz", "αβγδεζηθικλμνξοπρστυφχψω", "абвгдежзиклмнопрстуфхцчшыэюя", "աբգդեզէըթժիլխծկհձղ",
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩც", "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधन",
    "กขคงจฉชซญดตถทธนบปผฝพ", "的一是不了人我在有他这中大来上国",
)  # fmt: skip


def unreadable(samples: Sequence[Sample], share: float, seed: int) -> Iterator[Sample]:
    """Yield an unreadable copy of about `share` of the samples, with none of their labels."""
    rng = np.random.default_rng(seed)
    for sample in samples:
        if rng.random() < share:
            letters = ALPHABETS[int(rng.integers(len(ALPHABETS)))]
            order = rng.permutation(len(letters))
            parts = tuple(
                replace(part, text=_shifted(part.text, letters, order), fills=(), carries=True)
                for part in sample.parts
            )
            yield Sample(parts, "unreadable", "none", "unreadable", template=sample.template)


def _shifted(text: str, letters: str, order: NDArray[np.int64]) -> str:
    return "".join(letters[int(order[ord(c.lower()[0]) % len(letters)])] if c.isalpha() else c for c in text)
