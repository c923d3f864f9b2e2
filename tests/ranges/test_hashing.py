"""Hashes of columns and of kernels agree, keep their values for ever, and spread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from stillwatch.ranges.hashing import below, bounded, in_unit, mix, mixed, stream, unit

WORDS = st.integers(0, 2**64 - 1)
MASK = 2**64 - 1


def naive_mix(a: int, b: int) -> int:
    """The definition, in whole numbers."""
    x = ((a ^ (b * 0x9E3779B97F4A7C15 & MASK)) + 0x9E3779B97F4A7C15) & MASK
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & MASK
    return x ^ (x >> 31)


@njit
def _kernel(a, b, n):
    h = mixed(a, b)
    return h, in_unit(h), bounded(h, n)


@settings(deadline=None)  # the first call compiles
@given(WORDS, WORDS, st.integers(1, 2**32 - 1))
def test_columns_and_kernels_agree_with_the_definition(a: int, b: int, n: int) -> None:
    h = naive_mix(a, b)
    column = mix(np.array([a], np.uint64), np.array([b], np.uint64))
    assert column.dtype == np.uint64
    assert column.tolist() == [h] == [int(mix(a, b))]
    hashed, share, under = _kernel(np.uint64(a), np.uint64(b), n)
    assert hashed == h
    assert share == unit(column)[0] == (h >> 11) * 2.0**-53
    assert under == below(column, n)[0] == (h >> 32) * n >> 32
    assert 0 <= share < 1 and 0 <= under < n


def test_the_values_never_change() -> None:
    """Whoever changes these changes every simulated log."""
    assert int(mix(0, 0)) == 16294208416658607535
    assert int(mix(1, 2)) == 17911839290282890590
    assert stream(1, "world", 2) == 8617017602263228438


def test_names_are_kept_apart() -> None:
    seeds = [
        stream(1, "a", "b"),
        stream(1, "ab"),
        stream(1, "a", 1),
        stream(1, "a", "1"),
        stream(2, "a", "b"),
    ]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**64 for seed in seeds)


def test_negative_integers_wrap_and_floats_are_refused() -> None:
    assert mix(-1, 3) == mix(2**64 - 1, 3) == mix(np.int64(-1), 3)
    with pytest.raises(TypeError, match="convert"):
        mix(1.5, 1)


def test_shapes_broadcast() -> None:
    assert mix(np.arange(3)[:, None], np.arange(4)).shape == (3, 4)


def test_neighbours_are_spread_evenly() -> None:
    shares = unit(mix(np.arange(100_000), 7))
    assert abs(shares.mean() - 0.5) < 0.005
    counts = np.bincount(below(mix(3, np.arange(100_000)), 10), minlength=10)
    assert counts.min() > 9_500
