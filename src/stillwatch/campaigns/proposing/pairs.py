"""Pairs of accounts worth weighing, from which account has which value, without looking at all pairs.

Each account is compared with the next few that have the same value, in a circle: a value of any size gives a fixed
number of pairs an account. What a pair has in common is then counted exactly, by merging its two lists of values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

REACH = 6  # accounts with the same value that one account is compared with, on either side
VALUES_CAP = 16  # the rarest of an account's values that give it pairs


@dataclass(frozen=True)
class Holdings:
    """Which account has which value, each once: parallel arrays sorted by value, then account."""

    value: Ints
    account: Ints

    @classmethod
    def of(cls, value: Ints, account: Ints) -> Holdings:
        """Return holdings sorted and without repeats."""
        order = np.lexsort((account, value))
        value, account = value[order], account[order]
        new = np.ones(len(value), dtype=bool)
        new[1:] = (np.diff(value) != 0) | (np.diff(account) != 0)
        return cls(value[new], account[new])

    def counted(self) -> tuple[Holdings, Ints]:
        """Return the same with values numbered from 0, and the number of holders of each."""
        _values, code, holders = np.unique(self.value, return_inverse=True, return_counts=True)
        return Holdings(code.astype(np.int64), self.account), holders.astype(np.int64)

    def held(self, keep: NDArray[Any]) -> Holdings:
        """Return the part of them that `keep` chooses, a mask or places in an order of its own."""
        return Holdings(self.value[keep], self.account[keep])

    def rarest(self, holders: Ints, most: int = VALUES_CAP) -> Holdings:
        """Return of each account at most so many values, those with the fewest holders."""
        order = np.lexsort((self.value, holders[self.value], self.account))
        account = self.account[order]
        first = np.flatnonzero(np.r_[True, np.diff(account) != 0]) if len(account) else np.zeros(0, np.int64)
        rank = np.arange(len(account)) - np.repeat(first, np.diff(np.r_[first, len(account)]))
        keep = np.zeros(len(account), dtype=bool)
        keep[order[rank < most]] = True
        return self.held(keep)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _circle(value: Any, account: Any, reach: int) -> Any:
    rows = len(value)
    a, b = np.empty(rows * reach, np.int64), np.empty(rows * reach, np.int64)
    filled, start = 0, 0
    while start < rows:
        end = start
        while end < rows and value[end] == value[start]:
            end += 1
        size = end - start
        steps = min(reach, size // 2)  # a step past half the circle meets nobody new
        for i in range(size):
            for step in range(1, steps + 1):
                if 2 * step == size and i >= step:
                    continue
                one, other = account[start + i], account[start + (i + step) % size]
                a[filled], b[filled] = min(one, other), max(one, other)
                filled += 1
        start = end
    return a[:filled], b[:filled]


def neighbours(holdings: Holdings, accounts: int, reach: int = REACH) -> tuple[Ints, Ints]:
    """Return pairs (a, b) with a < b, each once, sorted: accounts near each other among a value's holders.

    At most `reach` pairs for each holding; all pairs of a value that up to 2 `reach` + 1 accounts have.
    """
    a, b = _circle(holdings.value, holdings.account, reach)
    pair = np.sort(np.asarray(a) * accounts + np.asarray(b))  # sorted: numpy's hashing is slower on so many
    pair = pair[np.r_[True, np.diff(pair) != 0]] if len(pair) else pair
    return pair // max(accounts, 1), pair % max(accounts, 1)


@njit(cache=True)  # type: ignore[untyped-decorator]
def _in_common(first: Any, values: Any, weight: Any, a: Any, b: Any) -> Any:
    count, total = np.zeros(len(a), np.int64), np.zeros(len(a))
    for pair in range(len(a)):
        i, j = first[a[pair]], first[b[pair]]
        while i < first[a[pair] + 1] and j < first[b[pair] + 1]:
            if values[i] == values[j]:
                count[pair] += 1
                total[pair] += weight[values[i]]
                i, j = i + 1, j + 1
            elif values[i] < values[j]:
                i += 1
            else:
                j += 1
    return count, total


def in_common(
    holdings: Holdings, accounts: int, weight: Floats, a: Ints, b: Ints
) -> tuple[Ints, Floats, Ints]:
    """Return for each pair how many values both have, their summed weight, and how many only one of them has.

    Values must be numbered; `weight` has one entry a value.
    """
    order = np.lexsort((holdings.value, holdings.account))
    first = np.searchsorted(holdings.account[order], np.arange(accounts + 1))
    count, total = _in_common(first, holdings.value[order], weight, a, b)
    held = np.diff(first)
    return count, total, held[a] + held[b] - 2 * count
