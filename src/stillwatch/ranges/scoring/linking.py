"""How well accounts are tied to one another: pairwise and B-cubed precision and recall.

Over the accounts that truly attack and those wrongly accused. An account that no campaign holds, truly or as
reported, is alone there. Accounts may be in several campaigns on either side: a pair is linked if it shares one,
and B-cubed is the extended one for overlapping clusters, which equals the original where nothing overlaps.
Everything is counted by signature (the set of true and the set of reported campaigns of an account), never by
pairs of accounts.

Sources: A. Bagga and B. Baldwin, "Entity-based cross-document coreferencing using the vector space model",
COLING-ACL 1998; E. Amigó, J. Gonzalo, J. Artiles and F. Verdejo, "A comparison of extrinsic clustering evaluation
metrics based on formal constraints", Information Retrieval 12 (2009).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from stillwatch.ranges.scoring.database import Database
from stillwatch.ranges.scoring.natures import ACCUSES
from stillwatch.ranges.scoring.shares import harmonic_mean

Labels = tuple[str, ...]
ROWS = 2048  # signatures a block, so that the overlaps of one block fit in memory


@dataclass(frozen=True, slots=True)
class Linking:
    """Pairs and B-cubed; None where there is nothing to divide by."""

    accounts: int
    true_pairs: int
    reported_pairs: int
    right_pairs: int
    bcubed_precision: float | None
    bcubed_recall: float | None

    @property
    def pair_precision(self) -> float | None:
        """Truly linked of the pairs reported as linked."""
        return self.right_pairs / self.reported_pairs if self.reported_pairs else None

    @property
    def pair_recall(self) -> float | None:
        """Reported as linked of the pairs truly linked."""
        return self.right_pairs / self.true_pairs if self.true_pairs else None

    @property
    def bcubed_f1(self) -> float | None:
        """The harmonic mean of B-cubed precision and recall."""
        return harmonic_mean(self.bcubed_precision, self.bcubed_recall)


def linking(database: Database) -> Linking:
    """Return how the accounts of the database's `members` and `held` are linked."""
    rows = database.rows(f"""
        WITH truly AS (
            SELECT account_id, list_sort(list(DISTINCT coalesce(campaign, kind))) AS labels
            FROM members WHERE nature = '{ACCUSES}' GROUP BY account_id),
        accused AS (
            SELECT account_id, list_sort(list(DISTINCT campaign_id)) AS labels
            FROM held SEMI JOIN people USING (account_id) WHERE verdict = '{ACCUSES}' GROUP BY account_id)
        SELECT t.labels AS held_true, a.labels AS held_reported, count(*) AS n
        FROM truly t FULL JOIN accused a USING (account_id) GROUP BY ALL ORDER BY ALL""")
    return link(((tuple(r["held_true"] or ()), tuple(r["held_reported"] or ())), r["n"]) for r in rows)


def link(signatures: Iterable[tuple[tuple[Labels, Labels], int]]) -> Linking:
    """Score accounts given as ((true campaigns, reported campaigns), how many accounts are so).

    An empty set of campaigns means alone. Time grows with the pairs of signatures that share a campaign.
    """
    merged: Counter[tuple[Labels, Labels]] = Counter()
    listed = [(key, n) for key, n in signatures if n]
    crowds = [_crowded([key[side] for key, _n in listed], [n for _key, n in listed]) for side in (0, 1)]
    for key, n in listed:
        merged[_kept(key[0], crowds[0]), _kept(key[1], crowds[1])] += n
    keys, counts = list(merged), np.array(list(merged.values()), dtype=np.int64)
    if not keys:
        return Linking(0, 0, 0, 0, None, None)
    # the labels that hold one account only still count as labels of that account
    sizes = [np.array([max(len(key[side]), 1) for key in keys], dtype=np.int64) for side in (0, 1)]
    return _count(_incidence([k[0] for k in keys]), _incidence([k[1] for k in keys]), counts, sizes)


def _crowded(labels: Sequence[Labels], counts: Sequence[int]) -> set[str]:
    """Return the campaigns with more than one account; an account in a campaign of its own is alone there."""
    sizes: Counter[str] = Counter()
    for held, n in zip(labels, counts, strict=True):
        for label in held:
            sizes[label] += n
    return {label for label, n in sizes.items() if n > 1}


def _kept(labels: Labels, crowded: set[str]) -> Labels:
    """Drop a lone label where it is the only one: what is left is one signature for all who are alone."""
    return () if len(labels) == 1 and labels[0] not in crowded else labels


def _incidence(labels: Sequence[Labels]) -> csr_array:
    """Return signatures × campaigns, 1 where the campaign is in the signature."""
    names = {name: i for i, name in enumerate(sorted({label for held in labels for label in held}))}
    columns = np.array([names[label] for held in labels for label in held], dtype=np.int64)
    starts = np.cumsum([0, *(len(held) for held in labels)], dtype=np.int64)
    shape = (len(labels), max(len(names), 1))
    return csr_array((np.ones(len(columns), dtype=np.int64), columns, starts), shape=shape)


def _count(
    true: csr_array, reported: csr_array, counts: NDArray[np.int64], sizes: Sequence[NDArray[np.int64]]
) -> Linking:
    pairs = np.zeros(3)  # ordered pairs of distinct accounts: truly linked, reported as linked, both
    sums = np.zeros(2)  # of B-cubed precision and recall over accounts
    for start in range(0, len(counts), ROWS):
        rows = slice(start, start + ROWS)
        here, overlaps = counts[rows], [(side[rows] @ side.T).tocsr() for side in (true, reported)]
        both = overlaps[0].minimum(overlaps[1])
        pairs += [here @ _others(_ones(part), counts, start) for part in (*overlaps, both)]
        own = np.minimum(sizes[0][rows], sizes[1][rows])
        for i, side in enumerate(
            (1, 0)
        ):  # precision asks who shares the cluster, recall who shares the truth
            agreed = _others(both.multiply(_inverse(overlaps[side])), counts, start) + own / sizes[side][rows]
            sums[i] += here @ (agreed / (_others(_ones(overlaps[side]), counts, start) + 1))
    total = int(counts.sum())
    return Linking(
        accounts=total,
        true_pairs=round(pairs[0]) // 2,
        reported_pairs=round(pairs[1]) // 2,
        right_pairs=round(pairs[2]) // 2,
        bcubed_precision=float(sums[0] / total),
        bcubed_recall=float(sums[1] / total),
    )


def _others(values: csr_array, counts: NDArray[np.int64], start: int) -> NDArray[np.float64]:
    """Sum a value over all other accounts, for one account of each signature of the block."""
    summed: NDArray[np.float64] = values @ counts - values.diagonal(k=start)[: values.shape[0]]
    return summed


def _ones(values: csr_array) -> csr_array:
    made = values.astype(np.float64)
    made.data[:] = made.data != 0
    return made


def _inverse(values: csr_array) -> csr_array:
    made = values.astype(np.float64)
    made.eliminate_zeros()
    made.data[:] = 1 / made.data
    return made
