"""Tokens are counted as the log counts them, and durations are the log's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from stillwatch.ranges.planting import Planted
from stillwatch.ranges.planting.donors import Donors
from stillwatch.ranges.planting.usage import usage
from tests.ranges.planting.makers import own_rows, planted_rows, profile_of


def counted(folder: Path, said: list[int], **own: object) -> dict[str, list[object]]:
    profile = profile_of(folder, own_rows(**own))
    donors = Donors(profile, np.random.default_rng(1))
    client = donors.program("curl/8", None, "x")
    told = profile.sample.take(pa.array([int(donors.rows(client)[0])] * len(said)))
    sizes = (np.array([40] * len(said)), np.array(said))
    made = usage(profile.sample, donors, np.full(len(said), client), sizes, told)
    return {name: column.to_pylist() for name, column in made.items()}


def test_more_text_is_more_tokens(tmp_path: Path) -> None:
    found = counted(tmp_path, [30, 60, 3000])["output_tokens"]
    assert found == sorted(found, key=lambda n: int(str(n)))
    assert 500 < int(str(found[2])) < 1500  # the log has about a token for three bytes


def test_what_the_log_does_not_count_is_not_counted(tmp_path: Path) -> None:
    found = counted(tmp_path, [30], output_tokens=..., duration_ms=...)
    assert found["output_tokens"] == [None] and found["duration_ms"] == [None]
    assert found["input_tokens"] != [None]


def test_durations_are_told_as_finely_as_the_logs(planted: tuple[Path, Planted]) -> None:
    _, new, own = planted_rows(planted[0])
    assert set(new["duration_ms"].to_pylist()) <= set(own["duration_ms"].to_pylist())
