"""Reading of traces written here in their format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.ranges.arrivals.traces import (
    ARRIVALS,
    AZURE,
    LENGTHS,
    MOONCAKE,
    client_arrivals,
    client_lengths,
    pair,
    turn_gaps,
    weighted_quantiles,
)


def write(folder: Path, file: str, **columns: list[object]) -> None:
    pq.write_table(pa.table(columns), folder / file)


def test_windows_stand_by_client_and_a_short_client_ends_in_nothing(tmp_path: Path) -> None:
    write(
        tmp_path, ARRIVALS,
        model=["b", "b", "a"], client_id=[3, 3, 10], window_start_s=[0, 600, 0],
        rate_rps=[1.0, 2.0, 0.5], cv=[1.5, 0.0, 3.0], dist=["Gamma", "", "Weibull"],
    )  # fmt: skip
    found = client_arrivals(tmp_path)
    assert found.name == ("a/0010", "b/0003")
    assert found.rate[1].tolist() == [1.0, 2.0]
    assert found.family.tolist() == [[1, -1], [0, -1]]
    assert found.count[0, 0] == 300
    assert found.whole.tolist() == [False, True]
    assert found.only(found.whole).name == ("b/0003",)


def test_histograms_of_windows_are_pooled_by_their_requests(tmp_path: Path) -> None:
    rows = [
        ("input_tokens", 30, [10, 20], [1, 1]),
        ("input_tokens", 10, [40], [7]),
        ("output_tokens", -1, [5], [1_000_000]),
    ]
    write(
        tmp_path, LENGTHS,
        model=["m"] * 3, client_id=[1] * 3, field=[r[0] for r in rows], n_requests=[r[1] for r in rows],
        bins=[r[2] for r in rows], counts=[r[3] for r in rows],
    )  # fmt: skip
    found = client_lengths(tmp_path, np.array([0.2, 0.5, 0.9]))
    assert found.asked.tolist() == [[10.0, 20.0, 40.0]]
    assert found.said.tolist() == [[5.0, 5.0, 5.0]]


def test_a_request_that_begins_with_an_earlier_ones_blocks_continues_it(tmp_path: Path) -> None:
    blocks = [[1, 2, 3], [1, 9, 8], [1, 2, 4, 5], [1, 9, 7]]
    write(tmp_path, MOONCAKE, timestamp=[0, 1_000, 61_000, 91_000], hash_ids=blocks)
    assert turn_gaps(tmp_path).tolist() == [61.0, 90.0]


def test_pairs_come_as_numbers(tmp_path: Path) -> None:
    write(tmp_path, AZURE, input_tokens=[1, 2], output_tokens=[3, 4])
    asked, said = pair(tmp_path, AZURE, "input_tokens", "output_tokens")
    assert (asked.tolist(), said.tolist()) == ([1.0, 2.0], [3.0, 4.0])


def test_an_absent_trace_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="--traces"):
        client_arrivals(tmp_path)


def test_weighted_quantiles_reach_the_level() -> None:
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    assert weighted_quantiles(values, weights, np.array([0.1, 0.5, 0.99])).tolist() == [1.0, 2.0, 3.0]
