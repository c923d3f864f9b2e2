"""The generated campaign lies in the log's time, and has what the log could have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from stillwatch.ranges.planting import generate as generation
from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.planting.generate import generate
from stillwatch.ranges.planting.profile import times_of
from stillwatch.ranges.planting.wish import NAME, Wish
from stillwatch.ranges.traffic.scene import Part
from tests.ranges.planting.makers import own_rows, profile_of


def test_it_works_while_the_log_was_written(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, own_rows())
    made = generate(Wish(accounts=8, each=30), profile)
    at = times_of(made.rows)
    assert profile.first <= at.min() and at.max() <= profile.last
    assert len(made.rows) == len(made.plan) == len(made.truth) == 240
    assert set(made.truth["campaign"].to_pylist()) == {NAME}


def test_refused_requests_are_left_out_where_the_log_has_none(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, own_rows())
    made = generate(Wish("trace_cleaners", accounts=3, each=300), profile)
    assert made.refused_left_out > 0
    assert set(made.rows["status"].to_pylist()) == {200}


def test_customers_come_beside_a_shared_harvest(tmp_path: Path) -> None:
    made = generate(Wish(accounts=8, each=30, share=0.5), profile_of(tmp_path, own_rows()))
    harvest = len(made.truth) - made.truth["campaign"].null_count
    assert 180 <= harvest <= 240
    assert 0.3 < harvest / len(made.truth) < 0.7


def test_the_same_wish_gives_the_same_campaign(tmp_path: Path) -> None:
    profile = profile_of(tmp_path, own_rows())
    one, same, other = (generate(Wish(accounts=4, each=10, seed=s), profile).rows for s in (1, 1, 2))
    assert one.equals(same) and not one.equals(other)


def test_a_campaign_without_a_row_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def early(part: Part, *_: object) -> Part:
        return replace(part, options={"days": 0.01, "begin": 0.0})

    monkeypatch.setattr(generation, "within", early)
    profile = profile_of(tmp_path, own_rows())
    profile.first = profile.last
    with pytest.raises(PlantError, match="larger --size"):
        generate(Wish(accounts=1, each=5), profile)
