"""The two loops over texts: features of every window, for training, and the best window's scores, for use."""

from __future__ import annotations

import numpy as np

from stillwatch.intents.labels import LANES
from stillwatch.intents.reading import HIT_UNIT, read
from stillwatch.intents.windows import SIZE, STRIDE, circumstances, collect, window_count
from stillwatch.sketches.kernels import kernel, leaf

LOWEST = np.int32(-(1 << 30))  # the score of a text that is not there


@leaf
def _units(page, hits, words):  # type: ignore[no-untyped-def]
    """Length of a text in units."""
    last = page.word_units[words - 1] if words else 0
    return max(last, page.hits[HIT_UNIT, hits - 1] if hits else 0) + 1


@leaf
def _read_row(texts, row, given, table, trie, marks, page):  # type: ignore[no-untyped-def]
    """Read one text into the page: (hits, words, units, circumstances as bits)."""
    start, end = texts.offsets[row], texts.offsets[row + 1]
    hits, words, _language = read(texts.data, start, end, table, trie, marks[0], marks[1], marks[3], page)
    units = _units(page, hits, words)
    return hits, words, units, circumstances(given[row], units)


@leaf
def _first(places, count, at, unit):  # type: ignore[no-untyped-def]
    """Return the first place at or after `unit`, from `at` on."""
    while at < count and places[at] < unit:
        at += 1
    return at


@kernel
def window_features(texts, given, table, trie, marks, page, space, most):  # type: ignore[no-untyped-def]
    """Return features of every window of every text: (indices, ends, text, first unit).

    `given` are the circumstances of each text as bits, `marks` the numbers (first sign, first form, first
    circumstance, English). Texts beyond `most` windows are cut.
    """
    indices = [np.int32(0) for _i in range(0)]
    ends = [np.int64(0) for _i in range(0)]
    owner = [np.int64(0) for _i in range(0)]
    begins = [np.int64(0) for _i in range(0)]
    for row in range(len(texts.there)):
        hits, words, units, bits = _read_row(texts, row, given, table, trie, marks, page)
        hit, word = 0, 0
        for window in range(min(most, window_count(units))):
            start = window * STRIDE
            hit = _first(page.hits[HIT_UNIT], hits, hit, start)
            word = _first(page.word_units, words, word, start)
            count = collect(page, hits, words, hit, word, start + SIZE, bits, marks[2], space)
            for i in range(count):
                indices.append(space.features[i])  # noqa: PERF401 (a kernel has no extend)
            ends.append(np.int64(len(indices)))
            owner.append(np.int64(row))
            begins.append(np.int64(start))
    return np.array(indices), np.array(ends), np.array(owner), np.array(begins)


@kernel
def best_windows(texts, given, table, trie, marks, weights, bias, page, space, scores, where):  # type: ignore[no-untyped-def]
    """Fill `scores` (n, LANES) with the best window's score for each label and `where` with its first unit.

    Integer sums: the same on every machine. A text that is not there scores LOWEST.
    """
    lanes = np.zeros(LANES, dtype=np.int32)
    for row in range(len(texts.there)):
        scores[row] = LOWEST
        where[row] = 0
        if not texts.there[row] or texts.offsets[row + 1] == texts.offsets[row]:
            continue
        hits, words, units, bits = _read_row(texts, row, given, table, trie, marks, page)
        hit, word = 0, 0
        for window in range(window_count(units)):
            start = window * STRIDE
            hit = _first(page.hits[HIT_UNIT], hits, hit, start)
            word = _first(page.word_units, words, word, start)
            count = collect(page, hits, words, hit, word, start + SIZE, bits, marks[2], space)
            for lane in range(LANES):
                lanes[lane] = bias[lane]
            for i in range(count):
                feature = space.features[i]
                for lane in range(LANES):
                    lanes[lane] += weights[feature, lane]
            for lane in range(LANES):
                if lanes[lane] > scores[row, lane]:
                    scores[row, lane] = lanes[lane]
                    where[row, lane] = start
