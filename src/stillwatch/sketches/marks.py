"""Shingles and marks: which hashes of a text are kept.

Five tokens make a shingle; winnowing (Schleimer, Wilkerson and Aiken, SIGMOD 2003) keeps the least hash,
the rightmost among equals, of every 8 neighbours: any shared run of 8 + 5 - 1 = 12 tokens leaves a common
hash. Texts of up to 24 shingles keep all (a template of a few words stands between short slots), texts
of fewer than five tokens count as one shingle, and a text without any token (`???`) gets one from its
exact hash, so that no text but a blank one goes without.

If more than `cap` are left, the first and last ones and the least of the middle are kept: a template
stands at head and tail, its slots in the middle, where the least hashes sample consistently.
"""

from __future__ import annotations

import numpy as np

from stillwatch.sketches.hashing import mix
from stillwatch.sketches.kernels import leaf

SHINGLE = 5  # tokens
WINDOW = 8  # shingles
SHORT = 24  # shingles: up to here all are kept
CAP = 64  # hashes of one text
HEAD = 24
TAIL = 16
TABLE = 4 * CAP  # slots in which CAP marks are found
SHINGLE_KEYS = 2 * SHINGLE + 1

U = np.uint64


@leaf
def _whole(tokens, count, keys):  # type: ignore[no-untyped-def]
    """One hash for a text of fewer than SHINGLE tokens."""
    total = keys[SHINGLE + count]
    for i in range(count):
        total += keys[i] * tokens[i]
    return mix(total)


@leaf
def _shingle(tokens, count, keys):  # type: ignore[no-untyped-def]
    """Replace tokens[i] by the hash of the shingle that begins there; returns how many there are."""
    k0, k1, k2, k3, k4 = keys[0], keys[1], keys[2], keys[3], keys[4]
    base = keys[SHINGLE]
    for i in range(count - SHINGLE + 1):
        later = k2 * tokens[i + 2] + k3 * tokens[i + 3] + k4 * tokens[i + 4]
        tokens[i] = mix(base + k0 * tokens[i] + k1 * tokens[i + 1] + later)
    return count - SHINGLE + 1


@leaf
def winnow(tokens, count, keys):  # type: ignore[no-untyped-def]
    """Replace the first of `tokens[:count]` by the marks of the text, in order; return how many.

    Marks overwrite only shingles that no later window holds. `keys` is uint64[SHINGLE_KEYS].
    """
    if count == 0:
        return 0
    if count < SHINGLE:
        tokens[0] = _whole(tokens, count, keys)
        return 1
    shingles = _shingle(tokens, count, keys)
    if shingles <= SHORT:
        return shingles
    place = _least(tokens, 0, WINDOW)
    least = tokens[place]
    tokens[0] = least
    found = 1
    for i in range(WINDOW, shingles):
        if tokens[i] <= least:
            place = i
        elif place <= i - WINDOW:
            place = _least(tokens, i - WINDOW + 1, i + 1)
        else:
            continue
        least = tokens[place]
        tokens[found] = least
        found += 1
    return found


@leaf
def _least(values, first, last):  # type: ignore[no-untyped-def]
    """Index of the least of values[first:last], the rightmost among equals."""
    place = first
    for i in range(first + 1, last):
        if values[i] <= values[place]:
            place = i
    return place


@leaf
def least_distinct(values, first, last, limit, out, at):  # type: ignore[no-untyped-def]
    """Insert the `limit` least distinct of values[first:last] into out[at:], sorted; return how many."""
    size = 0
    for i in range(first, last):
        h = values[i]
        if size == limit and h >= out[at + size - 1]:
            continue
        j = size
        while j > 0 and out[at + j - 1] > h:
            j -= 1
        if j > 0 and out[at + j - 1] == h:
            continue
        if size < limit:
            size += 1
        for m in range(size - 1, j, -1):
            out[at + m] = out[at + m - 1]
        out[at + j] = h
    return size


@leaf
def distinct(values, count, slots, size):  # type: ignore[no-untyped-def]
    """Drop repeats from values[:count] in place, keeping order; return how many remain.

    Leaves the values in slots[:size], a table with open addressing in which 0 is free (a mark is 0 once
    in 2^64). `size` is a power of two, well above `count`.
    """
    for i in range(size):
        slots[i] = U(0)
    kept = 0
    for i in range(count):
        h = values[i]
        slot = np.int64(h & U(size - 1))
        while slots[slot] != U(0) and slots[slot] != h:
            slot = (slot + 1) & (size - 1)
        if slots[slot] != h:
            slots[slot] = h
            values[kept] = h
            kept += 1
    return kept


@leaf
def choose(marks, count, out, slots):  # type: ignore[no-untyped-def]
    """Write at most CAP of `marks[:count]` to `out`, without repeats; return how many.

    Their order means nothing. `slots` (uint64[TABLE] at least) is left holding them, see `distinct`.
    """
    if count <= CAP:
        for i in range(count):
            out[i] = marks[i]
        return distinct(out, count, slots, TABLE)
    for i in range(HEAD):
        out[i] = marks[i]
    for i in range(TAIL):
        out[HEAD + i] = marks[count - TAIL + i]
    size = HEAD + TAIL
    size += least_distinct(marks, HEAD, count - TAIL, CAP - size, out, size)
    return distinct(out, size, slots, TABLE)
