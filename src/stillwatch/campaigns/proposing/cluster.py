"""Correlation clustering: accounts are put together while their links outweigh what their unlinked pairs speak against.

The objective is the sum of the link weights inside the clusters, less `density` for every pair inside one: a constant
Potts model (Traag, Van Dooren & Nesterov 2011, Physical Review E 84); with weights of log odds and `density` the log
odds that an unlinked pair loses, it is correlation clustering (Bansal, Blum & Chawla 2004, Machine Learning 56).
Never bare connected components: one chance link would merge what it touches. Greedy local moves in a fixed order,
then the same on the clusters: deterministic, and no move lowers the objective.
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


def objective(labels: Ints, a: Ints, b: Ints, weight: Floats, density: float) -> float:
    """Return the link weight inside the clusters less `density` for every pair inside one."""
    sizes = np.unique(labels, return_counts=True)[1].astype(np.float64)
    return float(weight[labels[a] == labels[b]].sum() - density * (sizes * (sizes - 1) / 2).sum())


def cluster(nodes: int, a: Ints, b: Ints, weight: Floats, density: float, passes: int = MAX_PASSES) -> Ints:
    """Return a cluster label for each of `nodes` nodes, shape (nodes,).

    `a`, `b`, `weight` have shape (links,): undirected links, given once each, of either sign; parallel links add up.
    `density` is the link weight per pair below which a group is not one. `passes` bounds the sweeps of each level.
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
            passes,
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


def groups(labels: Ints, least: int = 2) -> list[Ints]:
    """Return the members of each cluster of `least` or more, sorted, in the order of the labels."""
    order = np.argsort(labels, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return [np.sort(part) for part in parts if len(part) >= least]
