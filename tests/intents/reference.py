"""The slow definitions of reading and windows, in plain Python: what the kernels must equal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from stillwatch.intents.concepts import CONCEPTS, is_accent
from stillwatch.intents.reading import LONGEST_PHRASE, SIGN_UNITS, WORD_UNITS
from stillwatch.intents.windows import (
    CLOSE,
    HASH_BITS,
    HASHED,
    LONG_TEXT,
    MOST_NEAR,
    NEAR,
    SIZE,
    STRIDE,
    TOGETHER,
)
from stillwatch.sketches.reference import MASK, mix
from stillwatch.sketches.unicode import Kind, kind_of, mapped
from tests.intents.makers import Reading, Word

GOLDEN = 0x9E3779B97F4A7C15
OPENING = b"<[{\"/%|_'"


class Point(NamedTuple):
    """One folded character: what it became, how it divides, its place in half words, its byte."""

    value: int
    kind: Kind
    unit: int
    at: int


def folded(text: str) -> list[Point]:
    """Fold a text: accents and invisible characters go, separators and digits do not repeat."""
    found: list[Point] = []
    unit = at = 0
    for character in text:
        for one in mapped(character):
            kind = Kind.BREAK if kind_of(one) == Kind.JOIN or one == "_" else kind_of(one)
            before = found[-1].kind if found else Kind.BREAK
            repeats = kind in (Kind.BREAK, Kind.DIGIT) and kind == before
            if kind == Kind.DROP or is_accent(ord(one)) or repeats:
                continue
            if kind in (Kind.DIGIT, Kind.SINGLE):
                unit += SIGN_UNITS
            elif kind == Kind.WORD and before != Kind.WORD:
                unit += WORD_UNITS
            value = {Kind.BREAK: ord(" "), Kind.DIGIT: ord("0")}.get(kind, ord(one))
            found.append(Point(value, kind, unit, at))
        at += len(character.encode())
    return found


def openings(points: Sequence[Point]) -> Iterator[int]:
    """Yield where words begin: a sign alone, or a change of kind."""
    for k, point in enumerate(points):
        if point.kind != Kind.BREAK and (
            point.kind == Kind.SINGLE or k == 0 or points[k - 1].kind != point.kind
        ):
            yield k


def words_of(text: str) -> list[tuple[int, int]]:
    """Return hash and unit of each word."""
    points, found = folded(text), []
    for k in openings(points):
        last = k + 1
        while points[k].kind != Kind.SINGLE and last < len(points) and points[last].kind == points[k].kind:
            last += 1
        hashed = mix((points[k].value + GOLDEN) & MASK)
        for point in points[k + 1 : last]:
            hashed = mix((hashed + point.value) & MASK)
        found.append((hashed, points[k].unit))
    return found


def ends_word(points: Sequence[Point], stop: int) -> bool:
    """Whether a word may end before point `stop`."""
    apart = (Kind.BREAK, Kind.SINGLE)
    return stop == len(points) or points[stop].kind in apart or points[stop - 1].kind == Kind.SINGLE


def longest(points: Sequence[Point], k: int, lexicon: Sequence[Word]) -> list[Word]:
    """Return the longest words of the lexicon that stand at point k, stems first: every word is tried."""
    values = tuple(point.value for point in points[k : k + LONGEST_PHRASE])
    fit = [
        word
        for word in lexicon
        if word.points == values[: len(word.points)]
        and (word.stem or ends_word(points, k + len(word.points)))
    ]
    size = max((len(word.points) for word in fit), default=0)
    return sorted((w for w in fit if len(w.points) == size), key=lambda w: (not w.stem, w.concept))


def word_hits(
    text: str, lexicon: Sequence[Word], signs: range, english: int
) -> tuple[list[tuple[int, int, int]], int]:
    """Return (unit, concept, first byte) of each word that counts, and the text's language."""
    points, raw = folded(text), text.encode()
    found: list[tuple[Point, Word]] = []
    for k in openings(points):
        at = points[k].at
        signed = at > 0 and raw[at - 1] in OPENING
        found += [(points[k], w) for w in longest(points, k, lexicon) if signed or w.concept not in signs]
    votes = Counter(
        bit for _p, word in found if word.languages > 0 for bit in range(40) if word.languages >> bit & 1
    )
    language = min(votes, key=lambda bit: (-votes[bit], bit), default=0)
    kept = [(p, w) for p, w in found if w.languages >> language & 1 or w.languages >> english & 1]
    return [(point.unit, word.concept, point.at) for point, word in kept], language


def windows(read: Reading, given: int, first_circumstance: int) -> list[tuple[int, set[int]]]:
    """Return first unit and features of each window of a text."""
    units = 1 + max(
        [unit for unit, *_rest in read.hits[-1:]] + [unit for _w, unit in read.words[-1:]], default=0
    )
    given |= 8 * (units <= SIZE) | 16 * (units > LONG_TEXT)
    starts = [0]
    while starts[-1] + SIZE < units:
        starts.append(starts[-1] + STRIDE)
    own = [first_circumstance + bit for bit in range(8) if given >> bit & 1]
    return [(start, _features(read, start, own)) for start in starts]


def _features(read: Reading, start: int, own: Sequence[int]) -> set[int]:
    hits = [(hit[0], hit[1]) for hit in read.hits if start <= hit[0] < start + SIZE]
    words = [word for word, unit in read.words if start <= unit < start + SIZE]
    here = sorted({*own, *(concept for _unit, concept in hits)})
    close = {
        CLOSE + first * CONCEPTS + second
        for at, (unit, second) in enumerate(hits)
        for before, first in hits[max(0, at - MOST_NEAR) : at]
        if unit - before <= NEAR
    }
    together = {TOGETHER + a * CONCEPTS + b for i, a in enumerate(here) for b in here[i + 1 :]}
    single = [mix(word) for word in words]
    double = [mix(b ^ (a * GOLDEN & MASK)) for a, b in pairwise(words)]
    return {*here, *close, *together, *(HASHED + (hashed >> (64 - HASH_BITS)) for hashed in single + double)}


def own_text(text: str, others: Sequence[tuple[int, int]], wrappers: Sequence[str]) -> str:
    """Return what is left of a text without the stretches and wrappers of others, a line break between what is left."""
    wrapper = re.compile(
        rf"<({'|'.join(map(re.escape, wrappers))})(?=[> ]).*?</\1>", re.DOTALL | re.IGNORECASE | re.ASCII
    )
    kept: list[str] = []
    at, broken = 0, False
    while at < len(text):
        inside = any(start <= at < end for start, end in others)
        match = None if inside else wrapper.match(text, at)
        if inside or match:
            at, broken = match.end() if match else at + 1, True
            continue
        kept += ["\n", text[at]] if broken and kept else [text[at]]
        at, broken = at + 1, False
    return "".join(kept)
