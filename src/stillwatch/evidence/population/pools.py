"""Pools: the users of one request form, as the unit of what honest users of one thing have in common.

Two forms of one tool have the same users; only one pool of such is kept, so that no tool counts twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stillwatch.evidence.population.observed import Ints, Streams

LEAST = 8  # accounts
MOST = 400  # pools
ALIKE = 0.5  # Jaccard similarity of users, from which two forms are one tool


@dataclass(frozen=True)
class Pool:
    """The users of one request form, sorted, and what each sent of it."""

    workload: int
    accounts: Ints
    loads: Ints


def _candidates(streams: Streams) -> list[Pool]:
    rows = np.flatnonzero(streams.templated)
    rows = rows[np.lexsort((streams.account[rows], streams.workload[rows]))]
    edges = np.flatnonzero(np.diff(streams.workload[rows])) + 1
    parts = [part for part in np.split(rows, edges) if len(part) >= LEAST]
    found = [Pool(int(streams.workload[p[0]]), streams.account[p], streams.exchanges[p]) for p in parts]
    # by what was seen, not by the number of the workload, which depends on the deployment's secret
    return sorted(
        found, key=lambda pool: (-len(pool.accounts), -int(pool.loads.sum()), pool.accounts.tobytes())
    )


def pools_of(streams: Streams) -> list[Pool]:
    """Return pools of distinct users, those of the most users first, `MOST` at most."""
    kept: list[Pool] = []
    of_account: dict[int, list[int]] = {}
    for pool in _candidates(streams):
        users = pool.accounts.tolist()
        common = Counter(number for account in users for number in of_account.get(account, ()))
        if any(n >= ALIKE * (len(users) + len(kept[i].accounts) - n) for i, n in common.items()):
            continue
        for account in users:
            of_account.setdefault(account, []).append(len(kept))
        kept.append(pool)
        if len(kept) == MOST:
            break
    return kept


def other_work(streams: Streams, pool: Pool) -> tuple[Ints, NDArray[np.int64]]:
    """Return (row of the pool, index of the stream) of what the pool's users did besides, in the streams' order."""
    first = np.searchsorted(streams.account, pool.accounts)
    counts = np.searchsorted(streams.account, pool.accounts, side="right") - first
    row = np.repeat(np.arange(len(counts)), counts)
    at = (
        np.arange(int(counts.sum()))
        - np.repeat(np.cumsum(counts) - counts, counts)
        + np.repeat(first, counts)
    )
    other = streams.workload[at] != pool.workload
    return row[other], at[other]


def splits(streams: Streams) -> Iterator[tuple[Pool, Ints, NDArray[np.int64]]]:
    """Yield every pool with the rows and streams of its users' other work."""
    for pool in pools_of(streams):
        yield pool, *other_work(streams, pool)
