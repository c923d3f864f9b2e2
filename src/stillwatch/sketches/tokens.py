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

from stillwatch.sketches.hashing import mix
from stillwatch.sketches.kernels import inlined, kernel
from stillwatch.sketches.unicode import KIND_MASK, SCRIPT_SHIFT, VALUE_BITS, VALUE_MASK, Kind

LONGEST_RUN = 32  # code points
POSITIONS = 64  # keys for the positions of a token; a power of two above LONGEST_RUN
_LAST = POSITIONS - 1

U = np.uint64
_BREAK = int(Kind.BREAK)
_WORD = int(Kind.WORD)
_DIGIT = int(Kind.DIGIT)
_JOIN = int(Kind.JOIN)
_SINGLE = int(Kind.SINGLE)
_DROP = int(Kind.DROP)
_MANY = int(Kind.MANY)

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


@kernel
def tokenise(data, start, end, table, keys, tokens, scripts):  # type: ignore[no-untyped-def]
    """Write the token hashes of data[start:end] to `tokens` and return how many there are.

    `tokens` needs room for MOST_TOKENS_PER_BYTE * (end - start) + 2; `keys` is uint64[POSITIONS];
    `scripts` (int64[SCRIPT_COUNT]) is increased by the letters of each script.
    """
    return _split(data, start, end, table.entries, table.expansions, keys, tokens, scripts)


@kernel
def _split(data, at, end, entries, expansions, keys, tokens, scripts):  # type: ignore[no-untyped-def]
    # One loop over local scalars: calls that pass arrays cost more than the work on a byte.
    blank, long_run = keys[0], mix(keys[_LAST])
    total = blank
    count = run_first = run_length = run_last = address = length = 0
    part = part_end = 0  # of an expansion being fed
    pure, was_digit, after_number, more = True, False, False, True
    while more:
        if part < part_end:
            entry = expansions[part]
            part += 1
        elif at < end:
            point, width = decode(data, at, end)
            at += width
            entry = entries[point]
        else:
            entry = np.uint32(0)  # a break closes what is open
            more = False
        kind = (entry >> VALUE_BITS) & KIND_MASK
        value = np.int64(entry & VALUE_MASK)
        if kind == _WORD or kind == _DIGIT:  # noqa: SIM109 (a tuple costs time in a kernel)
            digit = kind == _DIGIT
            if not (digit and was_digit):
                total += keys[(length + 1) & _LAST] * U(value + 1)  # every digit has the value of 0
                length += 1
            was_digit = digit
            pure = pure and digit
            run_length += 1
            run_last = run_length
            address = 3 if address == 3 else 0
            if not digit:
                scripts[entry >> SCRIPT_SHIFT] += 1
            continue
        if kind == _DROP:
            continue
        if kind == _MANY:
            part, part_end = value + 1, value + 1 + np.int64(expansions[value])
            continue
        if length > 0:
            if not (pure and after_number):
                tokens[count] = mix(total)
                count += 1
            after_number = pure
            total = blank
            length = 0
            pure, was_digit = True, False
        if kind == _JOIN:
            if run_length > 0:
                run_length += 1
                address = _address(address, value)
            continue
        if run_last > LONGEST_RUN or address == 3:
            tokens[run_first] = long_run
            count = run_first + 1
        if kind == _SINGLE:
            tokens[count] = mix(blank + keys[1] * U(value + 1))
            count += 1
            scripts[entry >> SCRIPT_SHIFT] += 1
        run_first = count
        run_length = run_last = address = 0
        after_number = False

    return count


@kernel
def dominant(scripts):  # type: ignore[no-untyped-def]
    """The script with most letters, the lowest number among equals; 0 where there are none."""
    best = 0
    for i in range(1, len(scripts)):
        if scripts[i] > (scripts[best] if best else 0):
            best = i
    return best
