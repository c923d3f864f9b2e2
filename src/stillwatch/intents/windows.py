"""Windows: a text is judged by its most telling fifty words or so, that a template may not drown in its slots.

The features of a window are which concepts are in it, which two are in it together, which stand close to each other and
in which order, and its words and pairs of words, hashed. Each counts once a window, however often it occurs.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stillwatch.intents.concepts import CONCEPTS, Circumstance
from stillwatch.intents.reading import HIT_CONCEPT, HIT_UNIT
from stillwatch.sketches.hashing import mix
from stillwatch.sketches.kernels import inlined, leaf

U = np.uint64
SIZE = 96  # units: about 48 words, or 96 characters of an unspaced script
STRIDE = 48
NEAR = 12  # units
MOST_NEAR = 8  # concepts looked back at
HASH_BITS = 14
ALONE = 0
TOGETHER = ALONE + CONCEPTS
CLOSE = TOGETHER + CONCEPTS * CONCEPTS
HASHED = CLOSE + CONCEPTS * CONCEPTS
FEATURES = HASHED + (1 << HASH_BITS)
MOST_FEATURES = 8192  # of one window: what is beyond is left out
LONG_TEXT = 8 * SIZE
_SHORT, _LONG = 1 << int(Circumstance.SHORT), 1 << int(Circumstance.LONG)


class Desk(NamedTuple):
    """Scratch space for one window, used again for each."""

    features: NDArray[np.int32]  # (MOST_FEATURES,): those of the window in hand
    stamps: NDArray[np.int32]  # (FEATURES,): window in which a feature was last seen
    here: NDArray[np.int16]  # (CONCEPTS,): distinct concepts of the window
    state: NDArray[np.int64]  # [windows so far]


def desk() -> Desk:
    """Return fresh scratch space."""
    return Desk(
        features=np.empty(MOST_FEATURES, dtype=np.int32),
        stamps=np.full(FEATURES, -1, dtype=np.int32),
        here=np.empty(CONCEPTS, dtype=np.int16),
        state=np.zeros(1, dtype=np.int64),
    )


@inlined
def _add(space, count, feature):  # type: ignore[no-untyped-def]
    if space.stamps[feature] != space.state[0] and count < MOST_FEATURES:
        space.stamps[feature] = space.state[0]
        space.features[count] = feature
        return count + 1
    return count


@leaf
def circumstances(given, units):  # type: ignore[no-untyped-def]
    """Add what the length of a text says to the circumstances it was given with (bits)."""
    if units <= SIZE:
        return given | _SHORT
    return given | _LONG if units > LONG_TEXT else given


@leaf
def window_count(units):  # type: ignore[no-untyped-def]
    """How many windows a text of so many units has; at least one."""
    return 1 + max(0, (units - SIZE + STRIDE - 1) // STRIDE)


@leaf
def collect(page, hits, words, first_hit, first_word, until, given, first_circumstance, space):  # type: ignore[no-untyped-def]
    """Put the features of the window that starts at a hit and a word and ends before unit `until` on the desk.

    Returns how many there are. `given` are circumstances as bits.
    """
    space.state[0] += 1
    count, here = 0, 0
    for bit in range(8):
        if (given >> bit) & 1:
            concept = first_circumstance + bit
            count = _add(space, count, ALONE + concept)
            space.here[here] = concept
            here += 1
    at = first_hit
    while at < hits and page.hits[HIT_UNIT, at] < until:
        concept = page.hits[HIT_CONCEPT, at]
        grown = _add(space, count, ALONE + concept)
        if grown > count:
            space.here[here] = concept
            here, count = here + 1, grown
        back = at - 1
        while (
            back >= max(first_hit, at - MOST_NEAR)
            and page.hits[HIT_UNIT, at] - page.hits[HIT_UNIT, back] <= NEAR
        ):
            pair = page.hits[HIT_CONCEPT, back] * CONCEPTS + concept
            count = _add(space, count, CLOSE + pair)
            back -= 1
        at += 1
    for i in range(here):
        for j in range(i):
            low, high = min(space.here[i], space.here[j]), max(space.here[i], space.here[j])
            count = _add(space, count, TOGETHER + np.int64(low) * CONCEPTS + np.int64(high))
    at = first_word
    while at < words and page.word_units[at] < until:
        word = page.words[at]
        count = _add(space, count, HASHED + np.int64(mix(word) >> U(64 - HASH_BITS)))
        if at > first_word:
            two = mix(word ^ (page.words[at - 1] * U(0x9E3779B97F4A7C15)))
            count = _add(space, count, HASHED + np.int64(two >> U(64 - HASH_BITS)))
        at += 1
    return count
