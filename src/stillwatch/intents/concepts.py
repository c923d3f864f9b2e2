"""The concepts a reader looks for: words by meaning (the lexicons), and forms that need no language.

A lexicon lists, for one language, words and phrases by concept. All lexicons have the same concepts, so what was
learned of "thought next to complete" in one language holds in the others.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray

from stillwatch.sketches.unicode import KIND_MASK, VALUE_BITS, VALUE_MASK, Kind, unicode_table

ENGLISH: Final = "en"
SIGNS: Final = "signs"  # names inside tags and keys: of no language
ANY_LANGUAGE: Final = -1  # as a set of bits: all of them
SEPARATOR: Final = 32
CONCEPTS: Final = 112  # room for words, forms and circumstances


class Form(IntEnum):
    """What a text looks like, whatever its language."""

    TAG = 0  # <name> or </name>
    SQUARE = 1  # [[ ]], 【 】 or [NAME]
    CURLY = 2  # {{name}}
    KEY = 3  # "name":
    HEADING = 4
    NUMBERED = 5
    BULLET = 6
    OPTION = 7  # A. or (B) at the start of a line
    LABEL = 8  # a few words and a colon at the start of a line
    RANGE = 9  # 1-5
    FENCE = 10
    RULE = 11  # a line of ---, ===, ###
    MARK = 12  # %%, ||, $$, ::: and such
    LATEX = 13
    IMAGE = 14
    CALL = 15  # a tool call
    PATH = 16
    QUESTION = 17
    ROLE = 18  # <|name|>, [INST]
    CODE = 19  # a line that ends like code
    CELLS = 20  # a line of a table
    ADDRESS = 21  # ://


class Circumstance(IntEnum):
    """What is true of the whole text, and so of every window of it."""

    BY_OPERATOR = 0
    BY_USER = 1
    NO_SYSTEM = 2  # the request has no operator's text
    SHORT = 3  # the text is one window or less
    LONG = 4  # more than eight


class Entries(NamedTuple):
    """The words of all lexicons as arrays: entry i is points[ends[i - 1]:ends[i]]."""

    points: NDArray[np.uint32]
    ends: NDArray[np.int64]
    concept: NDArray[np.int64]
    languages: NDArray[np.int64]  # bit i: language i of the model has it
    stem: NDArray[np.bool_]  # any ending may follow


def normalised(text: str) -> list[int]:
    """Return the code points that a text is matched by: folded, without accents, one separator between words."""
    table = unicode_table()
    found: list[int] = []
    for character in text:
        for entry in _entries_of(int(table.entries[ord(character)]), table.expansions):
            kind, value = (entry >> VALUE_BITS) & KIND_MASK, entry & VALUE_MASK
            _push(found, kind, value)
    while found and found[-1] == SEPARATOR:
        found.pop()
    return found


def _entries_of(entry: int, expansions: NDArray[np.uint32]) -> list[int]:
    if (entry >> VALUE_BITS) & KIND_MASK != Kind.MANY:
        return [entry]
    at = entry & VALUE_MASK
    return [int(e) for e in expansions[at + 1 : at + 1 + int(expansions[at])]]


def _push(found: list[int], kind: int, value: int) -> None:
    if kind == Kind.DROP or is_accent(value):
        return
    if kind in (Kind.BREAK, Kind.JOIN) or value == ord("_"):
        if found and found[-1] != SEPARATOR:
            found.append(SEPARATOR)
    elif kind != Kind.DIGIT or not found or found[-1] != ord("0"):
        found.append(value)


def is_accent(point: int) -> bool:
    """Tell whether a code point is an accent or vowel sign that writers leave out."""
    return 0x300 <= point <= 0x36F or 0x591 <= point <= 0x5C7 or 0x64B <= point <= 0x65F or point == 0x670


@cache
def concept_names() -> tuple[str, ...]:
    """Return the names of all concepts: words, then forms, then circumstances; their place is their number."""
    words = (
        *read_lexicon(lexicon_folder() / f"{ENGLISH}.yaml"),
        *read_lexicon(lexicon_folder() / f"{SIGNS}.yaml"),
    )
    forms = tuple(f"[{form.name.lower()}]" for form in Form)
    return (*words, *forms, *(f"({c.name.lower()})" for c in Circumstance))


def first_form() -> int:
    """Return the number of the first form; circumstances follow the forms."""
    return len(concept_names()) - len(Form) - len(Circumstance)


def lexicon_folder() -> Traversable:
    """Return the folder of the shipped lexicons."""
    return files("stillwatch.intents") / "lexicon"


def read_lexicon(path: Traversable) -> dict[str, list[str]]:
    """Read one lexicon: words by concept."""
    found: dict[str, list[str]] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return found


def languages() -> tuple[str, ...]:
    """Return the languages that have a lexicon, sorted; their place is their bit."""
    names = (
        path.name.removesuffix(".yaml") for path in lexicon_folder().iterdir() if path.name.endswith(".yaml")
    )
    return tuple(sorted(name for name in names if name != SIGNS))


def read_entries() -> Entries:
    """Read all lexicons. Takes a second or two: a trained model carries its entries with it."""
    names = {name: at for at, name in enumerate(concept_names())}
    found: dict[tuple[tuple[int, ...], bool, int], int] = {}
    spoken = languages()
    for name in (*spoken, SIGNS):
        own = 1 << spoken.index(name) if name in spoken else ANY_LANGUAGE
        for concept, words in read_lexicon(lexicon_folder() / f"{name}.yaml").items():
            for word in words:
                key = (tuple(normalised(word.rstrip("*"))), word.endswith("*"), names[concept])
                if key[0]:
                    found[key] = found.get(key, 0) | own
    ordered = sorted(found)
    return Entries(
        points=np.array([p for points, _stem, _c in ordered for p in points], dtype=np.uint32),
        ends=np.cumsum([len(points) for points, _stem, _c in ordered]).astype(np.int64),
        concept=np.array([concept for _p, _stem, concept in ordered], dtype=np.int64),
        languages=np.array([found[key] for key in ordered], dtype=np.int64),
        stem=np.array([stem for _p, stem, _c in ordered], dtype=np.bool_),
    )
