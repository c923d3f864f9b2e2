"""Positions: within the square, apart from each other, the same every time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.report.layout import circle, place

graphs = st.integers(1, 12).flatmap(
    lambda n: st.tuples(
        st.just(n),
        st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1), st.floats(0.1, 5)), max_size=30),
    )
)


@settings(max_examples=25, deadline=None)
@given(graphs)
def test_nodes_lie_in_the_square_and_the_picture_is_repeatable(graph: tuple) -> None:
    n, edges = graph
    edges = [e for e in edges if e[0] != e[1]]
    points = place(n, edges)
    assert points.shape == (n, 2)
    assert np.isfinite(points).all()
    assert ((points >= -1e-9) & (points <= 1 + 1e-9)).all()
    assert (points == place(n, edges)).all()


def test_what_is_tied_stands_closer_than_what_is_not() -> None:
    edges = [(a, b, 1.0) for group in (range(5), range(5, 10)) for a in group for b in group if a < b]
    points = place(10, [*edges, (0, 5, 0.2)])
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    within = np.mean([apart[a, b] for a, b, _ in edges])
    between = np.mean(apart[:5, 5:])
    assert within < between * 0.6


def test_no_two_nodes_share_a_place() -> None:
    apart = np.linalg.norm(place(30, [])[:, None] - place(30, [])[None], axis=2)
    assert apart[~np.eye(30, dtype=bool)].min() > 0.02


def test_the_circle_starts_at_twelve() -> None:
    assert circle(4)[0].round(6).tolist() == [0, -1]
