"""Donors are rows of the log that could have been the planted ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from stillwatch.ranges.planting.donors import Donors
from tests.ranges.planting.makers import own_rows, profile_of


def donors(folder: Path, rows: list[dict[str, object]]) -> Donors:
    return Donors(profile_of(folder, rows), np.random.default_rng(1))


def test_the_same_software_is_taken_where_the_log_knows_it(tmp_path: Path) -> None:
    found = donors(tmp_path, own_rows())
    client = found.program("curl/7.68.0", None, "direct")
    agents = found.profile.sample["user_agent"].to_pylist()
    assert {agents[i] for i in found.rows(client).tolist()} == {"curl/8.5.0"}
    assert found.program("curl/7.68.0", None, "direct") == client


def test_a_browser_becomes_a_browser(tmp_path: Path) -> None:
    found = donors(tmp_path, own_rows())
    agents = found.profile.sample["user_agent"].to_pylist()
    client = found.program("Mozilla/5.0 (iPhone)", None, "direct")
    assert agents[found.rows(client)[0]].startswith("Mozilla")


def test_models_are_those_of_the_class(tmp_path: Path) -> None:
    found = donors(tmp_path, own_rows())
    client = found.program("Mozilla/5.0 (X11)", None, "direct")
    assert found.model(client, 0) == "small-1"
    assert found.model(client, 0) == found.model(client, 0)


def test_a_row_with_a_system_text_follows_one_with_a_system_text(tmp_path: Path) -> None:
    rows = own_rows(100)
    for row in rows[::10]:
        row["system"] = "Be brief."
    found = donors(tmp_path, rows)
    client = found.program("curl/8", None, "x")
    has = found.profile.sample["has_system"].to_pylist()
    assert has[found.like(client, "big-1", [1, 0, 0], None)]
    assert not has[found.like(client, "big-1", [0, 0, 0], None)]


def test_a_refused_row_follows_a_refused_row_of_its_status(tmp_path: Path) -> None:
    rows = own_rows(100)
    for row, status in zip(rows[:6], [429, 500] * 3, strict=True):
        row["status"] = status
    found = donors(tmp_path, rows)
    status = found.profile.sample["status"].to_pylist()
    client = found.program("curl/8", None, "x")
    assert status[found.like(client, None, [-1] * 3, 500)] == 500


def test_rows_without_words_are_no_donors(tmp_path: Path) -> None:
    rows = own_rows(60)
    for row in rows[:30]:
        row["api"] = "embeddings"
    found = donors(tmp_path, rows)
    api = found.profile.sample["api"].to_pylist()
    assert found.any
    assert {api[i] for c in range(6) for i in found.rows(c).tolist()} == {"chat"}
