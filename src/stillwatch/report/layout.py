"""Places a group's nodes in the plane: the same picture for the same group, on every machine.

Fruchterman & Reingold (1991), "Graph drawing by force-directed placement", Software: Practice and
Experience 21(11), started from a circle in the order given instead of at random.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]

ROUNDS = 240


def circle(n: int) -> Points:
    """Return n points on the unit circle, shape (n, 2), the first at twelve o'clock."""
    angle = np.arange(n) / max(n, 1) * 2 * np.pi - np.pi / 2
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def place(n: int, edges: list[tuple[int, int, float]]) -> Points:
    """Return positions of n nodes within the unit square [0, 1]², shape (n, 2).

    `edges` are (a, b, weight) with weight > 0: heavier edges pull their ends closer. Cost is O(n²) per
    round; meant for up to a hundred nodes.
    """
    points = np.array([[-1.0, 0.0], [1.0, 0.0]]) if n == 2 else circle(n)
    if n > 2:
        pull = np.zeros((n, n))
        for a, b, weight in edges:
            pull[a, b] += weight
            pull[b, a] += weight
        # a dense group would collapse into its middle: hold the mean pull on a node at that of a sparse one
        pull *= min(1.0, 3.0 / max(float(pull.sum(axis=1).mean()), 1e-9))
        ideal = 1.6 / np.sqrt(n)
        for step in range(ROUNDS):
            points = points + _moves(points, pull, ideal, 0.12 * (1 - step / ROUNDS))
    return _fit(points)


def _moves(points: Points, pull: Points, ideal: float, reach: float) -> Points:
    away = points[:, None, :] - points[None, :, :]
    distance = np.sqrt((away**2).sum(axis=2))
    np.fill_diagonal(distance, 1.0)
    distance = np.maximum(distance, 1e-3)
    strength = (ideal / distance) ** 2 - pull * distance / ideal
    np.fill_diagonal(strength, 0.0)
    force = (away * (strength * ideal / distance)[:, :, None]).sum(axis=1) - 0.9 * ideal * points
    length = np.maximum(np.sqrt((force**2).sum(axis=1, keepdims=True)), 1e-9)
    moves: Points = force / length * np.minimum(length, reach)
    return moves


def _fit(points: Points) -> Points:
    """Stretch to the unit square, each direction for itself but never by more than double the other."""
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.maximum(high - low, 1e-9)
    extent = np.maximum(extent, extent.max() / 2)
    fitted: Points = (points - (low + high) / 2) / extent + 0.5
    return fitted
