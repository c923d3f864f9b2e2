"""A release: who was at work in a window after it."""

from __future__ import annotations

import numpy as np

from stillwatch.evidence.adoption import BIN, BINS, Release


def test_who_is_busy_in_a_window_is_who_works_in_a_bin_that_it_lies_in() -> None:
    counts = np.zeros((3, BINS), dtype=np.int64)
    counts[0, 0], counts[1, 2], counts[2, BINS - 1] = 5, 4, 3
    none = np.zeros(3, dtype=np.int64)
    release = Release("new", 1_000.0, np.arange(3), np.full(3, np.inf), none, none, counts)
    assert release.busy(1_000.0, 1_000.0 + BIN - 1).tolist() == [5, 0, 0]
    assert release.busy(1_000.0 + BIN, 1_000.0 + 2 * BIN).tolist() == [0, 4, 0]
    assert release.busy(0.0, 1_000.0 + 99 * BIN).tolist() == [5, 4, 3]
    assert release.busy(1_000.0 + BINS * BIN, 1_000.0 + 99 * BIN).tolist() == [0, 0, 0]
