"""Splitting: what is two is taken apart, what is one is not."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.proposing.splitting import MIN_PART, gain, seams, split

Pair = tuple[int, int]


def knit(members: list[int], share: float, chance: Random) -> list[Pair]:
    """Return pairs of members, each with a chance."""
    return [(a, b) for a in members for b in members if a < b and chance.random() < share]


def parts(members: list[int], pairs: list[Pair]) -> set[frozenset[int]]:
    a, b = (np.array([min(p) if i == 0 else max(p) for p in pairs], dtype=np.int64) for i in (0, 1))
    return {frozenset(part.tolist()) for part in split(np.array(sorted(members)), a, b)}


@pytest.mark.parametrize("sizes", [(8, 8), (6, 30), (12, 12, 12)])
def test_dense_parts_with_few_links_across_are_taken_apart(sizes: tuple[int, ...]) -> None:
    chance, planted, pairs = Random(1), [], []
    for size in sizes:
        first = 10 + sum(len(part) for part in planted)
        planted.append(list(range(first, first + size)))
        pairs += knit(planted[-1], 0.8, chance)
    pairs += [(one[0], other[1]) for one in planted for other in planted if one[0] < other[0]]
    everybody = [account for part in planted for account in part]
    assert parts(everybody, pairs) == {frozenset(part) for part in planted}


@pytest.mark.parametrize("share", [0.06, 0.15, 0.4, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_one_pool_is_left_whole_however_sparsely_it_passes_things(share: float, seed: int) -> None:
    members = list(range(40))
    pairs = sorted({*knit(members, share, Random(seed)), *[(i, i + 1) for i in range(39) if share < 0.1]})
    assert parts(members, pairs) == {frozenset(members)}


@pytest.mark.parametrize("members", [2, 2 * MIN_PART - 1])
def test_a_small_cluster_or_one_without_passing_is_left_whole(members: int) -> None:
    few = list(range(members))
    assert parts(few, [(i, i + 1) for i in range(0, members - 1, 2)]) == {frozenset(few)}
    assert parts(list(range(30)), []) == {frozenset(range(30))}


def test_whoever_hangs_on_an_artefact_alone_keeps_a_cluster_whole() -> None:
    one, other, artefact = list(range(8)), list(range(8, 16)), list(range(16, 19))
    pairs = knit(one, 1.0, Random(1)) + knit(other, 1.0, Random(2))
    assert parts(one + other, pairs) == {frozenset(one), frozenset(other)}
    assert parts(one + other + artefact, pairs) == {frozenset(range(19))}


@given(st.integers(8, 24), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_parts_are_a_partition_into_no_small_ones_whatever_the_names(size: int, seed: int) -> None:
    chance = Random(seed)
    half = size // 2
    pairs = knit(list(range(half)), 0.9, chance) + knit(list(range(half, size)), 0.9, chance)
    found = parts(list(range(size)), pairs)
    assert sorted(i for part in found for i in part) == list(range(size))
    assert len(found) == 1 or min(len(part) for part in found) >= MIN_PART
    names = {i: 100 + 3 * i for i in range(size)}
    renamed = parts(list(names.values()), [(names[a], names[b]) for a, b in pairs])
    assert renamed == {frozenset(names[i] for i in part) for part in found}


def test_seams_tell_two_knots_apart_though_some_belong_to_neither() -> None:
    one, other, few = list(range(8)), list(range(8, 16)), [16, 17]
    pairs = [*knit(one, 1.0, Random(1)), *knit(other, 1.0, Random(2)), (16, 17)]
    a, b = (np.array(side) for side in zip(*pairs, strict=True))
    assert [part.tolist() for part in seams(np.arange(18), a, b)] == [one, other]
    assert parts(one + other + few, pairs) == {frozenset(range(18))}


@pytest.mark.parametrize("seed", range(4))
def test_a_core_and_its_fringe_are_one(seed: int) -> None:
    chance = Random(seed)
    core, fringe = list(range(20)), list(range(20, 40))
    pairs = knit(core, 0.7, chance) + [(chance.choice(core), other) for other in fringe for _link in range(2)]
    assert parts(core + fringe, sorted(set(pairs))) == {frozenset(range(40))}


def test_the_gain_of_the_whole_is_no_gain_and_that_of_noise_is_a_loss() -> None:
    chance = Random(3)
    pairs = knit(list(range(30)), 0.3, chance)
    a, b = (np.array(side) for side in zip(*pairs, strict=True))
    assert gain(np.zeros(30, dtype=np.int64), a, b) < 0
    for _try in range(50):
        labels = np.array([chance.randrange(2) for _account in range(30)])
        assert gain(np.unique(labels, return_inverse=True)[1], a, b) < 0
