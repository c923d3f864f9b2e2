"""From bytes to token hashes: decode, map, fold, mask and split in one pass.

Definition (slow twin: `reference.tokens`). Each code point is mapped and classed by `unicode`. A *run* is
a maximal stretch of word characters, digits and joiners (`+/=-.:%&?#@~`) that starts with one of the
first two. A run longer than 32 code points (to its last word character) or holding `://` becomes one
mask: addresses, UUIDs, base64, hashes. Otherwise its words are tokens; in them each run of digits becomes
one `0`, and a token that is only a number is left out directly after another such (3.14, 2026-11-02).
Characters of unspaced scripts, and emoji, are tokens of their own.
"""

from __future__ import annotations

import numpy as np

from stillwatch.sketches.hashing import load, mix
from stillwatch.sketches.kernels import inlined, leaf
from stillwatch.sketches.scripts import Script
from stillwatch.sketches.unicode import KIND_MASK, SCRIPT_SHIFT, VALUE_BITS, VALUE_MASK, Kind

LONGEST_RUN = 32  # code points
POSITIONS = 64  # keys for the positions of a token; a power of two above LONGEST_RUN
_LAST = POSITIONS - 1

U = np.uint64
_ONE = U(1)
_BYTE = U(0xFF)
_EACH = U(0x0101010101010101)
_HIGH = U(0x8080808080808080)
_LOW_SEVEN = U(0x7F7F7F7F7F7F7F7F)
_LOWER = U(0x2020202020202020)
_FROM_A = _EACH * U(0x80 - 97)
_PAST_Z = _EACH * U(0x7F - 122)
_BREAK = int(Kind.BREAK)
_WORD = int(Kind.WORD)
_DIGIT = int(Kind.DIGIT)
_JOIN = int(Kind.JOIN)
_SINGLE = int(Kind.SINGLE)
_DROP = int(Kind.DROP)
_MANY = int(Kind.MANY)

_LATIN = int(Script.LATIN)
_COLON = 58
_SLASH = 47
_REPLACEMENT = 0xFFFD


@inlined
def decode(data, at, end):  # type: ignore[no-untyped-def]
    """Code point and width at `at`; a broken sequence is one replacement character, one byte wide."""
    b = np.int64(data[at])
    if b < 0x80:
        return b, 1
    if b < 0xC2 or b > 0xF4:
        return np.int64(_REPLACEMENT), 1
    width = 2 if b < 0xE0 else (3 if b < 0xF0 else 4)
    if at + width > end:
        return np.int64(_REPLACEMENT), 1
    point = b & (0x7F >> width)
    for i in range(1, width):
        c = np.int64(data[at + i])
        if (c & 0xC0) != 0x80:
            return np.int64(_REPLACEMENT), 1
        point = (point << 6) | (c & 0x3F)
    if point > 0x10FFFF:
        return np.int64(_REPLACEMENT), 1
    return point, width


@inlined
def _address(seen, point):  # type: ignore[no-untyped-def]
    """How much of `://` has been seen after one more joiner; 3 is all of it, for the rest of the run."""
    if seen == 3:
        return 3
    if point == _SLASH and seen > 0:
        return seen + 1
    return 1 if point == _COLON else 0


@inlined
def _letters(data, at, end, keys, total, length):  # type: ignore[no-untyped-def]
    """Take in a stretch of ASCII letters, most of most texts: (where it ends, the hash so far).

    Eight bytes at a time and without a branch on where the word ends, since that is what cannot be
    predicted: bytes after it are zero and add nothing.
    """
    while at + 8 <= end:
        x = load(data, at) | _LOWER
        low = x & _LOW_SEVEN
        other = (~(low + _FROM_A) | (low + _PAST_Z) | x) & _HIGH  # 0x80 in bytes that are no letters
        first = other & (~other + _ONE)
        x &= (first >> U(7)) - _ONE  # all of it where nothing else was found
        k = U(min(length, LONGEST_RUN))
        total += keys[k + U(1)] * (x & _BYTE) + keys[k + U(2)] * (x >> U(8) & _BYTE)
        total += keys[k + U(3)] * (x >> U(16) & _BYTE) + keys[k + U(4)] * (x >> U(24) & _BYTE)
        total += keys[k + U(5)] * (x >> U(32) & _BYTE) + keys[k + U(6)] * (x >> U(40) & _BYTE)
        total += keys[k + U(7)] * (x >> U(48) & _BYTE) + keys[k + U(8)] * (x >> U(56))
        if first != U(0):
            return at + np.int64((((first - _ONE) & _EACH) * _EACH) >> U(56)) - 1, total
        at += 8
        length += 8
    while at < end:
        letter = data[at] | 32
        if letter < 97 or letter > 122:
            break
        length += 1
        total += keys[length & _LAST] * U(letter)
        at += 1
    return at, total


@inlined
def _fetch(data, at, end, entries, expansions, part, part_end):  # type: ignore[no-untyped-def]
    """Next mapped code point, from the expansion being fed or the text; a break after the last."""
    if part < part_end:
        return expansions[part], at, part + 1, part_end
    if at >= end:
        return np.uint32(0), at + 1, part, part_end
    point, width = decode(data, at, end)
    entry = entries[point]
    if (entry >> VALUE_BITS) & KIND_MASK != _MANY:
        return entry, at + width, part, part_end
    part = np.int64(entry & VALUE_MASK) + 1
    return expansions[part], at + width, part + 1, part + np.int64(expansions[part - 1])


@inlined
def _push(tokens, count, total):  # type: ignore[no-untyped-def]
    tokens[count] = mix(total)
    return count + 1


@inlined
def _end_word(tokens, count, total, length, pure, after_number):  # type: ignore[no-untyped-def]
    """Commit the word in hand unless it repeats a number: (count, the last one was only a number)."""
    if length == 0:
        return count, after_number
    if pure and after_number:
        return count, pure
    return _push(tokens, count, total), pure


@inlined
def _end_run(tokens, count, run_first, run_last, address, long_run):  # type: ignore[no-untyped-def]
    """Put one mask in the place of the run's tokens if it is long or an address; returns the count."""
    if run_last > LONGEST_RUN or address == 3:
        tokens[run_first] = long_run
        return run_first + 1
    return count


@leaf
def tokenise(data, start, end, table, keys, tokens, scripts):  # type: ignore[no-untyped-def]
    """Write the token hashes of data[start:end] to `tokens` and return how many there are.

    `tokens` needs room for MOST_TOKENS_PER_BYTE * (end - start) + 2; `keys` is uint64[POSITIONS];
    `scripts` (int64[SCRIPT_COUNT]) is increased by the letters of each script.
    """
    return _split(data, start, end, table.entries, table.expansions, keys, tokens, scripts)


@leaf
def _split(data, at, end, entries, expansions, keys, tokens, scripts):  # type: ignore[no-untyped-def]
    total, latin = keys[0], 0
    count = run_first = run_length = run_last = address = length = 0
    part = part_end = np.int64(0)  # of an expansion being fed
    pure, was_digit, after_number = True, False, False
    while at <= end:
        if part == part_end:
            stop, total = _letters(data, at, end, keys, total, length)
            if stop > at:
                latin, length, run_length = latin + stop - at, length + stop - at, run_length + stop - at
                at, run_last, pure, was_digit, address = stop, run_length, False, False, 3 * (address == 3)
        entry, at, part, part_end = _fetch(data, at, end, entries, expansions, part, part_end)
        kind, value = (entry >> VALUE_BITS) & KIND_MASK, np.int64(entry & VALUE_MASK)
        if kind == _WORD or kind == _DIGIT:  # noqa: SIM109 (a tuple costs time in a kernel)
            if kind == _WORD or not was_digit:
                length += 1
                total += keys[length & _LAST] * U(value)  # every digit has the value of 0
            was_digit = kind == _DIGIT
            pure = pure and was_digit
            run_length += 1
            run_last, address = run_length, 3 * (address == 3)
            scripts[entry >> SCRIPT_SHIFT] += kind == _WORD
        elif kind != _DROP:
            count, after_number = _end_word(tokens, count, total, length, pure, after_number)
            total, length, pure, was_digit = keys[0], 0, True, False
            if kind == _JOIN:
                address = _address(address, value) if run_length > 0 else 0
                run_length += run_length > 0
                continue
            count = _end_run(tokens, count, run_first, run_last, address, mix(keys[_LAST]))
            if kind == _SINGLE:
                count = _push(tokens, count, keys[0] + keys[1] * U(value))
                scripts[entry >> SCRIPT_SHIFT] += 1
            run_first, run_length, run_last, address, after_number = count, 0, 0, 0, False
    scripts[_LATIN] += latin
    return count


@leaf
def dominant(scripts):  # type: ignore[no-untyped-def]
    """The script with most letters, the lowest number among equals; 0 where there are none."""
    best = 0
    for i in range(1, len(scripts)):
        if scripts[i] > (scripts[best] if best else 0):
            best = i
    return best
