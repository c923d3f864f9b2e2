"""Splitting: a cluster that is better told as several is taken apart.

A clustering at one density for all merges two dense groups that few links join. What a cluster's own links say is
weighed as a stochastic block model (Holland, Laskey & Leinhardt 1983, Social Networks 5): pairs are linked at one
rate inside each part and at another across, against one rate for all, and the parts have to pay for naming them.
Links are what passed between two accounts: of an artefact's holders only neighbours are compared, which would look
like seams. Whoever hangs on an artefact alone keeps the cluster whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from stillwatch.campaigns.proposing.cluster import cluster
from stillwatch.campaigns.traffic import among

Ints = NDArray[np.int64]

MIN_PART = 4  # accounts: a smaller part is not told from a chance knot
SHARPNESS = (0.1, 0.3, 1.0, 3.0)  # of the cluster's own density: where it is looked for seams


def _log_likelihood(links: float, pairs: float) -> float:
    """Return the greatest log-likelihood of so many linked ones among independent pairs."""
    if links <= 0 or links >= pairs:
        return 0.0
    rate = links / pairs
    return links * math.log(rate) + (pairs - links) * math.log1p(-rate)


def gain(labels: Ints, a: Ints, b: Ints) -> float:
    """Return by how many nats the parts explain the links better than one whole, the price of naming them paid.

    `a`, `b` are positions in `labels` of linked pairs, each once. The price: which part each account is in, and half
    the log of the number of pairs for each rate beyond the first (Schwarz 1978, Annals of Statistics 6).
    """
    sizes = np.bincount(labels).astype(np.float64)
    pairs = len(labels) * (len(labels) - 1) / 2
    inside = labels[a] == labels[b]
    within = np.bincount(labels[a][inside], minlength=len(sizes))
    own = sizes * (sizes - 1) / 2
    parts = sum(_log_likelihood(float(k), float(n)) for k, n in zip(within, own, strict=True))
    across = _log_likelihood(float((~inside).sum()), float(pairs - own.sum()))
    shares = sizes / len(labels)
    naming = -float((sizes * np.log(shares)).sum()) + 0.5 * len(sizes) * math.log(max(pairs, 2.0))
    return parts + across - _log_likelihood(float(len(a)), pairs) - naming


def _seams(size: int, a: Ints, b: Ints) -> Iterator[Ints]:
    """Yield labels of two parts or more in which a cluster might fall, -1 for those too few to be a part."""
    density = len(a) / (size * (size - 1) / 2)
    for factor in SHARPNESS:
        labels = cluster(size, a, b, np.ones(len(a)), factor * density)
        large = np.bincount(labels)[labels] >= MIN_PART
        labels[large] = np.unique(labels[large], return_inverse=True)[1]
        labels[~large] = -1
        if labels.max() > 0:
            yield labels


def _gain_of_parts(labels: Ints, a: Ints, b: Ints) -> float:
    """Return the gain among those that belong to a part: a fringe is no part, and would pass for one."""
    kept = labels >= 0
    place = np.cumsum(kept) - 1
    both = kept[a] & kept[b]
    return gain(labels[kept], place[a[both]], place[b[both]])


def seams(members: Ints, a: Ints, b: Ints) -> list[Ints]:
    """Return the parts that explain the links of a cluster best, without those that belong to none.

    One part alone, the cluster: it is best told as a whole. Arguments as for `split`.
    """
    if len(members) < 2 * MIN_PART or not len(a):
        return [members]
    i, j = np.searchsorted(members, a), np.searchsorted(members, b)
    ways = [
        (_gain_of_parts(labels, i, j), -at, labels) for at, labels in enumerate(_seams(len(members), i, j))
    ]
    best = max(ways, key=lambda way: way[:2], default=None)
    if best is None or best[0] <= 0:
        return [members]
    return [members[best[2] == label] for label in range(int(best[2].max()) + 1)]


def split(members: Ints, a: Ints, b: Ints) -> list[Ints]:
    """Return the parts of a cluster that explain its links best, or the cluster itself where some belong to none.

    `members` is sorted; `a`, `b` are the accounts of the linked pairs inside it, each pair once.
    """
    parts = seams(members, a, b)
    if len(parts) < 2 or sum(map(len, parts)) < len(members):
        return [members]
    found = []
    for part in parts:
        inside = among(part, a) & among(part, b)
        found += split(part, a[inside], b[inside])
    return found
