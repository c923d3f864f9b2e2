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
from numba import njit

from stillwatch.sketches.hashing import mix
from stillwatch.sketches.scripts import Script
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
_LATIN = int(Script.LATIN)
_COLON = 58
_SLASH = 47
_DIGIT_MASK = U(48 + 1)  # every run of digits hashes as one '0'
_REPLACEMENT = 0xFFFD

# the state of the splitter, as indices into an int64 array
_COUNT = 0  # tokens committed
_RUN_FIRST = 1  # tokens before this run
_RUN_LENGTH = 2  # code points of this run so far
_RUN_LAST = 3  # the same at its last word character
_ADDRESS = 4  # how much of `://` was just seen; 3: seen in this run
_LENGTH = 5  # positions filled in this token
_PURE = 6  # this token has digits only
_IN_DIGITS = 7
_AFTER_NUMBER = 8  # the token before, in this run, was only a number
STATE = 9


@njit(cache=True, nogil=True, inline="always")
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


@njit(cache=True, nogil=True)
def _close_token(state, total, keys, tokens):  # type: ignore[no-untyped-def]
    """Commit the token in hand, if any; returns the empty accumulator."""
    if state[_LENGTH] > 0:
        pure = state[_PURE]
        if not (pure and state[_AFTER_NUMBER]):
            tokens[state[_COUNT]] = mix(total)
            state[_COUNT] += 1
        state[_AFTER_NUMBER] = pure
        state[_LENGTH] = 0
    return keys[0]


@njit(cache=True, nogil=True)
def _close_run(state, total, keys, tokens):  # type: ignore[no-untyped-def]
    """End the run: its tokens stay, or one mask takes their place."""
    if state[_RUN_LENGTH] > 0:
        total = _close_token(state, total, keys, tokens)
        if state[_RUN_LAST] > LONGEST_RUN or state[_ADDRESS] == 3:
            state[_COUNT] = state[_RUN_FIRST]
            tokens[state[_COUNT]] = mix(keys[_LAST])
            state[_COUNT] += 1
        state[_RUN_LENGTH] = 0
    return total


@njit(cache=True, nogil=True, inline="always")
def _extend(state):  # type: ignore[no-untyped-def]
    """Count one word character into the run, opening it where there is none."""
    if state[_RUN_LENGTH] == 0:
        state[_RUN_FIRST] = state[_COUNT]
        state[_ADDRESS] = 0
        state[_AFTER_NUMBER] = 0
    state[_RUN_LENGTH] += 1
    state[_RUN_LAST] = state[_RUN_LENGTH]
    if state[_ADDRESS] != 3:
        state[_ADDRESS] = 0
    if state[_LENGTH] == 0:
        state[_PURE] = 1
        state[_IN_DIGITS] = 0


@njit(cache=True, nogil=True)
def _step(point, kind, state, total, keys, tokens):  # type: ignore[no-untyped-def]
    """Feed one mapped code point; returns the accumulator."""
    if kind == _WORD:
        _extend(state)
        total += keys[(state[_LENGTH] + 1) & _LAST] * U(point + 1)
        state[_LENGTH] += 1
        state[_PURE] = 0
        state[_IN_DIGITS] = 0
    elif kind == _DIGIT:
        _extend(state)
        if not state[_IN_DIGITS]:
            total += keys[(state[_LENGTH] + 1) & _LAST] * _DIGIT_MASK
            state[_LENGTH] += 1
            state[_IN_DIGITS] = 1
    elif kind == _JOIN:
        total = _close_token(state, total, keys, tokens)
        if state[_RUN_LENGTH] > 0:
            state[_RUN_LENGTH] += 1
            seen = state[_ADDRESS]
            if seen != 3:
                if point == _SLASH and seen > 0:
                    state[_ADDRESS] = seen + 1
                else:
                    state[_ADDRESS] = 1 if point == _COLON else 0
    elif kind == _SINGLE:
        total = _close_run(state, total, keys, tokens)
        tokens[state[_COUNT]] = mix(keys[0] + keys[1] * U(point + 1))
        state[_COUNT] += 1
    elif kind != _DROP:
        total = _close_run(state, total, keys, tokens)
    return total


@njit(cache=True, nogil=True)
def tokenise(data, start, end, table, keys, tokens, scripts):  # type: ignore[no-untyped-def]
    """Write the token hashes of data[start:end] to `tokens` and return how many there are.

    `tokens` needs room for MOST_TOKENS_PER_BYTE * (end - start) + 2; `keys` is uint64[POSITIONS];
    `scripts` (int64[SCRIPT_COUNT]) is increased by the letters of each script.
    """
    state = np.zeros(STATE, np.int64)
    total = keys[0]
    latin = 0
    at = start
    while at < end:
        point, width = decode(data, at, end)
        at += width
        entry = table.entries[point]
        kind = (entry >> VALUE_BITS) & KIND_MASK
        value = np.int64(entry & VALUE_MASK)
        if kind == _MANY:
            for i in range(value + 1, value + 1 + table.expansions[value]):
                part = table.expansions[i]
                part_kind = (part >> VALUE_BITS) & KIND_MASK
                if part_kind in (_WORD, _SINGLE):
                    scripts[part >> SCRIPT_SHIFT] += 1
                total = _step(np.int64(part & VALUE_MASK), part_kind, state, total, keys, tokens)
            continue
        if kind in (_WORD, _SINGLE):
            if point < 0x80:
                latin += 1
            else:
                scripts[entry >> SCRIPT_SHIFT] += 1
        total = _step(value, kind, state, total, keys, tokens)
    total = _close_run(state, total, keys, tokens)
    scripts[_LATIN] += latin
    return state[_COUNT]


@njit(cache=True, nogil=True)
def dominant(scripts):  # type: ignore[no-untyped-def]
    """The script with most letters, the lowest number among equals; 0 where there are none."""
    best = 0
    for i in range(1, len(scripts)):
        if scripts[i] > (scripts[best] if best else 0):
            best = i
    return best
