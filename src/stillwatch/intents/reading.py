"""Reading: from a text to what it says, as places and numbers.

One pass folds the text to code points and notes its forms; a second looks up, at the start of each word, the longest
word of the lexicons. A place is counted in half words (a character of an unspaced script is one, a word two), so that
a window holds about as much meaning in every language.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.forms import NONE, of_line, of_line_end, of_sign
from stillwatch.intents.trie import HEAD, child, grown, may_begin
from stillwatch.sketches.hashing import mix
from stillwatch.sketches.kernels import inlined, leaf
from stillwatch.sketches.tokens import decode
from stillwatch.sketches.unicode import KIND_MASK, VALUE_BITS, VALUE_MASK, Kind

U = np.uint64
WORD_UNITS, SIGN_UNITS = 2, 1
POINTS_PER_BYTE = 6  # of UTF-8, at most: U+FDFA, three bytes, is eighteen letters
LONGEST_PHRASE = 48  # code points of a word or phrase
MOST_LANGUAGES = 40
_SEPARATOR = np.uint32(32)
_DE_BRUIJN = U(0x03F79D71B4CB0A89)
_BIT_OF = np.zeros(64, dtype=np.int64)
for _bit in range(64):
    _BIT_OF[((1 << _bit) * 0x03F79D71B4CB0A89 & (1 << 64) - 1) >> 58] = _bit
_ZERO = 48
_BREAK, _WORD, _DIGIT = int(Kind.BREAK), int(Kind.WORD), int(Kind.DIGIT)
_JOIN, _SINGLE, _DROP, _MANY = int(Kind.JOIN), int(Kind.SINGLE), int(Kind.DROP), int(Kind.MANY)
_UNDERSCORE, _NEWLINE, _SPACE = 95, 10, 32


class Page(NamedTuple):
    """Scratch space for one text: its folded points, and what was found in it. Used again for each text."""

    points: NDArray[np.uint32]
    kinds: NDArray[np.uint8]  # of each point: SEPARATOR is BREAK
    units: NDArray[np.int32]  # place of each point
    bytes: NDArray[np.int32]  # where it stands in the text, from the text's start
    forms: NDArray[np.int32]  # (2, room): stream place and form
    hits: NDArray[np.int32]  # (5, room): unit, concept, first byte, last byte, word (1) or form (0)
    languages: NDArray[np.int64]  # (room,): of each hit
    votes: NDArray[np.int64]  # (MOST_LANGUAGES,)
    words: NDArray[np.uint64]  # hash of each word
    word_units: NDArray[np.int32]


HIT_UNIT, HIT_CONCEPT, HIT_START, HIT_END, HIT_IS_WORD, HIT_ROWS = range(6)


def page_for(longest: int) -> Page:
    """Return scratch space for texts of up to `longest` bytes."""
    room = POINTS_PER_BYTE * longest + 64
    return Page(
        points=np.empty(room, dtype=np.uint32),
        kinds=np.empty(room, dtype=np.uint8),
        units=np.empty(room, dtype=np.int32),
        bytes=np.empty(room, dtype=np.int32),
        forms=np.empty((2, room), dtype=np.int32),
        hits=np.empty((HIT_ROWS, 2 * room), dtype=np.int32),
        languages=np.empty(2 * room, dtype=np.int64),
        votes=np.zeros(MOST_LANGUAGES, dtype=np.int64),
        words=np.empty(room, dtype=np.uint64),
        word_units=np.empty(room, dtype=np.int32),
    )


@inlined
def _is_accent(point):  # type: ignore[no-untyped-def]
    return 0x300 <= point <= 0x36F or 0x591 <= point <= 0x5C7 or 0x64B <= point <= 0x65F or point == 0x670


@inlined
def _put(page, count, value, kind, unit, at):  # type: ignore[no-untyped-def]
    """Append one folded point unless it only repeats: (points so far, unit so far)."""
    previous = page.kinds[count - 1] if count > 0 else np.uint8(_BREAK)
    if kind == _DROP or _is_accent(value):
        return count, unit
    if kind == _BREAK or kind == _JOIN or value == _UNDERSCORE:  # noqa: SIM109
        if count == 0 or page.points[count - 1] == _SEPARATOR:
            return count, unit
        value, kind = _SEPARATOR, _BREAK
    elif kind == _DIGIT:
        if previous == _DIGIT:
            return count, unit
        value = np.uint32(_ZERO)
        unit += SIGN_UNITS
    elif kind == _SINGLE:
        unit += SIGN_UNITS
    elif previous != _WORD:
        unit += WORD_UNITS
    page.points[count] = value
    page.kinds[count] = kind
    page.units[count] = unit
    page.bytes[count] = at
    return count + 1, unit


@leaf
def _fold(data, start, end, entries, expansions, page):  # type: ignore[no-untyped-def]
    """Fold data[start:end] into the page: (points, forms)."""
    count, forms, unit = 0, 0, np.int32(0)
    fresh, line = True, start
    at = start
    while at < end:
        b = data[at]
        form = NONE
        if b == _NEWLINE:
            form = of_line_end(data, line, at)
            fresh, line = True, at + 1
        elif fresh and b > _SPACE:
            fresh = False
            form = of_line(data, at, end)
        if (
            form == NONE
            and b > _SPACE
            and (b < 48 or 58 <= b <= 64 or 91 <= b <= 96 or 123 <= b <= 127 or b >= 0xE2)
        ):
            form = of_sign(data, at, start, end)
        if form != NONE:
            page.forms[0, forms], page.forms[1, forms] = count, form
            forms += 1
        point, width = decode(data, at, end)
        entry = entries[point]
        kind = (entry >> VALUE_BITS) & KIND_MASK
        if kind != _MANY:
            count, unit = _put(page, count, entry & VALUE_MASK, kind, unit, at - start)
        else:
            first = np.int64(entry & VALUE_MASK)
            for i in range(first + 1, first + 1 + np.int64(expansions[first])):
                part = expansions[i]
                kind = (part >> VALUE_BITS) & KIND_MASK
                count, unit = _put(page, count, part & VALUE_MASK, kind, unit, at - start)
        at += width
    if line < end:
        form = of_line_end(data, line, end)
        if form != NONE:
            page.forms[0, forms], page.forms[1, forms] = count, form
            forms += 1
    page.bytes[count] = end - start
    return count, forms


@leaf
def _may_begin(page, k, stop, trie):  # type: ignore[no-untyped-def]
    """Whether any entry may begin at point k: with the one to HEAD points there, as the filter knows them."""
    head = U(len(trie.begins))
    for at in range(k, min(stop, k + HEAD)):
        head = grown(head, page.points[at])
        if may_begin(trie.begins, head):
            return True
    return False


@leaf
def _longest(page, k, count, trie):  # type: ignore[no-untyped-def]
    """Return (node, points) of the longest word or phrase at point k; node -1 where there is none."""
    node, best, length = np.int64(0), np.int64(-1), 0
    stop = min(count, k + LONGEST_PHRASE)
    if not _may_begin(page, k, stop, trie):
        return best, length
    for at in range(k, stop):
        node = child(trie, node, page.points[at], at - k)
        if node < 0:
            break
        meanings = trie.first[node + 1] - trie.first[node]
        if meanings == 0:
            continue
        ends = at + 1 == count or page.kinds[at + 1] == _BREAK or page.kinds[at + 1] == _SINGLE
        ends = ends or page.kinds[at] == _SINGLE
        if ends or trie.stems[node] > 0:
            best, length = node, at + 1 - k
    return best, length


@leaf
def _note(page, hits, k, node, length, count, trie):  # type: ignore[no-untyped-def]
    """Note every meaning of a word that was found; returns the number of hits."""
    last = k + length - 1
    whole = last + 1 == count or page.kinds[last + 1] == _BREAK or page.kinds[last + 1] == _SINGLE
    whole = whole or page.kinds[last] == _SINGLE
    first = trie.first[node]
    stop = trie.first[node + 1] if whole else first + trie.stems[node]
    for meaning in range(first, stop):
        page.hits[HIT_UNIT, hits] = page.units[k]
        page.hits[HIT_CONCEPT, hits] = trie.concept[meaning]
        page.hits[HIT_START, hits] = page.bytes[k]
        page.hits[HIT_END, hits] = page.bytes[last + 1]
        page.hits[HIT_IS_WORD, hits] = 1
        page.languages[hits] = trie.languages[meaning]
        hits += 1
    return hits


@leaf
def _signed(data, start, page, k):  # type: ignore[no-untyped-def]
    """Whether a sign that opens a name stands directly before point k: < [ { quote / % | or _."""
    at = start + page.bytes[k] - 1
    if at < start:
        return False
    b = data[at]
    return b == 60 or b == 91 or b == 123 or b == 34 or b == 47 or b == 37 or b == 124 or b == 95 or b == 39


@leaf
def read(data, start, end, table, trie, first_sign, first_form, english, page):  # type: ignore[no-untyped-def]
    """Read data[start:end]: (hits, words, language). A hit, in order of place, is a word of a lexicon or a form.

    Concepts first_sign to first_form - 1 count only where a sign opens them. `page` needs room for the text.
    """
    count, forms = _fold(data, start, end, table.entries, table.expansions, page)
    hits, form, words = 0, 0, 0
    for k in range(count + 1):
        while form < forms and page.forms[0, form] <= k:
            page.hits[HIT_UNIT, hits] = page.units[min(k, count - 1)] if count else 0
            page.hits[HIT_CONCEPT, hits] = first_form + page.forms[1, form]
            page.hits[HIT_START, hits] = page.bytes[k]
            page.hits[HIT_END, hits] = page.bytes[k]
            page.hits[HIT_IS_WORD, hits] = 0
            page.languages[hits] = -1
            hits, form = hits + 1, form + 1
        if k == count or page.kinds[k] == _BREAK:
            continue
        opens = page.kinds[k] == _SINGLE or k == 0 or page.kinds[k - 1] != page.kinds[k]
        if not opens:
            page.words[words - 1] = mix(page.words[words - 1] + U(page.points[k]))
            continue
        page.words[words] = mix(U(page.points[k]) + U(0x9E3779B97F4A7C15))
        page.word_units[words] = page.units[k]
        words += 1
        node, length = _longest(page, k, count, trie)
        if node < 0:
            continue
        before = hits
        hits = _note(page, hits, k, node, length, count, trie)
        if hits > before and not _signed(data, start, page, k):
            kept = before
            for i in range(before, hits):
                concept = page.hits[HIT_CONCEPT, i]
                if concept < first_sign or concept >= first_form:
                    for row in range(HIT_ROWS):
                        page.hits[row, kept] = page.hits[row, i]
                    page.languages[kept] = page.languages[i]
                    kept += 1
            hits = kept
    language = _vote(page, hits)
    return _in_language(page, hits, language, english), words, language


@inlined
def _lowest(mask):  # type: ignore[no-untyped-def]
    """Return the number of the lowest bit of a set (de Bruijn multiplication, Leiserson et al. 1998)."""
    bit = U(mask) & (~U(mask) + U(1))
    return _BIT_OF[np.int64((bit * _DE_BRUIJN) >> U(58))]


@leaf
def _vote(page, hits):  # type: ignore[no-untyped-def]
    """Return the language that most words of the text belong to, the first of equals."""
    for language in range(MOST_LANGUAGES):
        page.votes[language] = 0
    for i in range(hits):
        mask = page.languages[i]
        while mask > 0:
            page.votes[_lowest(mask)] += 1
            mask &= mask - 1
    best = 0
    for language in range(MOST_LANGUAGES):
        if page.votes[language] > page.votes[best]:
            best = language
    return best


@leaf
def _in_language(page, hits, language, english):  # type: ignore[no-untyped-def]
    """Keep what belongs to the text's language, to English or to none: a German "Gift" is no present."""
    kept = 0
    for i in range(hits):
        mask = page.languages[i]
        if mask < 0 or (mask >> language) & 1 or (mask >> english) & 1:
            for row in range(HIT_ROWS):
                page.hits[row, kept] = page.hits[row, i]
            kept += 1
    return kept
