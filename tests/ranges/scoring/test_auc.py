"""The AUC within strata."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.scoring.auc import interval, stratified_auc

rows = st.lists(
    st.tuples(st.integers(0, 5), st.booleans(), st.integers(0, 2), st.integers(0, 3)), max_size=30
)


def naive(cases: list[tuple[int, bool, int, int]]) -> float:
    won = total = 0.0
    for stratum in {c[2] for c in cases}:
        mine = [c for c in cases if c[2] == stratum]
        positives = [(s, w) for s, y, _g, w in mine if y and w]
        negatives = [(s, w) for s, y, _g, w in mine if not y and w]
        if positives and negatives:
            beaten = sum(a * b * ((s > t) + (s == t) / 2) for s, a in positives for t, b in negatives)
            won += beaten / sum(b for _t, b in negatives)
            total += sum(a for _s, a in positives)
    return won / total if total else math.nan


@given(rows)
def test_sorting_agrees_with_comparing_all_pairs(cases: list[tuple[int, bool, int, int]]) -> None:
    columns = [np.array([c[i] for c in cases]) for i in range(4)]
    found = stratified_auc(
        columns[0].astype(float),
        columns[1].astype(bool),
        columns[2].astype(np.int64),
        columns[3].astype(float),
    )
    assert found == pytest.approx(naive(cases), nan_ok=True)


def test_what_tells_the_strata_apart_is_worth_nothing() -> None:
    strata = np.repeat([0, 1], 100)
    positive = np.r_[np.arange(100) < 90, np.arange(100) < 10]
    assert stratified_auc(strata.astype(float), positive, strata) == 0.5
    assert stratified_auc(positive.astype(float), positive, strata) == 1.0


def test_the_interval_covers_and_knows_clusters() -> None:
    random = np.random.default_rng(3)
    clusters = np.repeat(np.arange(60), 20)
    positive = clusters < 30
    scores = np.repeat(random.normal(size=60), 20) + 0.1 * random.normal(size=1200)
    strata = np.zeros(1200, dtype=np.int64)
    low, high = interval(scores, positive, strata, clusters)
    apart = interval(scores, positive, strata, np.arange(1200))
    assert low < stratified_auc(scores, positive, strata) < high
    assert high - low > 2 * (apart[1] - apart[0])
