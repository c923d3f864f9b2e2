"""Clusters hold together by density; one chance link merges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.proposing.cluster import cluster, groups, objective

Link = tuple[int, int, float]


def clustered(nodes: int, links: list[Link], density: float) -> list[int]:
    """Return the labels."""
    columns = list(zip(*links, strict=True)) or [(), (), ()]
    a, b = (np.array(column, dtype=np.int64) for column in columns[:2])
    return cluster(nodes, a, b, np.array(columns[2], dtype=np.float64), density).tolist()


def together(labels: list[int]) -> set[frozenset[int]]:
    """Return the partition that labels name."""
    return {frozenset(np.flatnonzero(np.array(labels) == label).tolist()) for label in labels}


def quality(labels: list[int], links: list[Link], density: float) -> float:
    """The definition: link weight inside the clusters, less the density's share of their pairs."""
    inside = sum(weight for a, b, weight in links if labels[a] == labels[b])
    sizes = np.bincount(labels)
    return inside - density * float((sizes * (sizes - 1) / 2).sum())


def partitions(nodes: int) -> Iterator[list[int]]:
    """Yield every partition of a few nodes, as labels."""

    def grow(labels: list[int]) -> Iterator[list[int]]:
        if len(labels) == nodes:
            yield labels
            return
        for label in range(max(labels, default=-1) + 2):
            yield from grow([*labels, label])

    yield from grow([])


def clique(first: int, size: int, weight: float = 1.0) -> list[Link]:
    return [(a, b, weight) for a in range(first, first + size) for b in range(a + 1, first + size)]


@st.composite
def graphs(draw: st.DrawFn, most: int = 6) -> tuple[int, list[Link]]:
    nodes = draw(st.integers(2, most))
    pairs = [(a, b) for a in range(nodes) for b in range(a + 1, nodes)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    return nodes, [(a, b, float(draw(st.integers(1, 4)))) for a, b in chosen]


@pytest.mark.parametrize("sizes", [(6, 6), (4, 25), (12, 3)])
def test_two_dense_groups_joined_by_one_chance_link_stay_apart(sizes: tuple[int, int]) -> None:
    one, other = sizes
    links = [*clique(0, one), *clique(one, other), (0, one, 1.0)]
    assert together(clustered(one + other, links, 0.3)) == {
        frozenset(range(one)),
        frozenset(range(one, one + other)),
    }


def test_a_long_chain_is_not_one_group_as_components_would_have_it() -> None:
    links = [(i, i + 1, 1.0) for i in range(199)]
    assert max(len(group) for group in together(clustered(200, links, 0.3))) < 8


def test_a_star_around_one_shared_thing_is_no_group_where_the_leaves_share_nothing() -> None:
    links = [(0, i, 1.0) for i in range(1, 100)]
    assert max(len(group) for group in together(clustered(100, links, 0.3))) < 10


def test_those_without_links_are_alone() -> None:
    assert together(clustered(5, [(1, 3, 1.0)], 0.1)) == {frozenset({1, 3}), *map(frozenset, ({0}, {2}, {4}))}
    assert clustered(4, [], 0.1) == [0, 1, 2, 3]
    assert clustered(0, [], 0.1) == []


@given(graphs(), st.sampled_from([0.02, 0.3, 1.0]))
@settings(max_examples=80, deadline=None)
def test_it_agrees_with_the_best_partition_there_is_in_quality(
    graph: tuple[int, list[Link]], density: float
) -> None:
    nodes, links = graph
    best = max(quality(labels, links, density) for labels in partitions(nodes))
    found = quality(clustered(nodes, links, density), links, density)
    assert found <= best + 1e-9
    assert found >= 0.8 * best - 1e-9


@given(graphs(9), st.sampled_from([0.02, 0.3, 1.0]), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_and_direction_of_links_and_their_splitting_do_not_matter(
    graph: tuple[int, list[Link]], density: float, chance: Random
) -> None:
    nodes, links = graph
    again = [
        link
        for a, b, weight in links
        for link in ([(a, b, weight)] if chance.random() < 0.5 else [(a, b, 1.0)] * int(weight))
    ]
    again = [(b, a, w) if chance.random() < 0.5 else (a, b, w) for a, b, w in again]
    chance.shuffle(again)
    assert clustered(nodes, again, density) == clustered(nodes, links, density)


@given(graphs(9), st.sampled_from([0.3, 1.0]))
@settings(max_examples=40, deadline=None)
def test_no_group_is_worse_than_its_members_apart(graph: tuple[int, list[Link]], density: float) -> None:
    nodes, links = graph
    labels = np.array(clustered(nodes, links, density))
    for label in set(labels.tolist()):
        alone_but_these = [int(label) if labels[i] == label else nodes + i for i in range(nodes)]
        assert quality(alone_but_these, links, density) >= -1e-9


@pytest.mark.parametrize("seed", range(3))
def test_planted_groups_come_back_whatever_the_nodes_are_called(seed: int) -> None:
    chance = Random(seed)
    names = chance.sample(range(60), 60)
    links = [(a, b, 2.0) for g in range(4) for a, b, _w in clique(15 * g, 15) if chance.random() < 0.6]
    links += [(chance.randrange(60), chance.randrange(60), 1.0) for _link in range(10)]
    links = [(names[a], names[b], w) for a, b, w in links if a != b]
    expected = {frozenset(names[15 * g : 15 * g + 15]) for g in range(4)}
    assert together(clustered(60, links, 0.3)) == expected


@given(
    graphs(9),
    st.sampled_from([0.02, 0.3, 1.0]),
    st.lists(st.sampled_from([-1.0, 1.0]), min_size=36, max_size=36),
)
@settings(max_examples=60, deadline=None)
def test_no_sweep_lowers_the_objective_with_links_of_either_sign(
    graph: tuple[int, list[Link]], density: float, signs: list[float]
) -> None:
    nodes, plain = graph
    links = [(a, b, sign * w) for (a, b, w), sign in zip(plain, signs, strict=False)]
    a, b = (np.array([link[i] for link in links], dtype=np.int64) for i in (0, 1))
    weight = np.array([link[2] for link in links], dtype=np.float64)
    reached = objective(np.arange(nodes), a, b, weight, density)
    for passes in range(1, 6):
        labels = cluster(nodes, a, b, weight, density, passes)
        now = objective(labels, a, b, weight, density)
        assert now == pytest.approx(quality(labels.tolist(), links, density))
        assert now >= -1e-9 and (passes > 1 or now >= reached - 1e-9)
        reached = max(reached, now)


def test_who_contradicts_is_kept_apart_from_those_it_has_much_in_common_with() -> None:
    links = [*clique(0, 5), (0, 5, 3.0), (1, 5, -4.0)]
    assert together(clustered(6, links, 0.0)) == {frozenset(range(5)), frozenset({5})}


def test_groups_are_the_members_of_each_label_in_order() -> None:
    labels = np.array([3, 1, 3, 0, 1, 1])
    assert [group.tolist() for group in groups(labels)] == [[1, 4, 5], [0, 2]]
    assert [group.tolist() for group in groups(labels, 3)] == [[1, 4, 5]]
    assert groups(np.zeros(0, dtype=np.int64)) == []
