"""What each code point becomes and how it divides words, as one table that a kernel can index.

A code point is mapped by NFKD, case folding and NFKD again, each on its own: composed and decomposed
spellings of a letter then agree without any recomposition, and no state crosses code points. Hangul
syllables stay whole (they are one character to a reader). Two marks on one letter in an order other than
Unicode's canonical one are not reordered.
"""

from __future__ import annotations

import unicodedata
from enum import IntEnum
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stillwatch.sketches.scripts import RANGES, UNSPACED, Script

CODE_POINTS = 0x110000
VALUE_BITS = 21  # low bits of an entry: the code point it maps to, or its index into the expansions
KIND_BITS = 3
VALUE_MASK = (1 << VALUE_BITS) - 1
KIND_MASK = (1 << KIND_BITS) - 1
SCRIPT_SHIFT = VALUE_BITS + KIND_BITS
JOINERS = "+/=-.:%&?#@~"
MOST_TOKENS_PER_BYTE = 3  # of UTF-8, whatever it expands to; checked when the table is built


class Kind(IntEnum):
    """How a code point divides a text into tokens."""

    BREAK = 0  # punctuation, space, control: ends a run
    WORD = 1  # letter, mark, underscore
    DIGIT = 2  # decimal digit of any script
    JOIN = 3  # ends a word but not a run: what addresses, identifiers and base64 are glued with
    SINGLE = 4  # a token of its own: unspaced scripts, emoji
    DROP = 5  # invisible: joiners, variation selectors, soft hyphens, byte order marks
    MANY = 6  # maps to several code points


class UnicodeTable(NamedTuple):
    """`entries[cp]` packs value, kind and script; `expansions[i]` is a length, followed by entries."""

    entries: npt.NDArray[np.uint32]  # (0x110000,)
    expansions: npt.NDArray[np.uint32]


def mapped(character: str) -> str:
    """The definition: what one character becomes."""
    if "\uac00" <= character <= "\ud7a3":
        return character
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())


def script_of(character: str) -> Script:
    """Script of a character that is a letter or mark; by block."""
    point = ord(character)
    found = Script.OTHER
    for first, last, script in RANGES:
        if first <= point <= last:
            found = script
    return found


def kind_of(character: str) -> Kind:
    """The definition: how one already mapped character divides a text."""
    if character == "_":
        return Kind.WORD
    if character in JOINERS:
        return Kind.JOIN
    category = unicodedata.category(character)
    if category == "Nd":
        return Kind.DIGIT
    if category == "Cf" or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return Kind.DROP
    if category[0] in "LM" or category in ("Nl", "No"):
        return Kind.SINGLE if script_of(character) in UNSPACED else Kind.WORD
    return Kind.SINGLE if category == "So" else Kind.BREAK


def _scripts() -> npt.NDArray[np.uint32]:
    scripts = np.full(CODE_POINTS, Script.OTHER, dtype=np.uint32)
    for first, last, script in RANGES:
        scripts[first : last + 1] = script
    return scripts


def _kinds(categories: npt.NDArray[np.str_], scripts: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """`kind_of` for every code point at once."""
    kinds = np.zeros(CODE_POINTS, dtype=np.uint32)
    major = categories.astype("U1")
    letters = (major == "L") | (major == "M") | (categories == "Nl") | (categories == "No")
    kinds[letters] = Kind.WORD
    kinds[letters & np.isin(scripts, [int(s) for s in UNSPACED])] = Kind.SINGLE
    kinds[categories == "So"] = Kind.SINGLE
    kinds[categories == "Nd"] = Kind.DIGIT
    kinds[categories == "Cf"] = Kind.DROP
    kinds[0xFE00:0xFE10] = Kind.DROP
    kinds[0xE0100:0xE01F0] = Kind.DROP
    kinds[[ord(c) for c in JOINERS]] = Kind.JOIN
    kinds[ord("_")] = Kind.WORD
    return kinds


def _changed() -> dict[int, str]:
    """Code points that do not map to themselves. One big normalisation, split again: C speed."""
    points = [p for p in range(1, 0x32400) if not (0xD800 <= p < 0xE000 or 0xAC00 <= p <= 0xD7A3)]
    points.extend(range(0xE0000, 0xE0200))
    # NUL neither composes nor decomposes, so nothing crosses it
    parts = mapped("\0".join(map(chr, points))).split("\0")
    return {p: part for p, part in zip(points, parts, strict=True) if part != chr(p)}


@cache
def unicode_table() -> UnicodeTable:
    """Build the table from Python's Unicode data, once a process (about a fifth of a second)."""
    categories = np.array([unicodedata.category(chr(p)) for p in range(0x32400)], dtype="U2")
    high = np.array([unicodedata.category(chr(p)) for p in range(0xE0000, 0xE0200)], dtype="U2")
    every = np.full(CODE_POINTS, "Cn", dtype="U2")
    every[: len(categories)] = categories
    every[0xE0000:0xE0200] = high
    scripts = _scripts()
    kinds = _kinds(every, scripts)
    scripts[kinds == Kind.BREAK] = Script.NONE
    scripts[every == "So"] = Script.SYMBOLS
    own = np.arange(CODE_POINTS, dtype=np.uint32)
    own[kinds == Kind.DIGIT] = ord("0")  # digits are masked, all by the same one
    own |= (kinds << VALUE_BITS).astype(np.uint32)
    own |= (scripts << SCRIPT_SHIFT).astype(np.uint32)
    entries = own.copy()
    expansions: list[int] = []
    for point, text in _changed().items():
        if len(text) == 1:
            entries[point] = own[ord(text)]
            continue
        if len(text) > MOST_TOKENS_PER_BYTE * len(chr(point).encode()):
            _check_tokens(point, text)
        entries[point] = len(expansions) | (int(Kind.MANY) << VALUE_BITS)
        expansions.append(len(text))
        expansions.extend(int(own[ord(c)]) for c in text)
    table = UnicodeTable(entries, np.array(expansions, dtype=np.uint32))
    table.entries.setflags(write=False)
    table.expansions.setflags(write=False)
    return table


def _check_tokens(point: int, text: str) -> None:
    """A kernel's token buffer is sized by `MOST_TOKENS_PER_BYTE`; refuse a table that breaks it."""
    singles = sum(kind_of(c) == Kind.SINGLE for c in text)
    breaks = sum(kind_of(c) in (Kind.BREAK, Kind.JOIN) for c in text)
    if singles + breaks + 2 > MOST_TOKENS_PER_BYTE * len(chr(point).encode()):
        raise AssertionError(f"U+{point:04X} expands to more tokens than the kernels allow for")
