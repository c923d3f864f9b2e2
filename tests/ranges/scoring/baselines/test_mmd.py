"""The discrepancy against its definition, and what unbiased means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from stillwatch.ranges.scoring.baselines.mmd import discrepancy, kernel, median_scale, within


def sample(seed: int, n: int, shift: float = 0.0) -> NDArray[np.float32]:
    return (np.random.default_rng(seed).normal(size=(n, 5)) + shift).astype(np.float32)


def naive(a: NDArray[np.float32], b: NDArray[np.float32], scale: float) -> float:
    """Gretton et al. (2012), Lemma 6, over each of the four kernels."""

    def k(x: NDArray[np.float32], y: NDArray[np.float32]) -> float:
        squared = float(((x - y) ** 2).sum())
        return sum(float(np.exp(-squared * scale * f)) for f in (0.25, 0.5, 1, 2)) / 4

    m, n = len(a), len(b)
    inner = sum(k(a[i], a[j]) for i in range(m) for j in range(m) if i != j) / (m * (m - 1))
    outer = sum(k(b[i], b[j]) for i in range(n) for j in range(n) if i != j) / (n * (n - 1))
    return inner + outer - 2 * sum(k(x, y) for x in a for y in b) / (m * n)


@given(st.integers(0, 50), st.integers(2, 6), st.integers(2, 6))
def test_matrices_agree_with_the_definition(seed: int, m: int, n: int) -> None:
    a, b, c = sample(seed, m), sample(seed + 100, n, 0.5), sample(seed + 200, 3)
    scale = 0.2
    found = discrepancy(a, [b, c], [within(b, scale), within(c, scale)], scale)
    assert found == pytest.approx((naive(a, b, scale) + naive(a, c, scale)) / 2, abs=1e-5)


def test_it_is_zero_on_average_if_and_only_if_the_samples_are_alike() -> None:
    reference = sample(0, 400)
    scale = median_scale(reference)
    inner = [within(reference, scale)]
    alike = [discrepancy(sample(i, 60), [reference], inner, scale) for i in range(1, 60)]
    apart = [discrepancy(sample(i, 60, 0.5), [reference], inner, scale) for i in range(1, 10)]
    assert abs(np.mean(alike)) < 3 * np.std(alike) / np.sqrt(len(alike)) + 2e-3
    assert min(apart) > max(alike)


def test_edges() -> None:
    same = np.zeros((3, 5), dtype=np.float32)
    assert median_scale(same) == 1.0
    assert kernel(same, same, 1.0) == pytest.approx(np.ones((3, 3)))
    assert np.isnan(within(same[:1], 1.0))
