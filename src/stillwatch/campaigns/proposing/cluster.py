"""Clusters by a fixed density: correlation clustering with a constant Potts model.

A cluster is worth keeping together while its links outweigh `density` times its number of pairs (Traag, Van
Dooren & Nesterov 2011, Physical Review E 84). Never bare connected components: one chance link would merge
what it touches. Greedy local moves in a fixed order, then the same on the clusters: deterministic.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

MAX_PASSES = 50


@njit(cache=True)  # type: ignore[untyped-decorator]
def _move(indptr: Any, indices: Any, weights: Any, sizes: Any, density: float, passes: int) -> Any:
    nodes = len(sizes)
    label = np.arange(nodes)
    mass = sizes.copy()
    towards = np.zeros(nodes)
    for _sweep in range(passes):
        moved = False
        for node in range(nodes):
            home = label[node]
            mass[home] -= sizes[node]
            for at in range(indptr[node], indptr[node + 1]):
                if indices[at] != node:
                    towards[label[indices[at]]] += weights[at]
            best, gain = home, towards[home] - density * sizes[node] * mass[home]
            for at in range(indptr[node], indptr[node + 1]):
                there = label[indices[at]]
                value = towards[there] - density * sizes[node] * mass[there]
                if value > gain + 1e-9 or (abs(value - gain) <= 1e-9 and there < best):
                    best, gain = there, value
            for at in range(indptr[node], indptr[node + 1]):
                towards[label[indices[at]]] = 0.0
            label[node] = best
            mass[best] += sizes[node]
            moved = moved or best != home
        if not moved:
            break
    return label


def _dense_labels(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def cluster(nodes: int, a: Ints, b: Ints, weight: Floats, density: float) -> Ints:
    """Return a cluster label for each of `nodes` nodes, shape (nodes,).

    `a`, `b`, `weight` have shape (links,): undirected links, given once each; parallel links add up.
    `density` is the link weight per pair below which a group is not one.
    """
    labels = np.arange(nodes, dtype=np.int64)
    sizes: Floats = np.ones(nodes)
    graph = coo_array((np.tile(weight, 2), (np.r_[a, b], np.r_[b, a])), shape=(nodes, nodes)).tocsr()
    while True:
        graph.sort_indices()
        found = _move(
            graph.indptr.astype(np.int64),
            graph.indices.astype(np.int64),
            graph.data,
            sizes,
            density,
            MAX_PASSES,
        )
        merged = _dense_labels(np.asarray(found))
        clusters = int(merged.max()) + 1 if len(merged) else 0
        if clusters == len(sizes):
            return labels
        labels = merged[labels]
        sizes = np.bincount(merged, weights=sizes, minlength=clusters).astype(np.float64)
        folded = coo_array(graph)
        graph = coo_array(
            (folded.data, (merged[folded.row], merged[folded.col])), shape=(clusters, clusters)
        ).tocsr()
