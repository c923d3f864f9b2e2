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
from stillwatch.sketches.kernels import kernel

SHINGLE = 5  # tokens
WINDOW = 8  # shingles
SHORT = 24  # shingles: up to here all are kept
CAP = 64  # hashes of one text
HEAD = 24
TAIL = 16
SHINGLE_KEYS = 2 * SHINGLE + 1

U = np.uint64


@kernel
def _whole(tokens, count, keys):  # type: ignore[no-untyped-def]
    """One hash for a text of fewer than SHINGLE tokens."""
    total = keys[SHINGLE + count]
    for i in range(count):
        total += keys[i] * tokens[i]
    return mix(total)


@kernel
def winnow(tokens, count, keys):  # type: ignore[no-untyped-def]
    """Replace the first of `tokens[:count]` by the marks of the text, in order; return how many.

    Marks overwrite only tokens already read. `keys` is uint64[SHINGLE_KEYS].
    """
    if count == 0:
        return 0
    if count < SHINGLE:
        tokens[0] = _whole(tokens, count, keys)
        return 1
    shingles = count - SHINGLE + 1
    keep_all = shingles <= SHORT
    k0, k1, k2, k3, k4 = keys[0], keys[1], keys[2], keys[3], keys[4]
    base = keys[SHINGLE]
    recent = np.empty(WINDOW, np.uint64)
    found = 0
    least = U(0xFFFFFFFFFFFFFFFF)
    place = -1
    for i in range(shingles):
        h = mix(
            base
            + k0 * tokens[i]
            + k1 * tokens[i + 1]
            + k2 * tokens[i + 2]
            + k3 * tokens[i + 3]
            + k4 * tokens[i + 4]
        )
        if keep_all:
            tokens[found] = h
            found += 1
            continue
        recent[i & (WINDOW - 1)] = h
        fresh = False
        if h <= least:
            least = h
            place = i
            fresh = True
        elif place <= i - WINDOW:
            least = h
            place = i
            for j in range(i - 1, i - WINDOW, -1):  # rightmost wins: only a smaller one replaces
                if recent[j & (WINDOW - 1)] < least:
                    least = recent[j & (WINDOW - 1)]
                    place = j
            fresh = True
        if i >= WINDOW - 1 and (fresh or i == WINDOW - 1):
            tokens[found] = least
            found += 1
    return found


@kernel
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


@kernel
def choose(marks, count, out):  # type: ignore[no-untyped-def]
    """Write at most CAP of `marks[:count]` to `out`, sorted and without repeats; return how many."""
    if count <= CAP:
        return least_distinct(marks, 0, count, CAP, out, 0)
    size = 0
    for i in range(HEAD):
        out[size] = marks[i]
        size += 1
    for i in range(count - TAIL, count):
        out[size] = marks[i]
        size += 1
    size += least_distinct(marks, HEAD, count - TAIL, CAP - HEAD - TAIL, out, size)
    ordered = np.sort(out[:size])
    kept = 0
    for i in range(size):
        if i == 0 or ordered[i] != ordered[i - 1]:
            out[kept] = ordered[i]
            kept += 1
    return kept
