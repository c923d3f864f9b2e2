"""Templates: heavy shingles that occur in the same exchanges belong to one text.

Shingles are grouped by the similarity of their posting lists (the sets of exchanges they occur in), each
summarised by a few min-hashes; a group around its most frequent shingle (leader clustering at Jaccard >= .5)
is a template, and slots fall away. Never by mere co-occurrence, which merges the world: one shared phrase
would chain unrelated templates together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa
from numba import njit
from numpy.typing import NDArray

HASHES = 16
BAND = 2  # hashes a band; 8 bands find 90 % of pairs at Jaccard .5
# Equal min-hashes: beyond half, two disjoint texts cannot both follow the phrase they share.
NEEDED = HASHES // 2 + 1

Ints = NDArray[np.int64]


@njit(cache=True)  # type: ignore[untyped-decorator]
def _mix(x: np.uint64) -> np.uint64:
    """Finalise 64 bits (splitmix64, Steele et al. 2014); keys are secret already, this only permutes."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _lower_minima(minima: Any, rows: Any, exchanges: Any) -> None:
    for i in range(len(rows)):
        x = np.uint64(exchanges[i])
        for lane in range(minima.shape[1]):
            value = _mix(x + np.uint64(lane + 1) * np.uint64(0x9E3779B97F4A7C15))
            if value < minima[rows[i], lane]:
                minima[rows[i], lane] = value


def posting_minima(batches: Iterable[pa.RecordBatch], shingles: int) -> NDArray[np.uint64]:
    """Return the min-hashes of posting lists, shape (shingles, HASHES), from (row, exchange_key) batches.

    The rows may come in any order and split: a minimum does not mind.
    """
    minima = np.full((shingles, HASHES), np.iinfo(np.uint64).max, dtype=np.uint64)
    for batch in batches:
        _lower_minima(
            minima, batch.column("row").to_numpy().astype(np.int64), batch.column("exchange_key").to_numpy()
        )
    return minima


@njit(cache=True)  # type: ignore[untyped-decorator]
def _lead(order: Any, minima: Any, bands: Any, sorted_rows: Any, starts: Any, ends: Any, needed: int) -> Any:
    leader = np.full(len(order), -1, dtype=np.int64)
    for i in range(len(order)):
        head = order[i]
        if leader[head] >= 0:
            continue
        leader[head] = head
        for band in range(bands.shape[1]):
            for at in range(starts[head, band], ends[head, band]):
                other = sorted_rows[at, band]
                if leader[other] >= 0:
                    continue
                equal = 0
                for lane in range(minima.shape[1]):
                    if minima[head, lane] == minima[other, lane]:
                        equal += 1
                if equal >= needed:
                    leader[other] = head
    return leader


def lead(minima: NDArray[np.uint64], part: Ints, order: Ints) -> Ints:
    """Return for each shingle the row of its leader, shape (shingles,).

    `order` lists the rows from the most to the least frequent; the first of a family leads it. Rows of
    different parts never share a leader.
    """
    rows, count = len(minima), minima.shape[1] // BAND
    bands = np.empty((rows, count), dtype=np.uint64)
    sorted_rows = np.empty((rows, count), dtype=np.int64)
    starts = np.empty((rows, count), dtype=np.int64)
    ends = np.empty((rows, count), dtype=np.int64)
    with np.errstate(over="ignore"):
        for band in range(count):
            key = minima[:, band * BAND].copy()
            for lane in range(1, BAND):
                key = key * np.uint64(0x9E3779B97F4A7C15) + minima[:, band * BAND + lane]
            bands[:, band] = key * np.uint64(2) + part.astype(np.uint64)
            by_key = np.argsort(bands[:, band], kind="stable")
            in_order = bands[by_key, band]
            sorted_rows[:, band] = by_key
            starts[:, band] = np.searchsorted(in_order, bands[:, band], side="left")
            ends[:, band] = np.searchsorted(in_order, bands[:, band], side="right")
    return np.asarray(_lead(order, minima, bands, sorted_rows, starts, ends, NEEDED))
